import { Time } from '../../parts/time.js';
import type { DeliveryWithAttempts } from '../../queries.js';

/** The attempts that would follow if each failed. */
export function ScheduleAhead({ ahead }: { ahead: DeliveryWithAttempts['schedule_ahead'] }) {
  if (ahead.length === 0) return null;
  return (
    <details className="ahead">
      <summary>
        {ahead.length === 1 ? 'One attempt is ahead' : `Up to ${ahead.length} attempts are ahead`}
      </summary>
      <ol>
        {ahead.map(({ number, at }) => (
          <li key={number}>
            Attempt {number}: <Time at={at} as="both" />
          </li>
        ))}
      </ol>
    </details>
  );
}
