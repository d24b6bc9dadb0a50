import type { Pool } from '../../src/store/database/pool.js';
import { LATENCY_EDGES } from '../../src/store/stats/latency.js';

/** How long each attempt took. */
const BULK_DURATION_MS = 12;

/** What an application's events of one day came to: one in so many; 0 is none. */
export interface BulkEvents {
  readonly appId: string;
  readonly endpointId: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly events: number;
  readonly failed?: number;
  readonly cancelled?: number;
  /** Waiting for a retry. */
  readonly retrying?: number;
  readonly unmatched?: number;
  /** Whether their ids go into `event_keys`, as those of accepted events do. */
  readonly remembered?: boolean;
}

/**
 * Writes a day of an application's events to the log, each with a delivery and its attempt, spread over the day: as the
 * log would have them, by one statement, because there are millions.
 */
export async function fillDay(pool: Pool, bulk: BulkEvents): Promise<void> {
  const { appId, endpointId, day, events, failed = 0, cancelled = 0, retrying = 0, unmatched = 0 } = bulk;
  const { remembered = false } = bulk;
  await fill(pool, {
    text: `
      with event as materialized (
        select 'msg_' || replace($3, '-', '') || lpad(n::text, 10, '0') as id,
          date_trunc('milliseconds', $3::date::timestamp at time zone 'utc' + n * (interval '86399 seconds' / $4::int)) as at,
          md5($1 || $3 || n) as hash,
          case
            when $8::int > 0 and n % $8 = 0 then 'unmatched'
            when $5::int > 0 and n % $5 = 0 then 'failed'
            when $6::int > 0 and n % $6 = 0 then 'cancelled'
            when $7::int > 0 and n % $7 = 0 then 'retrying'
            else 'delivered' end as kind
        from generate_series(1, $4::int) n
      ), typed as (
        select *, case when hash < '01' then 'rare.type' else 'user.created' end as event_type from event
      ), keyed as (
        insert into event_keys (app_id, event_id, content_hash, day, opened_by)
        select $1::uuid, id, decode(hash, 'hex'), $3::date, id from event where $9::bool
      ), inserted as (
        insert into events (day, app_id, id, event_type, body, created_at, unmatched)
        select $3::date, $1::uuid, id, event_type,
          convert_to('{"data":{"name":"Ada","text":"' || repeat(hash, 6) || '"}}', 'utf8'), at, kind = 'unmatched'
        from typed
      ), delivery as (
        select *, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '8' || substr(hash, 1, 3) || '8'
          || substr(hash, 4, 15))::uuid as delivery_id
        from typed where kind <> 'unmatched'
      ), made as (
        insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status, reason,
          attempt_count, attempt_started_at, next_attempt_at, last_status_code, queued, created_at, completed_at)
        select $3::date, delivery_id, $1::uuid, id, event_type, $2::uuid, 'event', 'event/' || $1 || '/' || id,
          case kind when 'delivered' then 'delivered' else 'failed' end,
          case kind when 'failed' then 'exhausted' when 'cancelled' then 'cancelled' end,
          1, at, case kind when 'retrying' then now() + interval '1 day' end,
          case kind when 'delivered' then 200 else 500 end, false, at, case when kind <> 'retrying' then at end
        from delivery
      )
      insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, slow, possibly_repeated,
        response_body)
      select $3::date, delivery_id, 1, at, ${BULK_DURATION_MS}, case kind when 'delivered' then 200 else 500 end, false, false, 'ok'
      from delivery`,
    values: [appId, endpointId, day, events, failed, cancelled, retrying, unmatched, remembered],
  });
}

/** The statistics of everything that the log has, all at once. */
export async function fillStatistics(pool: Pool): Promise<void> {
  const latency = LATENCY_EDGES.findLastIndex((edge) => edge <= BULK_DURATION_MS) + 1;
  const minutes = `date_trunc('minute', created_at)`;
  const ofHour = `app_id, date_trunc('hour', start, 'UTC')`;
  const statements = [
    `insert into event_minutes (app_id, start, event_type, events)
     select app_id, ${minutes}, event_type, count(*) from events group by 1, 2, 3 on conflict do nothing`,
    `insert into delivery_minutes (app_id, start, endpoint_id, event_type, events)
     select app_id, ${minutes}, endpoint_id, event_type, count(*) from deliveries group by 1, 2, 3, 4
     on conflict do nothing`,
    `insert into attempt_minutes (app_id, start, endpoint_id, event_type, latency, attempts, retried, delivered, failed)
     select app_id, ${minutes}, endpoint_id, event_type, ${latency}, count(*), 0,
       count(*) filter (where status = 'delivered'), count(*) filter (where reason = 'exhausted')
     from deliveries group by 1, 2, 3, 4 on conflict do nothing`,
    `insert into event_hours select ${ofHour}, event_type, sum(events) from event_minutes group by 1, 2, 3
     on conflict do nothing`,
    `insert into delivery_hours select ${ofHour}, endpoint_id, event_type, sum(events) from delivery_minutes
     group by 1, 2, 3, 4 on conflict do nothing`,
    `insert into attempt_hours select ${ofHour}, endpoint_id, event_type, latency, sum(attempts), sum(retried),
       sum(delivered), sum(failed) from attempt_minutes group by 1, 2, 3, 4, 5 on conflict do nothing`,
  ];
  await fill(pool, ...statements.map((text) => ({ text })));
}

/** Runs statements in one transaction, however long they take. */
async function fill(pool: Pool, ...statements: { text: string; values?: unknown[] }[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('set local statement_timeout = 0');
    await client.query('set local synchronous_commit = off');
    for (const statement of statements) {
      // Missing in the types; the pool's is for statements of every day.
      await client.query({ ...statement, query_timeout: 3_600_000 } as { text: string });
    }
    await client.query('commit');
  } finally {
    client.release();
  }
}
