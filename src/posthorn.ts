import type { Logger } from 'pino';
import type { App } from './domain/app.js';
import { AcceptedIds } from './api/events/accepted-ids.js';
import { createAuthenticator } from './api/access/auth.js';
import { Sessions } from './api/access/sessions.js';
import { createEventTypeRegistry } from './api/event-types/app-event-types.js';
import { Leased } from './lib/leased-cache.js';
import { listen, WHOLE_REQUEST_MS } from './api/http/listen.js';
import { createLists, LIST_SETTINGS, LIST_STATEMENT_MS, listConnections } from './api/http/lists.js';
import { createRateLimits, FAILED_AUTHENTICATIONS_PER_MINUTE } from './api/access/rate-limits.js';
import { createSchemaChecker } from './api/json-schema/checker.js';
import { createServer } from './api/http/server.js';
import { LogSource } from './api/stream/source.js';
import { Streams } from './api/stream/streams.js';
import { closeAll } from './lib/close-all.js';
import { createAddressGuard } from './delivery/address-guard.js';
import { resolveBySystem, resolveThrough } from './delivery/resolve.js';
import { descriptorLimit, shareDescriptors } from './descriptors.js';
import { findApp } from './store/apps/apps.js';
import { assertKeysInUse } from './store/secrets/keys-in-use.js';
import { migrate } from './store/database/migrate.js';
import { startHousekeeping } from './store/retention/housekeeping.js';
import { startLogClock } from './store/database/log-clock.js';
import { createPool } from './store/database/pool.js';
import { startRollingUp } from './store/stats/rolling-up.js';
import { startChanges } from './store/changes/changes.js';
import { createSealer } from './store/secrets/sealer.js';
import { troubleWith } from './store/database/trouble.js';
import { troubleWithTemporal } from './temporal/calls.js';
import { connectClient, connectWorker } from './temporal/connection.js';
import { createEventWorkflows } from './temporal/client/event-workflows.js';
import { Admission, admitted } from './temporal/admission.js';
import { fitNamespaceRetention } from './temporal/namespace-retention.js';
import { createReadiness } from './temporal/readiness.js';
import { temporalFacts } from './temporal/temporal-facts.js';
import { workflowLinks } from './temporal/workflow-links.js';
import { unlessAborted } from './lib/unless-aborted.js';
import { LogGaps } from './upkeep/log-gaps.js';
import { startLookAfter, type LookAfterTimes } from './upkeep/look-after.js';
import { startSystemWatch } from './upkeep/system-watch.js';
import { ensureSearchAttributes, untilSearchAttributesKnown } from './temporal/search-attributes.js';
import { startWorkerPart } from './worker-part.js';

/** Applications that the API remembers. */
const LEASED_APPS = 10_000;

/** The options of one Posthorn process. All decisions are made: nothing is read from the environment from here on. */
export interface PosthornOptions {
  readonly parts: { readonly api: boolean; readonly worker: boolean };
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  /** Undefined: what the TEMPORAL_ environment variables say. */
  readonly temporalAddress: string | undefined;
  /** Where the Temporal UI is; undefined: no links to it. */
  readonly temporalUiUrl?: string | undefined;
  /** Whether that server is this installation's own, to be set up as it needs it. */
  readonly ownsTemporal: boolean;
  readonly taskQueue: string;
  readonly adminKey: string;
  /** 32 bytes. */
  readonly encryptionKey: Buffer;
  /** Keys that only open, 32 bytes each. */
  readonly formerEncryptionKeys: readonly Buffer[];
  readonly allowedTargets: readonly string[];
  /** Undefined: the system's resolver. */
  readonly dnsServers?: readonly string[] | undefined;
  readonly maxEventBytes: number;
  /** Limit of each key in this process; 0: no limit. */
  readonly requestsPerSecond: number;
  /** Limit of one address; 0: no limit. */
  readonly failedAuthenticationsPerMinute?: number;
  readonly trustedProxies: readonly string[];
  readonly concurrentAttempts: number;
  /** How long PostgreSQL keeps an event, in days. */
  readonly retentionDays: number;
  /** How often deliveries without a workflow are searched for. */
  readonly lookAfter?: LookAfterTimes;
  /** How long attempts in flight may go on after a stop, in milliseconds; longer than any attempt by default. */
  readonly graceMs?: number;
  /** How long a whole request to the API may take to come, in milliseconds. */
  readonly wholeRequestMs?: number;
  /** The workflows as `npm run build` bundles them. */
  readonly workflowBundlePath: string;
  /** The process that applications' schemas run in, compiled. */
  readonly schemaWorkerPath: string;
  /** The folder of the dashboard, as `npm run build` makes it. */
  readonly dashboardPath: string;
  readonly logger: Logger;
  /** Abort it to give up the start. */
  readonly signal?: AbortSignal;
}

export interface Posthorn {
  /** Where the API listens; null without one. */
  readonly url: string | null;
  /** Rejects when the process cannot go on. */
  readonly failed: Promise<never>;
  /** Takes no more work, finishes what is in flight, closes everything. */
  stop(): Promise<void>;
}

/**
 * Starts the API, the workers, or both in one process, where workflows start eagerly.
 * @throws UserError when a server cannot be reached or the port is taken, and the signal's reason when it is aborted;
 * nothing is left open then
 */
