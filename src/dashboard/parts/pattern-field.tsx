import { useId, useState } from 'react';

/** Adds an event type that is not in the list, or a pattern. */
export function PatternField({ onAdd }: { onAdd: (pattern: string) => void }) {
  const [pattern, setPattern] = useState('');
  const id = useId();
  const add = () => {
    if (pattern.trim() === '') return;
    onAdd(pattern.trim());
    setPattern('');
  };
  return (
    <div className="field pattern-field">
      <label htmlFor={id}>Another event type or pattern</label>
      <div className="secret-row">
        <input
          id={id}
          className="mono"
          placeholder="order.*"
          autoComplete="off"
          spellCheck={false}
          value={pattern}
          onChange={({ target }) => setPattern(target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            // Enter adds the pattern, and does not send the form.
            event.preventDefault();
            add();
          }}
        />
        <button type="button" onClick={add} disabled={pattern.trim() === ''}>
          Add
        </button>
      </div>
    </div>
  );
}
