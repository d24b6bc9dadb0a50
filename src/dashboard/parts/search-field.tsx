import { Search } from 'lucide-react';

/** What narrows a list while it is typed. Its name says what it finds. */
export function SearchField({
  name,
  value,
  onChange,
}: {
  name: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <label className="search">
      <Search aria-hidden size={15} />
      <input
        type="search"
        aria-label={name}
        placeholder={name}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    </label>
  );
}
