import { X } from 'lucide-react';
import type { DeliveryFilters } from '../../logic/filters.js';
import type { Webhook } from '../../queries.js';

const NAMES = { reason: 'Reason', webhook_id: 'Endpoint', event_id: 'Event', trigger: 'Trigger' } as const;
const FILTERS = ['reason', 'webhook_id', 'event_id', 'trigger'] as const;

/** Filters that a link has set, and that have no field. */
export function MoreFilters({
  filters,
  endpoints,
  onClear,
}: {
  filters: DeliveryFilters;
  endpoints: readonly Webhook[] | undefined;
  onClear: (name: (typeof FILTERS)[number]) => void;
}) {
  const set = FILTERS.filter((name) => filters[name] !== undefined);
  if (set.length === 0) return null;
  return (
    <ul className="chips" aria-label="More filters">
      {set.map((name) => {
        const value = filters[name] ?? '';
        const text =
          name === 'webhook_id' ? (endpoints?.find(({ id }) => id === value)?.url ?? value) : value;
        return (
          <li key={name} className="chip">
            {NAMES[name]}: {text}
            <button
              type="button"
              className="icon-button"
              aria-label={`Clear ${NAMES[name]}`}
              onClick={() => onClear(name)}
            >
              <X aria-hidden size={13} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}
