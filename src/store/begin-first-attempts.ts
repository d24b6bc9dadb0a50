import { dayOfDelivery } from './partitions.js';
import type { Queryable } from './pool.js';

/** A delivery that has just been opened, and its endpoint's state as it is known. */
export interface FirstToBegin {
  readonly deliveryId: string;
  readonly endpointUpdatedAt: Date;
}

/**
 * Marks first attempts as begun, before anything is sent: of deliveries of one day that have just been opened, whose
 * endpoints are as they were then and have met no rule.
 * @returns the ids of those that were still to be begun
 */
export async function beginFirstAttempts(
  db: Queryable,
  first: readonly [FirstToBegin, ...FirstToBegin[]],
  now: Date,
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    `with open as (
       select d.id from deliveries d
       join unnest($2::uuid[], $3::timestamptz[]) as given (id, endpoint_updated_at) on given.id = d.id
       join endpoints e on e.id = d.endpoint_id
       where d.day = $1 and d.status = 'pending' and d.attempt_count = 0 and not d.held
         and e.updated_at = given.endpoint_updated_at and e.tripped is null
       order by d.id for update of d
     )
     update deliveries d set status = 'processing', attempt_count = 1, attempt_started_at = $4
     from open where d.day = $1 and d.id = open.id
     returning d.id`,
    [
      dayOfDelivery(first[0].deliveryId),
      first.map(({ deliveryId }) => deliveryId),
      first.map(({ endpointUpdatedAt }) => endpointUpdatedAt),
      now,
    ],
  );
  return new Set(rows.map(({ id }) => id));
}
