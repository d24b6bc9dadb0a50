import { EndpointShares } from '../dispatch/endpoint-shares.js';
import { EndpointSpeed } from '../dispatch/endpoint-speed.js';
import { KeyedMutex } from '../lib/keyed-mutex.js';
import { Semaphore } from '../lib/semaphore.js';
import { createLogWriter } from '../store/attempts/log-writer.js';
import { beginFirstAttempts } from '../store/attempts/begin-first-attempts.js';
import { createRouting } from '../store/endpoints/routing.js';
import { HealthReports } from '../temporal/client/health-reports.js';
import { withinLogPatience } from './attempt/log-patience.js';
import { sendAttempt } from './attempt/send-attempt.js';
import { orUnavailable } from './attempt/unavailable.js';
import type { ActivityDependencies, Dependencies, RecordingDependencies } from './dependencies.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { openOwn } from './dispatch/open-event.js';
import { Recorder } from './dispatch/recorder.js';

/** What the activities of a process are given. */
export interface ActivityOptions extends Pick<
  Dependencies,
  'pool' | 'sealer' | 'post' | 'workflows' | 'changes' | 'gaps' | 'now' | 'retentionDays' | 'logger'
> {
  /** Workflow tasks that this process works on at the same time. */
  readonly workflowTasks: number;
  /** First attempts without an answer that recordings wait for at the same time. */
  readonly firstAttempts: number;
  /** Queued attempts at the same time. */
  readonly attempts: number;
}

/** The activities' dependencies, and what the process keeps of them. */
export interface Composed {
  readonly dependencies: ActivityDependencies;
  readonly recorder: Recorder;
  readonly dispatcher: Dispatcher;
}

/** Puts together what the activities work with. */
export function composeActivities(options: ActivityOptions): Composed {
  const { workflowTasks, firstAttempts, attempts, ...given } = options;
  const { pool, workflows, now, logger } = given;
  const speed = new EndpointSpeed(() => performance.now());
  const base: Dependencies = {
    ...given,
    speed,
    shares: new EndpointShares(speed, attempts),
    log: createLogWriter(pool, now),
    routing: createRouting(pool),
    limitChecks: new KeyedMutex(),
    health: new HealthReports(
      (appId, endpointId) => workflows.reportHealth(appId, endpointId),
      (err) => logger.warn({ err }, 'a health workflow could not be told yet'),
    ),
  };
  const dispatcher = createDispatcher(base, { workflowTasks, firstAttempts, speed });
  const recording: RecordingDependencies = { ...base, dispatcher };
  const recorder = new Recorder((own, opener) => openOwn(recording, own, opener));
  return { dependencies: { ...recording, recorder }, recorder, dispatcher };
}

/** @param options `firstAttempts`: those without an answer that recordings wait for at the same time */
export function createDispatcher(
  deps: Dependencies,
  options: {
    readonly workflowTasks: number;
    readonly firstAttempts: number;
    readonly speed: Pick<EndpointSpeed, 'of' | 'patience'>;
  },
): Dispatcher {
  const { workflowTasks, firstAttempts, speed } = options;
  return new Dispatcher({
    workflowTasks,
    permits: new Semaphore(firstAttempts),
    speed,
    send: (attempt, schedule, stops) =>
      orUnavailable(deps, attempt, sendAttempt(deps, attempt, schedule, stops)),
    begin: (deliveryIds, routesVersion) =>
      withinLogPatience(beginFirstAttempts(deps.pool, deliveryIds, routesVersion, deps.now())),
    tell: (workflowId, deliveryId, attempted) =>
      deps.workflows.tellAttempted(workflowId, deliveryId, attempted),
    now: deps.now,
    logger: deps.logger,
  });
}
