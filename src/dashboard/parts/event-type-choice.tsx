import { useId, useState } from 'react';
import {
  EVERYTHING,
  groupsOf,
  groupsWith,
  isChosen,
  isGroupChosen,
  withEverything,
  withGroup,
  withType,
  type EventTypeGroup,
} from '../logic/event-type-groups.js';
import { SearchField } from './search-field.js';
import { PatternField } from './pattern-field.js';

/** Which events an endpoint gets: all, groups, or single types. */
export function EventTypeChoice({
  id,
  types,
  chosen,
  error,
  onChange,
}: {
  id: string;
  /** The application's event types. */
  types: readonly string[];
  chosen: readonly string[];
  error: string | null;
  onChange: (patterns: string[]) => void;
}) {
  const [filter, setFilter] = useState('');
  const errorId = useId();
  const all = groupsOf(types);
  const shown = groupsWith(all, filter);
  const known = new Set(all.flatMap((group) => [group.pattern, ...group.types]));
  const others = chosen.filter((pattern) => pattern !== EVERYTHING && !known.has(pattern));

  return (
    <fieldset
      id={id}
      className="event-types"
      tabIndex={-1}
      aria-invalid={error !== null}
      aria-describedby={error === null ? undefined : errorId}
    >
      <legend className="legend">Events</legend>
      <label className="check">
        <input
          type="checkbox"
          checked={chosen.includes(EVERYTHING)}
          onChange={({ target }) => onChange(withEverything(target.checked))}
        />
        All events
      </label>
      {types.length > 0 && <SearchField name="Filter events" value={filter} onChange={setFilter} />}
      {types.length > 0 && shown.length === 0 && <p className="muted">No event type has that in its name.</p>}
      <div className="event-groups">
        {shown.map((group) => (
          <Group key={group.name} group={group} all={all} chosen={chosen} onChange={onChange} />
        ))}
        {others.map((pattern) => (
          <label key={pattern} className="check">
            <input
              type="checkbox"
              checked
              onChange={() => onChange(chosen.filter((each) => each !== pattern))}
            />
            {pattern}
          </label>
        ))}
      </div>
      <PatternField
        onAdd={(pattern) =>
          onChange([...new Set([...chosen.filter((each) => each !== EVERYTHING), pattern])])
        }
      />
      {error !== null && (
        <p id={errorId} className="field-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function Group({
  group,
  all,
  chosen,
  onChange,
}: {
  group: EventTypeGroup;
  all: readonly EventTypeGroup[];
  chosen: readonly string[];
  onChange: (patterns: string[]) => void;
}) {
  // While a filter hides some of them, the group is still the whole group.
  const whole = all.find(({ name }) => name === group.name) ?? group;
  return (
    <div className="event-group">
      {(whole.types.length > 1 || whole.types[0] !== whole.name) && (
        <label className="check group-check">
          <input
            type="checkbox"
            checked={isGroupChosen(chosen, whole)}
            onChange={({ target }) => onChange(withGroup(chosen, all, whole, target.checked))}
          />
          All {group.name} events
        </label>
      )}
      {group.types.map((type) => (
        <label key={type} className="check">
          <input
            type="checkbox"
            checked={isChosen(chosen, type)}
            onChange={({ target }) => onChange(withType(chosen, all, type, target.checked))}
          />
          {type}
        </label>
      ))}
    </div>
  );
}
