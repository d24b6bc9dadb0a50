import type { components } from '../../../client/index.js';
import { count, counted } from '../../logic/stats.js';
import { duration } from '../../logic/times.js';
import { Time } from '../../parts/time.js';

/** What a recovery would deliver. */
export function RecoveryPreview({ preview }: { preview: components['schemas']['RecoveryPreview'] }) {
  const types = Object.entries(preview.by_event_type).toSorted(([, one], [, other]) => other - one);
  return (
    <>
      <p>
        <strong>{counted(preview.total, 'event')}</strong>
        {preview.total > 0 && `, begun in about ${duration(preview.seconds_at_drain_rate * 1_000)}`}
      </p>
      {types.length > 0 && <p>{types.map(([type, number]) => `${type} ${count(number)}`).join(' · ')}</p>}
      {preview.oldest !== null && preview.newest !== null && (
        <p>
          The first <Time at={preview.oldest} as="absolute" />, the last{' '}
          <Time at={preview.newest} as="absolute" />
        </p>
      )}
      {preview.skipped_open > 0 && (
        <p>
          {counted(preview.skipped_open, 'event')} are left out: their delivery to this endpoint is still
          open.
        </p>
      )}
    </>
  );
}
