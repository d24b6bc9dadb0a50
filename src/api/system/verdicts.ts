import type { SystemState } from '../../explanation/explanation.js';
import type { DatabaseFacts } from '../../store/database/database-facts.js';
import { fittingRetention } from '../../temporal/namespace-retention.js';
import type { TemporalFacts } from '../../temporal/temporal-facts.js';
import { fail, ok, warn, type Verdict } from '../../lib/verdict.js';
import { VERSION } from '../../lib/version.js';

/** What `GET /v1/system` and `posthorn doctor` say of an installation, by facts. Pure. */

export interface SystemFacts {
  readonly nodeVersion: string;
  /** Null: it does not answer. */
  readonly database: DatabaseFacts | null;
  /** Null: it does not answer. */
  readonly temporal: TemporalFacts | null;
  readonly state: SystemState;
  readonly retentionDays: number;
  readonly temporalUiUrl: string | undefined;
  readonly allowedTargets: readonly string[];
}

/** Clocks that differ by more are worth a look: `Retry-After` dates are judged by the host's. */
const CLOCK_TOLERANCE_MS = 2_000;
const BACKLOG_MS = 60_000;
const LOOPBACK = /^(127\.|::1\/)/;

export function verdictsOf(facts: SystemFacts): Verdict[] {
  return [
    ok('version', `Posthorn ${VERSION} on Node ${facts.nodeVersion}.`),
    ...databaseVerdicts(facts),
    ...temporalVerdicts(facts),
    workersVerdict(facts),
    backlogVerdict(facts),
    facts.temporalUiUrl === undefined
      ? warn('temporal_ui', 'There are no links to workflows.', 'Set POSTHORN_TEMPORAL_UI_URL.')
      : ok('temporal_ui', `Links to workflows lead to ${facts.temporalUiUrl}.`),
    targetsVerdict(facts),
  ];
}

function databaseVerdicts({ database, retentionDays }: SystemFacts): Verdict[] {
  if (database === null) {
    return [fail('postgresql', 'PostgreSQL does not answer.', 'Start it, or correct DATABASE_URL.')];
  }
  const { version, latencyMs, migrationsApplied, migrationsKnown, clockAheadMs } = database;
  const { partitionsMissing, oldestDay, endpointsDisabled } = database;
  const aheadMs = Math.round(clockAheadMs);
  return [
    ok('postgresql', `PostgreSQL ${version} answers in ${latencyMs.toFixed(1)} ms.`),
    migrationsApplied < migrationsKnown
      ? fail(
          'schema',
          `${migrationsApplied} of ${migrationsKnown} migrations are there.`,
          'Start a Posthorn process of this version: it migrates.',
        )
      : ok('schema', `All ${migrationsKnown} migrations are there.`),
    Math.abs(aheadMs) > CLOCK_TOLERANCE_MS
      ? warn(
          'clock',
          `This host's clock differs from PostgreSQL's by ${aheadMs} ms.`,
          'Set the clocks by NTP.',
        )
      : ok('clock', `This host's clock differs from PostgreSQL's by ${aheadMs} ms.`),
    partitionsMissing > 0
      ? fail(
          'partitions',
          `${partitionsMissing} partitions of today and tomorrow are missing.`,
          'Look for "partition" in the log: every Posthorn process makes them.',
        )
      : ok(
          'partitions',
          `Today's and tomorrow's partitions are there; the oldest day is ${oldestDay} (${retentionDays} days are kept).`,
        ),
    endpointsDisabled > 0
      ? warn(
          'endpoints',
          `${endpointsDisabled} endpoints are disabled.`,
          'Enable them when their receivers answer again.',
        )
      : ok('endpoints', 'No endpoint is disabled.'),
  ];
}

function temporalVerdicts({ temporal, retentionDays }: SystemFacts): Verdict[] {
  if (temporal === null) {
    return [fail('temporal', 'Temporal does not answer.', 'Start it, or correct TEMPORAL_ADDRESS.')];
  }
  const { version, namespace, retentionDays: kept } = temporal;
  const days = kept === null ? retentionDays : fittingRetention(kept * 86_400, retentionDays);
  return [
    ok('temporal', `Temporal ${version} answers.`),
    days === null
      ? ok('namespace', `The namespace ${namespace} keeps closed workflows for ${kept} days.`)
      : warn(
          'namespace',
          `The namespace ${namespace} keeps closed workflows for ${kept ?? 'an unknown number of'} days.`,
          `temporal operator namespace update --namespace ${namespace} --retention ${days}d`,
        ),
  ];
}

function workersVerdict({ state, temporal }: SystemFacts): Verdict {
  if (temporal === null) {
    return warn(
      'workers',
      'Whether workers poll is not known while Temporal does not answer.',
      'Mend Temporal first.',
    );
  }
  return state.workersPoll
    ? ok('workers', 'Workers poll both task queues.')
    : fail('workers', 'Not every task queue has a worker: deliveries wait.', 'Start one: posthorn worker.');
}

function backlogVerdict({ state: { oldestDueMs } }: SystemFacts): Verdict {
  if (oldestDueMs === null) return ok('backlog', 'No delivery is due.');
  const seconds = Math.round(oldestDueMs / 1_000);
  return oldestDueMs > BACKLOG_MS
    ? warn(
        'backlog',
        `A delivery has been due for ${seconds} s.`,
        'Start more workers, or look for what keeps them.',
      )
    : ok('backlog', `The delivery that has been due for the longest has waited for ${seconds} s.`);
}

function targetsVerdict({ allowedTargets }: SystemFacts): Verdict {
  const open = allowedTargets.filter((cidr) => !LOOPBACK.test(cidr));
  if (open.length > 0) {
    return warn(
      'targets',
      `Every application may reach ${open.join(', ')}.`,
      'Take what is not needed out of POSTHORN_ALLOWED_TARGETS.',
    );
  }
  return allowedTargets.length === 0
    ? ok('targets', 'Deliveries go to public addresses only.')
    : ok('targets', 'Deliveries go to public addresses and to this machine.');
}
