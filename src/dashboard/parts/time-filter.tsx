import { useId, useState } from 'react';
import { serverClock } from '../api.js';
import { absolute, timeFrom } from '../logic/times.js';

/** A time that a person writes, as the address has it. It is taken when Enter is pressed or the field is left. */
function TimeFilter({
  name,
  placeholder,
  value,
  onChange,
}: {
  name: string;
  placeholder: string;
  /** ISO 8601. */
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const id = useId();
  const [text, setText] = useState(() => textOf(value));
  const [isWrong, setIsWrong] = useState(false);
  const [seen, setSeen] = useState(value);
  if (value !== seen) {
    setSeen(value);
    setText(textOf(value));
    setIsWrong(false);
  }

  const take = () => {
    if (text === textOf(value)) return;
    const time = text.trim() === '' ? undefined : timeFrom(text, serverClock.now());
    setIsWrong(time === null);
    if (time !== null) onChange(time === undefined ? undefined : new Date(time).toISOString());
  };
  return (
    <div className="filter">
      <label htmlFor={id}>{name}</label>
      <input
        id={id}
        value={text}
        placeholder={placeholder}
        autoComplete="off"
        aria-invalid={isWrong}
        aria-describedby={isWrong ? `${id}-error` : undefined}
        onChange={({ target }) => setText(target.value)}
        onBlur={take}
        onKeyDown={({ key }) => {
          if (key === 'Enter') take();
        }}
      />
      {isWrong && (
        <p id={`${id}-error`} className="field-error">
          Write a time like 2026-11-30 12:00, 12:00, or 2 h.
        </p>
      )}
    </div>
  );
}

function textOf(value: string | undefined): string {
  const time = value === undefined ? NaN : Date.parse(value);
  return Number.isNaN(time) ? (value ?? '') : absolute(time);
}

/** The two ends of a time, as a list's filters have them. */
export function TimeFilters({
  filters: { since, until },
  set,
}: {
  filters: { readonly since?: string | undefined; readonly until?: string | undefined };
  set: (name: 'since' | 'until', value: string | undefined) => void;
}) {
  return (
    <>
      <TimeFilter
        name="From"
        placeholder="2 h, 12:00, …"
        value={since}
        onChange={(value) => set('since', value)}
      />
      <TimeFilter name="Until" placeholder="now" value={until} onChange={(value) => set('until', value)} />
    </>
  );
}
