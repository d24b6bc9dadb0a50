import { useId, type ReactNode } from 'react';

/** Filters in a row, above what they filter. */
export function FilterBar({
  isFiltered,
  onClear,
  end,
  children,
}: {
  isFiltered: boolean;
  onClear: () => void;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <form className="filters" role="search" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      {children}
      <button type="button" className="quiet" disabled={!isFiltered} onClick={onClear}>
        Clear filters
      </button>
      {end}
    </form>
  );
}

/** A choice of one value, or any. */
export function FilterSelect({
  name,
  any,
  value,
  options,
  onChange,
}: {
  name: string;
  /** What no choice is called. */
  any: string;
  value: string | undefined;
  options: readonly (string | { value: string; name: string })[];
  onChange: (value: string | undefined) => void;
}) {
  const id = useId();
  const listed = options.map((option) =>
    typeof option === 'string' ? { value: option, name: option } : option,
  );
  const isListed = value === undefined || listed.some((option) => option.value === value);
  return (
    <div className="filter">
      <label htmlFor={id}>{name}</label>
      <select id={id} value={value ?? ''} onChange={({ target }) => onChange(target.value || undefined)}>
        <option value="">{any}</option>
        {listed.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
        {!isListed && <option value={value}>{value}</option>}
      </select>
    </div>
  );
}
