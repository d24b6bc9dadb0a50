import { OPERATIONAL_EVENTS } from '../../domain/operational-events.js';
import { subscriptionRegex } from '../../domain/event-type.js';
import { spansOldestFirst, type DaySpan } from '../database/day-spans.js';
import type { Position } from '../../domain/page.js';
import type { Day } from '../../domain/day.js';
import { onlyRow, type Queryable } from '../database/pool.js';
import type { RecoveryJob } from './recovery-jobs.js';

/**
 * Which events a recovery has delivered. `failed`: those whose latest delivery to the endpoint failed for good;
 * `missing`: those of a type that it subscribes to, without a delivery to it; `all`: both of these, and the delivered
 * ones. Never one with a delivery to it that is open, or made by this very recovery; never tests and Posthorn's own.
 */

type Search = Pick<RecoveryJob, 'id' | 'appId' | 'endpointId' | 'since' | 'until' | 'choice'>;

/** The first six parameters of every statement here. */
function parametersOf(search: Search, eventTypes: readonly string[]): unknown[] {
  const { id, appId, endpointId, choice } = search;
  return [appId, endpointId, id, choice, subscriptionRegex(eventTypes), OPERATIONAL_EVENTS];
}

/** What there is of deliveries of the event `e`. @param days restricts the days that it is looked for in */
const made = (days: string) => `lateral (
    select coalesce(bool_or(d.trigger in ('test', 'operational')), false) as internal,
      coalesce(bool_or(d.completed_at is null) filter (where d.endpoint_id = $2), false) as open,
      coalesce(bool_or(d.job_id = $3), false) as recovered,
      (array_agg(d.status order by d.created_at desc, d.id desc) filter (where d.endpoint_id = $2))[1] as latest
    from deliveries d where d.day = e.day and d.app_id = e.app_id and d.event_id = e.id and d.${days}
  ) made`;

const SUBSCRIBED = '(e.event_type ~ $5 and e.event_type <> all ($6::text[]))';

const WANTED = `not made.internal and not made.open and not made.recovered and case $4::text
    when 'failed' then made.latest is not null and made.latest = 'failed'
    when 'missing' then made.latest is null and ${SUBSCRIBED}
    else made.latest is not null or ${SUBSCRIBED}
  end`;

/** Events from $7 on and before $8, of the days from $9 to $10. */
const DAYS = 'day between $9 and $10';
const WITHIN = `e.app_id = $1 and e.created_at >= $7 and e.created_at < $8 and e.${DAYS}`;

/** The days of a window, some at a time. */
function spansOf(db: Queryable, since: Date, until: Date): Promise<DaySpan[]> {
  return spansOldestFirst(db, { from: since, to: until });
}

/** How many events there are to recover now. */
export async function countCandidates(
  db: Queryable,
  search: Search,
  eventTypes: readonly string[],
): Promise<number> {
  let total = 0;
  for (const { first, last } of await spansOf(db, search.since, search.until)) {
    const { rows } = await db.query<{ total: number }>(
      `select count(*)::int as total from events e, ${made(DAYS)} where ${WITHIN} and ${WANTED}`,
      [...parametersOf(search, eventTypes), search.since, search.until, first, last],
    );
    total += onlyRow(rows).total;
  }
  return total;
}

export interface WindowEvent extends Position {
  readonly day: Day;
  /** Whether it is to be recovered, as it is now. */
  readonly wanted: boolean;
}

/** The next events of a window, oldest first, at most `limit`; all of them, so that each page takes a bounded time. */
export async function eventsOfWindow(
  db: Queryable,
  search: Search,
  eventTypes: readonly string[],
  after: Position | null,
  limit: number,
): Promise<WindowEvent[]> {
  const since = after?.createdAt ?? search.since;
  const events: WindowEvent[] = [];
  for (const { first, last } of await spansOf(db, since, search.until)) {
    const { rows } = await db.query<{ day: string; id: string; created_at: Date; wanted: boolean }>(
      `select e.day::text as day, e.id, e.created_at, ${WANTED} as wanted
       from (
         select day, app_id, id, event_type, created_at from events e
         where ${WITHIN} and (e.created_at, e.id) > ($7, $11) order by e.created_at, e.id limit $12
       ) e, ${made(DAYS)}
       order by e.created_at, e.id`,
      [
        ...parametersOf(search, eventTypes),
        since,
        search.until,
        first,
        last,
        // No id is empty: the first event is after this.
        after?.id ?? '',
        limit - events.length,
      ],
    );
    events.push(
      ...rows.map((row) => ({ id: row.id, day: row.day, createdAt: row.created_at, wanted: row.wanted })),
    );
    if (events.length >= limit) break;
  }
  return events;
}

/** A delivery that a recovery makes. */
export interface RecoveredDelivery {
  readonly id: string;
  readonly day: Day;
  readonly eventId: string;
  readonly workflowId: string;
}

/**
 * Makes those of the deliveries whose events are still to be recovered.
 * @returns the ids of those that were made
 */
export async function insertRecovered(
  db: Queryable,
  search: Search,
  eventTypes: readonly string[],
  deliveries: readonly RecoveredDelivery[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    `insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
       attempt_count, next_attempt_at, job_id, created_at)
     select e.day, chosen.id, e.app_id, e.id, e.event_type, $2, 'recover', chosen.workflow_id, 'pending', 0, $7, $3, $7
     from unnest($8::date[], $9::text[], $10::uuid[], $11::text[]) as chosen (day, event_id, id, workflow_id)
       join events e on e.day = chosen.day and e.app_id = $1 and e.id = chosen.event_id,
       ${made('day = any ($8::date[])')}
     -- By the join alone every day would be planned for.
     where e.day = any ($8::date[]) and ${WANTED}
     on conflict do nothing
     returning id`,
    [
      ...parametersOf(search, eventTypes),
      now,
      deliveries.map(({ day }) => day),
      deliveries.map(({ eventId }) => eventId),
      deliveries.map(({ id }) => id),
      deliveries.map(({ workflowId }) => workflowId),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}
