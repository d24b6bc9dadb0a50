import type { Attempt } from '../../domain/attempt.js';
import type { Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

type AttemptRow = Attempt & { readonly deliveryId: string };

const COLUMNS = sql`delivery_id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated`;

/** The attempts of the given deliveries of one day, by delivery, each in order of number. */
export async function attemptsOf(
  db: Queryable,
  day: Day,
  deliveryIds: readonly string[],
): Promise<Map<string, Attempt[]>> {
  const rows = await rowsOf<AttemptRow>(
    db,
    sql`select ${COLUMNS}, response_body from attempts
     where day = ${day} and delivery_id = any (${deliveryIds}::uuid[]) order by number`,
  );
  return byDelivery(deliveryIds, rows);
}

function byDelivery(deliveryIds: readonly string[], rows: readonly AttemptRow[]): Map<string, Attempt[]> {
  const attempts = new Map<string, Attempt[]>(deliveryIds.map((id) => [id, []]));
  for (const { deliveryId, ...attempt } of rows) attempts.get(deliveryId)?.push(attempt);
  return attempts;
}

/** Which attempts are shown where there may be many. */
export interface ShownAttempts {
  /** How many of the newest attempts of each delivery. */
  readonly each: number;
  /** When the answers of all of them have more bytes, each is cut at `cutAt` characters; null: never. */
  readonly bytes: number | null;
  readonly cutAt: number;
}

/** The newest attempts of the given deliveries of one day, by delivery, each in order of number, and how many there are. */
export async function newestAttemptsOf(
  db: Queryable,
  day: Day,
  deliveryIds: readonly string[],
  { each, bytes, cutAt }: ShownAttempts,
): Promise<Map<string, { readonly attempts: Attempt[]; readonly total: number }>> {
  const rows = await rowsOf<AttemptRow & { total: number }>(
    db,
    // Materialized without what is stored apart: answers that are cut are not read as a whole to know their length.
    sql`with shown as materialized (
       select newest.*, counted.total from unnest(${deliveryIds}::uuid[]) as delivery (id),
         lateral (
           select * from attempts where day = ${day} and delivery_id = delivery.id order by number desc limit ${each}
         ) newest,
         lateral (
           select count(*)::int as total from attempts where day = ${day} and delivery_id = delivery.id
         ) counted
     ), size as (select sum(octet_length(response_body)) > ${bytes}::bigint as is_over from shown)
     select ${COLUMNS}, total,
       case when size.is_over then left(response_body, ${cutAt}) else response_body end as response_body
     from shown, size order by number`,
  );
  const totals = new Map(rows.map(({ deliveryId, total }) => [deliveryId, total]));
  const attempts = byDelivery(
    deliveryIds,
    rows.map(({ total: _, ...row }) => row),
  );
  return new Map([...attempts].map(([id, shown]) => [id, { attempts: shown, total: totals.get(id) ?? 0 }]));
}

/** A delivery's attempts, the newest first, those before a number, at most `limit`. */
export async function listAttempts(
  db: Queryable,
  { day, id }: { readonly day: Day; readonly id: string },
  before: number | null,
  limit: number,
): Promise<Attempt[]> {
  const rows = await rowsOf<AttemptRow>(
    db,
    sql`select ${COLUMNS}, response_body from attempts
     where day = ${day} and delivery_id = ${id} and (${before}::int is null or number < ${before})
     order by number desc limit ${limit}`,
  );
  return rows.map(({ deliveryId: _, ...attempt }) => attempt);
}
