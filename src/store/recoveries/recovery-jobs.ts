import { settingsOf, type StoredSettings } from '../apps/apps.js';
import { spansOldestFirst } from '../database/day-spans.js';
import { onlyRow, type Queryable } from '../database/pool.js';

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

interface JobRow {
  id: string;
  app_id: string;
  endpoint_id: string;
  since: Date;
  until: Date;
  choice: RecoveryChoice;
  state: RecoveryState;
  total: number;
  handed_over_at: Date | null;
  created_at: Date;
}

const COLUMNS = 'id, app_id, endpoint_id, since, until, choice, state, total, handed_over_at, created_at';

export async function insertRecoveryJob(db: Queryable, job: RecoveryJob): Promise<void> {
  await db.query(`insert into recovery_jobs (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, [
    job.id,
    job.appId,
    job.endpointId,
    job.since,
    job.until,
    job.choice,
    job.state,
    job.total,
    job.handedOverAt,
    job.createdAt,
  ]);
}

/** The job with what became of its deliveries so far. */
export async function findRecoveryJob(
  db: Queryable,
  endpointId: string,
  id: string,
): Promise<(RecoveryJob & RecoveryCounts) | null> {
  const { rows } = await db.query<JobRow>(
    `select ${COLUMNS} from recovery_jobs where id = $1 and endpoint_id = $2`,
    [id, endpointId],
  );
  const [row] = rows;
  return row ? { ...toJob(row), ...(await countsOf(db, toJob(row))) } : null;
}

async function countsOf(db: Queryable, { id, since, until }: RecoveryJob): Promise<RecoveryCounts> {
  const counts = { open: 0, delivered: 0, failed: 0 };
  for (const span of await spansOldestFirst(db, { from: since, to: until })) {
    const { rows } = await db.query<RecoveryCounts>(
      `select count(*) filter (where completed_at is null)::int as open,
         count(*) filter (where status = 'delivered')::int as delivered,
         count(*) filter (where status = 'failed' and completed_at is not null)::int as failed
       from deliveries where job_id = $1 and day between $2 and $3`,
      [id, span.first, span.last],
    );
    const { open, delivered, failed } = onlyRow(rows);
    counts.open += open;
    counts.delivered += delivered;
    counts.failed += failed;
  }
  return counts;
}

/** Keeps a job as it is until the transaction ends. False when there is none. */
export async function lockRecoveryJob(db: Queryable, endpointId: string, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'select from recovery_jobs where id = $1 and endpoint_id = $2 for update',
    [id, endpointId],
  );
  return rowCount === 1;
}

export async function setRecoveryState(db: Queryable, id: string, state: RecoveryState): Promise<void> {
  await db.query('update recovery_jobs set state = $2 where id = $1', [id, state]);
}

/** The jobs of an application, or of one of its endpoints, whose workflows have not ended. */
export async function openRecoveryJobs(
  db: Queryable,
  appId: string,
  endpointId: string | null,
): Promise<Pick<RecoveryJob, 'id' | 'appId' | 'endpointId'>[]> {
  const { rows } = await db.query<{ id: string; endpoint_id: string }>(
    `select id, endpoint_id from recovery_jobs
     where app_id = $1 and ($2::uuid is null or endpoint_id = $2)
       and state <> 'cancelled' and handed_over_at is null`,
    [appId, endpointId],
  );
  return rows.map((row) => ({ id: row.id, appId, endpointId: row.endpoint_id }));
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
  const { rows: endpoints } = await db.query<{ event_types: string[]; settings: StoredSettings }>(
    `select e.event_types, a.settings from endpoints e join apps a on a.id = e.app_id
     where e.id = $1 for key share of e`,
    [endpointId],
  );
  const [endpoint] = endpoints;
  if (!endpoint) return null;
  const { rows } = await db.query<JobRow>(
    `select ${COLUMNS} from recovery_jobs where id = $1 and endpoint_id = $2`,
    [id, endpointId],
  );
  if (!rows[0]) return null;
  return {
    job: toJob(rows[0]),
    eventTypes: endpoint.event_types,
    drainPerSecond: settingsOf(endpoint.settings).drain_per_second,
  };
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
  await db.query('select pg_advisory_xact_lock($1, hashtext($2))', [HAND_OVER_LOCK, job.endpointId]);
  const { rows } = await db.query<{ state: RecoveryState; handed_over: boolean; event_types: string[] }>(
    `select j.state, j.handed_over_at is not null as handed_over, e.event_types
     from recovery_jobs j join endpoints e on e.id = j.endpoint_id where j.id = $1 for update of j`,
    [job.id],
  );
  const [row] = rows;
  if (!row || row.handed_over || row.state === 'cancelled') return { state: 'over' };
  return row.state === 'paused' ? { state: 'paused' } : { state: 'running', eventTypes: row.event_types };
}

export async function markHandedOver(db: Queryable, id: string, now: Date): Promise<void> {
  await db.query('update recovery_jobs set handed_over_at = $2 where id = $1', [id, now]);
}

function toJob(row: JobRow): RecoveryJob {
  return {
    id: row.id,
    appId: row.app_id,
    endpointId: row.endpoint_id,
    since: row.since,
    until: row.until,
    choice: row.choice,
    state: row.state,
    total: row.total,
    handedOverAt: row.handed_over_at,
    createdAt: row.created_at,
  };
}
