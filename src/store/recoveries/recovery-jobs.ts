import { settingsOf, type StoredSettings } from '../apps/apps.js';
import { spansOldestFirst } from '../database/day-spans.js';
import type { PageRequest } from '../../domain/page.js';
import type { Queryable } from '../database/pool.js';
import { rowsOf, sql } from '../database/sql.js';

/** Which of a window's events a recovery has delivered: see `recovery-candidates.ts`. */
export const RECOVERY_CHOICES = ['failed', 'missing', 'all'] as const;
export type RecoveryChoice = (typeof RECOVERY_CHOICES)[number];

/** The state that its owner has chosen for a recovery. */
export type RecoveryState = 'running' | 'paused' | 'cancelled';

/** A recovery of the events in [since, until) for one endpoint. */
export interface RecoveryJob {
  readonly id: string;
  readonly appId: string;
  readonly endpointId: string;
  readonly since: Date;
  readonly until: Date;
  readonly choice: RecoveryChoice;
  readonly state: RecoveryState;
  /** Events that were to be recovered when it began. */
  readonly total: number;
  /** When the last of its deliveries had been made; null until then. */
  readonly handedOverAt: Date | null;
  readonly createdAt: Date;
}

/** How many of a recovery's deliveries are in which state. */
export interface RecoveryCounts {
  readonly open: number;
  readonly delivered: number;
  readonly failed: number;
}

export type RecoveryStatus = RecoveryState | 'completed';

/** The status of a recovery as the API shows it. Pure. */
export function recoveryStatusOf(job: RecoveryJob & RecoveryCounts): RecoveryStatus {
  if (job.state === 'cancelled') return 'cancelled';
  // Events may have been skipped since they were counted: not the total says that it is over.
  return job.handedOverAt !== null && job.open === 0 ? 'completed' : job.state;
}

const COLUMNS = sql`id, app_id, endpoint_id, since, until, choice, state, total, handed_over_at, created_at`;

export async function insertRecoveryJob(db: Queryable, job: RecoveryJob): Promise<void> {
  const { id, appId, endpointId, since, until, choice, state, total, handedOverAt, createdAt } = job;
  await db.query(
    sql`insert into recovery_jobs (${COLUMNS}) values (${id}, ${appId}, ${endpointId}, ${since}, ${until}, ${choice},
       ${state}, ${total}, ${handedOverAt}, ${createdAt})`,
  );
}

/** The job with what became of its deliveries so far. */
export async function findRecoveryJob(
  db: Queryable,
  endpointId: string,
  id: string,
): Promise<(RecoveryJob & RecoveryCounts) | null> {
  const job = await findJob(db, endpointId, id);
  return job && ((await withCounts(db, [job]))[0] ?? null);
}

/** An endpoint's recoveries, newest first. */
export async function listRecoveryJobs(
  db: Queryable,
  endpointId: string,
  page: PageRequest,
): Promise<(RecoveryJob & RecoveryCounts)[]> {
  const { createdAt, id } = page.after ?? {};
  const jobs = await rowsOf<RecoveryJob>(
    db,
    sql`select ${COLUMNS} from recovery_jobs
     where endpoint_id = ${endpointId}
       and (${createdAt}::timestamptz is null or (created_at, id) < (${createdAt}, ${id}::uuid))
     order by created_at desc, id desc limit ${page.limit}`,
  );
  return withCounts(db, jobs);
}

async function findJob(db: Queryable, endpointId: string, id: string): Promise<RecoveryJob | null> {
  const [job] = await rowsOf<RecoveryJob>(
    db,
    sql`select ${COLUMNS} from recovery_jobs where id = ${id} and endpoint_id = ${endpointId}`,
  );
  return job ?? null;
}

