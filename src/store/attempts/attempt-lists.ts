import type { Attempt } from '../../domain/attempt.js';
import type { Day } from '../../domain/day.js';
import type { Queryable } from '../database/pool.js';

/** The columns of attempts. */

interface AttemptRow {
  delivery_id: string;
  number: number;
  started_at: Date;
  duration_ms: number | null;
  status_code: number | null;
  error: string | null;
  slow: boolean;
  possibly_repeated: boolean;
  response_body: string | null;
}

/** The attempts of the given deliveries of one day, by delivery, each in order of number. */
export async function attemptsOf(
  db: Queryable,
  day: Day,
  deliveryIds: readonly string[],
): Promise<Map<string, Attempt[]>> {
  const { rows } = await db.query<AttemptRow>(
    `select delivery_id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated,
       response_body
     from attempts where day = $1 and delivery_id = any ($2::uuid[]) order by number`,
    [day, deliveryIds],
  );
  return byDelivery(deliveryIds, rows);
}

function byDelivery(deliveryIds: readonly string[], rows: readonly AttemptRow[]): Map<string, Attempt[]> {
  const attempts = new Map<string, Attempt[]>(deliveryIds.map((id) => [id, []]));
  for (const row of rows) attempts.get(row.delivery_id)?.push(toAttempt(row));
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
  const { rows } = await db.query<AttemptRow & { total: number }>(
    // Materialized without what is stored apart: answers that are cut are not read as a whole to know their length.
    `with shown as materialized (
       select newest.*, counted.total from unnest($2::uuid[]) as delivery (id),
         lateral (
           select * from attempts where day = $1 and delivery_id = delivery.id order by number desc limit $3
         ) newest,
         lateral (select count(*)::int as total from attempts where day = $1 and delivery_id = delivery.id) counted
     ), size as (select sum(octet_length(response_body)) > $4::bigint as is_over from shown)
     select delivery_id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated, total,
       case when size.is_over then left(response_body, $5) else response_body end as response_body
     from shown, size order by number`,
    [day, deliveryIds, each, bytes, cutAt],
  );
  const totals = new Map(rows.map(({ delivery_id, total }) => [delivery_id, total]));
  const attempts = byDelivery(deliveryIds, rows);
  return new Map([...attempts].map(([id, shown]) => [id, { attempts: shown, total: totals.get(id) ?? 0 }]));
}

/** A delivery's attempts, the newest first, those before a number, at most `limit`. */
export async function listAttempts(
  db: Queryable,
  { day, id }: { readonly day: Day; readonly id: string },
  before: number | null,
  limit: number,
): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(
    `select delivery_id, number, started_at, duration_ms, status_code, error, slow, possibly_repeated,
       response_body
     from attempts where day = $1 and delivery_id = $2 and ($3::int is null or number < $3)
     order by number desc limit $4`,
    [day, id, before, limit],
  );
  return rows.map(toAttempt);
}

function toAttempt(row: AttemptRow): Attempt {
  return {
    number: row.number,
    startedAt: row.started_at,
    durationMs: row.duration_ms,
    statusCode: row.status_code,
    error: row.error,
    slow: row.slow,
    possiblyRepeated: row.possibly_repeated,
    responseBody: row.response_body,
  };
}
