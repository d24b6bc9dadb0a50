import { randomBytes } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import pino from 'pino';
import type { Dependencies } from '../../src/activities/dependencies.js';
import {
  createDeliveryActivities,
  createWorkflowActivities,
} from '../../src/activities/create-activities.js';
import { KeyedMutex } from '../../src/lib/keyed-mutex.js';
import { createDispatcher } from '../../src/activities/compose.js';
import type { Dispatcher } from '../../src/activities/dispatch/dispatcher.js';
import { openOwn } from '../../src/activities/dispatch/open-event.js';
import { Recorder } from '../../src/activities/dispatch/recorder.js';
import { EndpointSpeed } from '../../src/dispatch/endpoint-speed.js';
import type { Answer } from '../../src/delivery/outcome.js';
import { ensurePartitions } from '../../src/store/database/partitions.js';
import { createLogWriter } from '../../src/store/attempts/log-writer.js';
import { createRouting } from '../../src/store/endpoints/routing.js';
import type { Pool } from '../../src/store/database/pool.js';
import { createSealer, type Sealer } from '../../src/store/secrets/sealer.js';
import { HealthReports } from '../../src/temporal/client/health-reports.js';
import { addSearchAttributes, SEARCH_ATTRIBUTES } from '../../src/temporal/search-attributes.js';
import { createEventWorkflows } from '../../src/temporal/client/event-workflows.js';
import type { EventInput, EventResult } from '../../src/workflows/contract/event.js';
import { deliveryQueueOf } from '../../src/workflows/contract/queues.js';
import type { deliverEvent } from '../../src/workflows/index.js';
import { LogGaps } from '../../src/upkeep/log-gaps.js';
import { createDatabase, openPool } from './database.js';
import { logRuntimeTo } from './runtime.js';
import { stopAfterwards } from './stop-afterwards.js';
import { startTimeSkipping } from './time-skipping-server.js';
import { WORKFLOW_BUNDLE } from './test-posthorn.js';

/** A POST as the engine made it, in the server's time. */
export interface Sent {
  readonly at: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The workflows and activities on a server that skips time: PostgreSQL is real, only the network and the clock
 * are not.
 */
export interface SkippingPosthorn {
  readonly env: TestWorkflowEnvironment;
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly encryptionKey: Buffer;
  readonly sealer: Sealer;
  readonly sent: Sent[];
  /** How the receiver answers, by the number of POSTs so far. */
  answer: (post: number) => Answer | Promise<Answer>;
  readonly dispatcher: Dispatcher;
  /** Where first attempts are made. */
  place: 'local' | 'queued';
  /** Starts an event's workflow and skips time until it has ended, and may be some years further then. */
  deliver(event: EventInput): Promise<EventResult>;
  /** Starts an event's workflow; time passes as it does. `env.sleep` skips exactly. */
  start(event: EventInput): Promise<{ result(): Promise<EventResult> }>;
  /**
   * Deletes the endpoints of the tests before, whose health workflows end by that. Each of them would go on looking
   * once an hour, thousands of times in what the next test skips.
   */
  deleteEndpoints(): Promise<void>;
}

export const answered = (statusCode: number, more: Partial<Answer> = {}): Answer => ({
  kind: 'answered',
  statusCode,
  body: '',
  durationMs: 1,
  ...(more as object),
});

export async function startSkippingPosthorn(): Promise<SkippingPosthorn> {
  const logger = pino({ level: 'silent' });
  logRuntimeTo(logger);
  const env = await startTimeSkipping();
  stopAfterwards(() => env.teardown());
  // It cannot list them.
  await addSearchAttributes(env.connection.operatorService, 'default', SEARCH_ATTRIBUTES);
  const database = await createDatabase();
  const pool = openPool(database.url, 5);
  await ensurePartitions(pool, new Date(), 2);
  const encryptionKey = randomBytes(32);
  const sealer = createSealer(encryptionKey);
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  let now = await env.currentTimeMs();
  let stopped = false;

  const workflows = createEventWorkflows(env.client, { taskQueue, namespace: 'default', hasWorker: false });
  const unskipping = new Client({ connection: env.connection });
  const of = () => (posthorn.place === 'local' ? 'fast' : 'slow');
  const base: Dependencies = {
    pool,
    sealer,
    logger,
    retentionDays: 30,
    changes: { tell: () => undefined },
    gaps: new LogGaps(logger),
    log: createLogWriter(pool, () => new Date(now)),
    routing: createRouting(pool),
    speed: { of, watch: (_endpointId, post) => post() },
    shares: { isFull: () => false, count: (_endpointId, attempt) => attempt() },
    now: () => new Date(now),
    limitChecks: new KeyedMutex(),
    workflows,
    health: new HealthReports(
      (appId, endpointId) => workflows.reportHealth(appId, endpointId),
      (error) => {
        // What was only mentioned may come when nobody is there to hear it any more.
        if (!stopped) throw error;
      },
    ),
    post: async ({ url, headers, body }) => {
      now = await env.currentTimeMs();
      posthorn.sent.push({ at: now, url, headers, body: body.toString() });
      return posthorn.answer(posthorn.sent.length);
    },
  };
  const real = new EndpointSpeed(() => performance.now());
  const speed = { of, patience: () => real.patience() };
  const dispatcher = createDispatcher(base, { workflowTasks: 100, firstAttempts: 100, speed });
  const recording = { ...base, dispatcher };
  const recorder = new Recorder((own, opener) => openOwn(recording, own, opener));
  const dependencies = { ...recording, recorder };
  /** Every activity begins at the server's time. */
  const onTime = <T extends object>(activities: T): T =>
    Object.fromEntries(
      Object.entries(activities).map(([name, activity]: [string, (...args: unknown[]) => unknown]) => [
        name,
        async (...args: unknown[]) => {
          now = await env.currentTimeMs();
          return activity(...args);
        },
      ]),
    ) as T;

  const workers = await Promise.all([
    Worker.create({
      connection: env.nativeConnection,
      taskQueue,
      workflowBundle: { codePath: WORKFLOW_BUNDLE },
      activities: onTime(createWorkflowActivities(dependencies)),
    }),
    Worker.create({
      connection: env.nativeConnection,
      taskQueue: deliveryQueueOf(taskQueue),
      activities: onTime(createDeliveryActivities(dependencies)),
    }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  stopAfterwards(async () => {
    stopped = true;
    for (const worker of workers) worker.shutdown();
    await running;
  });

  const posthorn: SkippingPosthorn = {
    env,
    pool,
    databaseUrl: database.url,
    encryptionKey,
    sealer,
    dispatcher,
    sent: [],
    answer: () => answered(200),
    place: 'queued',
    deliver: (event) =>
      env.client.workflow.execute<typeof deliverEvent>('deliverEvent', {
        workflowId: `event/${event.appId}/${event.eventId}`,
        taskQueue,
        args: [event],
      }),
    start: (event) =>
      unskipping.workflow.start<typeof deliverEvent>('deliverEvent', {
        workflowId: `event/${event.appId}/${event.eventId}`,
        taskQueue,
        args: [event],
      }),
    async deleteEndpoints() {
      await pool.query('delete from endpoints');
    },
  };
  return posthorn;
}