async function withCounts(
  db: Queryable,
  jobs: readonly RecoveryJob[],
): Promise<(RecoveryJob & RecoveryCounts)[]> {
  if (jobs.length === 0) return [];
  const counted = new Map(jobs.map(({ id }) => [id, { open: 0, delivered: 0, failed: 0 }]));
  const from = new Date(Math.min(...jobs.map(({ since }) => since.getTime())));
  const to = new Date(Math.max(...jobs.map(({ until }) => until.getTime())));
  for (const span of await spansOldestFirst(db, { from, to })) {
    const rows = await rowsOf<RecoveryCounts & { readonly jobId: string }>(
      db,
      sql`select job_id, count(*) filter (where completed_at is null)::int as open,
         count(*) filter (where status = 'delivered')::int as delivered,
         count(*) filter (where status = 'failed' and completed_at is not null)::int as failed
       from deliveries
       where job_id = any (${[...counted.keys()]}::uuid[]) and day between ${span.first} and ${span.last}
       group by job_id`,
    );
    for (const { jobId, open, delivered, failed } of rows) {
      const counts = counted.get(jobId);
      if (!counts) continue;
      counts.open += open;
      counts.delivered += delivered;
      counts.failed += failed;
    }
  }
  return jobs.map((job) => ({ ...job, ...(counted.get(job.id) ?? { open: 0, delivered: 0, failed: 0 }) }));
}

/** Keeps a job as it is until the transaction ends. False when there is none. */
export async function lockRecoveryJob(db: Queryable, endpointId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    sql`select from recovery_jobs where id = ${id} and endpoint_id = ${endpointId} for update`,
  );
  return rowCount === 1;
}

export async function setRecoveryState(db: Queryable, id: string, state: RecoveryState): Promise<void> {
  await db.query(sql`update recovery_jobs set state = ${state} where id = ${id}`);
}

/** The jobs of an application, or of one of its endpoints, whose workflows have not ended. */
export async function openRecoveryJobs(
  db: Queryable,
  appId: string,
  endpointId: string | null,
): Promise<Pick<RecoveryJob, 'id' | 'appId' | 'endpointId'>[]> {
  return rowsOf(
    db,
    sql`select id, app_id, endpoint_id from recovery_jobs
     where app_id = ${appId} and (${endpointId}::uuid is null or endpoint_id = ${endpointId})
       and state <> 'cancelled' and handed_over_at is null`,
  );
}

/** A job as its workflow works on it, with what holds of its endpoint now. */
export interface RecoveryWork {
  readonly job: RecoveryJob;
  readonly eventTypes: readonly string[];
  /** The application's setting, in deliveries per second. */
  readonly drainPerSecond: number;
}

/**
 * What there is to do for a job; null when there is no such job. Whoever is making it holds its endpoint's lock: that
 * is waited for.
 */
export async function findRecoveryWork(
  db: Queryable,
  endpointId: string,
  id: string,
): Promise<RecoveryWork | null> {
  const [endpoint] = await rowsOf<{ eventTypes: string[]; settings: StoredSettings }>(
    db,
    sql`select e.event_types, a.settings from endpoints e join apps a on a.id = e.app_id
     where e.id = ${endpointId} for key share of e`,
  );
  const job = endpoint ? await findJob(db, endpointId, id) : null;
  if (!endpoint || !job) return null;
  const { eventTypes, settings } = endpoint;
  return { job, eventTypes, drainPerSecond: settingsOf(settings).drain_per_second };
}

/** Any number, the same in every process. */
const HAND_OVER_LOCK = 7_081_544;

/** How a job stands when deliveries are to be made for it. `over`: cancelled, handed over, or deleted. */
export type HandOver =
  | { readonly state: 'running'; readonly eventTypes: readonly string[] }
  | { readonly state: 'paused' | 'over' };

/**
 * Gives the right to make deliveries for a job until the transaction ends, unless it is not `running`. Recoveries for
 * one endpoint take turns, so that each sees what the others have made.
 */
export async function lockHandOver(
  db: Queryable,
  job: Pick<RecoveryJob, 'id' | 'endpointId'>,
): Promise<HandOver> {
  await db.query(sql`select pg_advisory_xact_lock(${HAND_OVER_LOCK}, hashtext(${job.endpointId}))`);
  const [found] = await rowsOf<{ state: RecoveryState; handedOver: boolean; eventTypes: string[] }>(
    db,
    sql`select j.state, j.handed_over_at is not null as handed_over, e.event_types
     from recovery_jobs j join endpoints e on e.id = j.endpoint_id where j.id = ${job.id} for update of j`,
  );
  if (!found || found.handedOver || found.state === 'cancelled') return { state: 'over' };
  return found.state === 'paused' ? { state: 'paused' } : { state: 'running', eventTypes: found.eventTypes };
}

export async function markHandedOver(db: Queryable, id: string, now: Date): Promise<void> {
  await db.query(sql`update recovery_jobs set handed_over_at = ${now} where id = ${id}`);
}