export async function startPosthorn(options: PosthornOptions): Promise<Posthorn> {
  const { parts, logger, taskQueue, retentionDays, signal } = options;
  /** How to close what has been started: the work concurrently, then what it used, in reverse order. */
  const work: (() => Promise<unknown>)[] = [];
  const used: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= closeAll(work, used));
  let started = false;
  const step = <T>(take: () => Promise<T>, late?: (given: T) => unknown) => unlessAborted(signal, take, late);
  try {
    const shares = shareDescriptors(descriptorLimit(), options);
    const { databaseUrl, databaseConnections } = options;
    await migrate(databaseUrl, logger, { signal });
    const ofLists = parts.api ? listConnections(databaseConnections) : 0;
    const pool = createPool({ databaseUrl, connections: databaseConnections - ofLists, logger });
    used.unshift(() => pool.end({ breakingOff: !started }));
    const sealer = createSealer(options.encryptionKey, options.formerEncryptionKeys);
    await step(() => assertKeysInUse(pool, sealer, logger));
    const clock = await step(
      () => startLogClock(pool),
      (late) => late.stop(),
    );
    used.unshift(() => Promise.resolve(clock.stop()));
    const { now } = clock;
    const housekeeping = await step(
      () => startHousekeeping(pool, { retentionDays, now, logger }),
      (late) => late.stop(),
    );
    used.unshift(() => housekeeping.stop());
    const rollingUp = startRollingUp(pool, { retentionDays, now, logger });
    used.unshift(() => rollingUp.stop());

    const changes = startChanges(pool);
    used.unshift(() => changes.stop());

    const workerConnection = parts.worker
      ? await step(
          () => connectWorker(options.temporalAddress, options.ownsTemporal),
          (late) => late.connection.close(),
        )
      : null;
    const temporal =
      workerConnection ??
      (await step(
        () => connectClient(options.temporalAddress, options.ownsTemporal),
        (late) => late.connection.close(),
      ));
    used.unshift(() => temporal.connection.close());
    const { client, namespace } = temporal;
    await step(() => ensureSearchAttributes(temporal.operator, namespace));
    await step(() => untilSearchAttributesKnown(client, signal));
    await step(() => fitNamespaceRetention(client, { retentionDays, isOurs: options.ownsTemporal, logger }));

    const resolve = options.dnsServers ? resolveThrough(options.dnsServers) : resolveBySystem;
    const guard = createAddressGuard(options.allowedTargets, resolve);
    const own = createEventWorkflows(client, { taskQueue, namespace, hasWorker: parts.worker });
    const gaps = new LogGaps(logger);
    const lookAfter = startLookAfter({ pool, workflows: own, gaps, now, logger }, options.lookAfter);
    used.unshift(() => lookAfter.stop());

    const worker = workerConnection
      ? await startWorkerPart(workerConnection, {
          activities: { pool, sealer, gaps, now, retentionDays, logger, changes, workflows: own },
          shares,
          guard,
          options,
          namespace,
          work,
          used,
        })
      : null;
    const workflows = worker ? admitted(own, new Admission(), worker.recordAhead) : own;
    const failed = worker?.failed ?? new Promise<never>(() => undefined);

    let url: string | null = null;
    if (parts.api) {
      const listPool = createPool({
        databaseUrl,
        connections: ofLists,
        statementTimeoutMs: LIST_STATEMENT_MS,
        prepare: LIST_SETTINGS,
        logger,
      });
      used.unshift(() => listPool.end());
      const schemas = createSchemaChecker(options.schemaWorkerPath);
      used.unshift(() => schemas.close());
      const readiness = createReadiness(pool, client, { namespace, taskQueue });
      const system = startSystemWatch({ pool, readiness, now });
      used.unshift(() => system.stop());
      const lists = createLists(listPool, ofLists);
      const streams = new Streams(new LogSource(databaseUrl, lists, logger), changes);
      used.unshift(() => streams.close());
      const sessions = new Sessions(pool, options.adminKey);
      const server = createServer({
        pool,
        lists,
        streams,
        changes,
        sealer,
        guard,
        workflows,
        apps: new Leased<App>({ read: (appId) => findApp(pool, appId), mostSize: LEASED_APPS }),
        readiness,
        system,
        workflowUrl: workflowLinks(options.temporalUiUrl, namespace),
        temporalFacts: () => temporalFacts(client),
        temporalUiUrl: options.temporalUiUrl,
        allowedTargets: options.allowedTargets,
        authenticator: createAuthenticator(pool, options.adminKey, sessions),
        sessions,
        dashboardPath: options.dashboardPath,
        limits: createRateLimits({
          requestsPerSecond: options.requestsPerSecond,
          failedAuthenticationsPerMinute:
            options.failedAuthenticationsPerMinute ?? FAILED_AUTHENTICATIONS_PER_MINUTE,
        }),
        trustedProxies: options.trustedProxies,
        eventTypes: createEventTypeRegistry(pool, schemas),
        schemas,
        acceptedIds: new AcceptedIds(),
        maxEventBytes: options.maxEventBytes,
        retentionDays,
        now,
        gaps,
        logger,
      });
      const api = await listen(server, {
        host: options.host,
        port: options.port,
        most: shares.callers,
        requestMs: options.wholeRequestMs ?? WHOLE_REQUEST_MS,
        logger,
      });
      work.push(() => {
        // They would keep it from closing.
        streams.end();
        return api.close();
      });
      url = api.url;
    }
    signal?.throwIfAborted();
    started = true;
    return { url, failed, stop };
  } catch (error) {
    await stop().catch((err: unknown) => logger.warn({ err }, 'could not close everything'));
    throw troubleWithTemporal(troubleWith(options.databaseUrl, error));
  }
}
