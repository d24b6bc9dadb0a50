import type { Logger } from 'pino';
import type { AddressGuard } from '../delivery/address-guard.js';
import type { App } from '../domain/app.js';
import type { Pool } from '../store/database/pool.js';
import type { Sealer } from '../store/secrets/sealer.js';
import type { EventWorkflows } from '../temporal/client/event-workflows.js';
import type { AcceptedIds } from './events/accepted-ids.js';
import type { Authenticator } from './access/auth.js';
import type { Leased } from '../lib/leased-cache.js';
import type { Sessions } from './access/sessions.js';
import type { Lists } from './http/lists.js';
import type { RateLimits } from './access/rate-limits.js';
import type { EventTypeRegistry } from './event-types/app-event-types.js';
import type { SchemaChecker } from './json-schema/checker.js';
import type { Changes } from '../store/changes/changes.js';
import type { Streams } from './stream/streams.js';
import type { LogGaps } from '../upkeep/log-gaps.js';
import type { TemporalFacts } from '../temporal/temporal-facts.js';
import type { Readiness } from '../temporal/readiness.js';
import type { WorkflowLinks } from '../temporal/workflow-links.js';
import type { SystemWatch } from '../upkeep/system-watch.js';

/** The dependencies of the routes, given once when the API starts. */
export interface ApiContext {
  readonly pool: Pool;
  /** Lists, which have their own connections. */
  readonly lists: Lists;
  readonly sealer: Sealer;
  readonly guard: AddressGuard;
  readonly workflows: EventWorkflows;
  readonly apps: Pick<Leased<App>, 'of'>;
  readonly readiness: Readiness;
  readonly system: Pick<SystemWatch, 'state'>;
  readonly workflowUrl: WorkflowLinks;
  /** Null when Temporal does not answer. */
  readonly temporalFacts: () => Promise<TemporalFacts | null>;
  readonly temporalUiUrl: string | undefined;
  readonly allowedTargets: readonly string[];
  readonly authenticator: Authenticator;
  readonly sessions: Sessions;
  /** The folder of the dashboard's files. */
  readonly dashboardPath: string;
  readonly limits: RateLimits;
  readonly streams: Pick<Streams, 'open'>;
  /** Told of what was committed. */
  readonly changes: Pick<Changes, 'tell'>;
  /** CIDRs of proxies whose `X-Forwarded-…` headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly eventTypes: EventTypeRegistry;
  readonly schemas: SchemaChecker;
  readonly acceptedIds: AcceptedIds;
  /** Largest event body as it would be sent, in bytes. */
  readonly maxEventBytes: number;
  /** How long PostgreSQL keeps an event, in days. */
  readonly retentionDays: number;
  /** The log's clock, which decides: see `startLogClock`. */
  readonly now: () => Date;
  /** Told of workflows that are missing. */
  readonly gaps: LogGaps;
  readonly logger: Logger;
}
