import { acceptedAtOf } from '../../domain/delivery-id.js';
import { dayOf, type Day } from '../../domain/day.js';
import type { Attempt } from '../../domain/attempt.js';
import type { Delivery } from '../../domain/delivery.js';
import { fewDaysAtOnce } from '../database/day-spans.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';
import { DELIVERY_COLUMNS, toDelivery } from '../deliveries/deliveries.js';
import type { ListedEvent } from '../events/event-lists.js';
import { statusOfEvent } from '../events/events.js';

/** The rows of what was told of, as they are now. What is gone is left out. */

export interface EventName {
  readonly appId: string;
  readonly day: Day;
  readonly id: string;
}

export async function eventsNamed(db: Queryable, names: readonly EventName[]): Promise<ListedEvent[]> {
  const found: ListedEvent[] = [];
  for (const group of fewDaysAtOnce(names)) {
    const days = group.map(({ day }) => day);
    found.push(
      ...(await rowsOf<ListedEvent>(
        db,
        sql`select e.app_id, e.id, e.event_type, e.created_at, s.status
         from (${namesOf(group)}) named
         join events e on e.day = any (${days}::date[]) and e.day = named.day and e.app_id = named.app_id
           and e.id = named.id,
         lateral (select ${statusOfEvent(sql`and d.day = any (${days}::date[])`)} as status) s`,
      )),
    );
  }
  return found;
}

const namesOf = (names: readonly EventName[]) => sql`select * from unnest(
  ${names.map(({ day }) => day)}::date[], ${names.map(({ appId }) => appId)}::uuid[],
  ${names.map(({ id }) => id)}::text[]
) as named (day, app_id, id)`;

export async function deliveriesOfEvents(db: Queryable, names: readonly EventName[]): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (const group of fewDaysAtOnce(names)) {
    const rows = await rowsOf<Delivery>(
      db,
      sql`select ${DELIVERY_COLUMNS} from (${namesOf(group)}) named
       join deliveries d on d.day = any (${group.map(({ day }) => day)}::date[]) and d.day = named.day
         and d.app_id = named.app_id and d.event_id = named.id`,
    );
    found.push(...rows.map(toDelivery));
  }
  return found;
}

/** What is no delivery's id is left out, too. */
const withDays = <Row extends { readonly id: string }>(rows: readonly Row[]) =>
  rows.flatMap((row) => {
    const acceptedAt = acceptedAtOf(row.id);
    return acceptedAt ? [{ ...row, day: dayOf(acceptedAt) }] : [];
  });

export async function deliveriesNamed(db: Queryable, ids: readonly string[]): Promise<Delivery[]> {
  const found: Delivery[] = [];
  for (const group of fewDaysAtOnce(withDays(ids.map((id) => ({ id }))))) {
    const rows = await rowsOf<Delivery>(
      db,
      sql`select ${DELIVERY_COLUMNS} from deliveries d
       where d.day = any (${group.map(({ day }) => day)}::date[]) and d.id = any (${group.map(({ id }) => id)}::uuid[])`,
    );
    found.push(...rows.map(toDelivery));
  }
  return found;
}

export type NamedAttempt = Attempt & { readonly deliveryId: string };

/** @param cutAt characters of the answer's body that are read */
export async function attemptsNamed(
  db: Queryable,
  names: readonly { readonly id: string; readonly number: number }[],
  cutAt: number,
): Promise<NamedAttempt[]> {
  const found: NamedAttempt[] = [];
  for (const group of fewDaysAtOnce(withDays(names))) {
    found.push(
      ...(await rowsOf<NamedAttempt>(
        db,
        sql`select a.delivery_id, a.number, a.started_at, a.duration_ms, a.status_code, a.error, a.slow,
           a.possibly_repeated, left(a.response_body, ${cutAt}) as response_body
         from unnest(
           ${group.map(({ day }) => day)}::date[], ${group.map(({ id }) => id)}::uuid[],
           ${group.map(({ number }) => number)}::int[]
         ) as named (day, id, number)
         join attempts a on a.day = any (${group.map(({ day }) => day)}::date[]) and a.day = named.day
           and a.delivery_id = named.id and a.number = named.number`,
      )),
    );
  }
  return found;
}
