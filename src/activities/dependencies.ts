import type { Logger } from 'pino';
import type { EndpointShares } from '../dispatch/endpoint-shares.js';
import type { EndpointSpeed } from '../dispatch/endpoint-speed.js';
import type { Post } from '../delivery/post.js';
import type { Changes } from '../store/changes/changes.js';
import type { LogWriter } from '../store/attempts/log-writer.js';
import type { Pool } from '../store/database/pool.js';
import type { Routing } from '../store/endpoints/routing.js';
import type { Sealer } from '../store/secrets/sealer.js';
import type { HealthReports } from '../temporal/client/health-reports.js';
import type { EventWorkflows } from '../temporal/client/event-workflows.js';
import type { LogGaps } from '../upkeep/log-gaps.js';
import type { KeyedMutex } from '../lib/keyed-mutex.js';
import type { Dispatcher } from './dispatch/dispatcher.js';
import type { Recorder } from './dispatch/recorder.js';

/** The dependencies of the activities, given once when a worker starts. */
export interface Dependencies {
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly post: Post;
  readonly speed: Pick<EndpointSpeed, 'of' | 'watch'>;
  readonly shares: Pick<EndpointShares, 'isFull' | 'count'>;
  readonly log: LogWriter;
  /** Told of what was committed. */
  readonly changes: Pick<Changes, 'tell'>;
  readonly routing: Routing;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How long PostgreSQL keeps an event, in days. */
  readonly retentionDays: number;
  /** Reports data that PostgreSQL does not have. */
  readonly gaps: LogGaps;
  /** One look at an endpoint's limits at a time: the others wait here, and not with a connection for its row's lock. */
  readonly limitChecks: KeyedMutex;
  readonly workflows: EventWorkflows;
  readonly health: Pick<HealthReports, 'tell' | 'mention'>;
}

/** What those work with that record events and make their first attempts. */
export interface RecordingDependencies extends Dependencies {
  readonly dispatcher: Pick<Dispatcher, 'hasRoom' | 'withPermits' | 'dispatch'>;
}

/** What all activities work with. */
export interface ActivityDependencies extends RecordingDependencies {
  readonly recorder: Pick<Recorder, 'recorded'>;
}
