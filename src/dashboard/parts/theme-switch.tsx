import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';

const THEMES = [
  { name: 'System', value: 'system', Icon: Monitor },
  { name: 'Light', value: 'light', Icon: Sun },
  { name: 'Dark', value: 'dark', Icon: Moon },
] as const;

/** Read again before the first paint by public/theme.js. */
const KEPT_AS = 'posthorn.theme';

export function ThemeSwitch() {
  const [theme, setTheme] = useState<string>(document.documentElement.dataset.theme ?? 'system');

  const choose = (value: string) => {
    setTheme(value);
    keepTheme(value);
  };

  return (
    <div className="segments" role="radiogroup" aria-label="Theme">
      {THEMES.map(({ name, value, Icon }) => (
        <label key={value} title={name}>
          <input
            type="radio"
            name="theme"
            value={value}
            aria-label={name}
            checked={theme === value}
            onChange={() => choose(value)}
          />
          <Icon aria-hidden size={15} />
        </label>
      ))}
    </div>
  );
}

function keepTheme(value: string): void {
  if (value === 'system') {
    localStorage.removeItem(KEPT_AS);
    delete document.documentElement.dataset.theme;
  } else {
    localStorage.setItem(KEPT_AS, value);
    document.documentElement.dataset.theme = value;
  }
}
