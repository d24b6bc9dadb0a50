import type { Logger } from 'pino';
import type { EndpointSpeed } from '../dispatch/endpoint-speed.js';
import type { Post } from '../delivery/post.js';
import type { LogWriter } from '../store/attempts/log-writer.js';
import type { Pool } from '../store/database/pool.js';
import type { Routing } from '../store/endpoints/routing.js';
import type { Sealer } from '../store/secrets/sealer.js';
import type { HealthReports } from '../temporal/client/health-reports.js';
import type { EventWorkflows } from '../temporal/client/event-workflows.js';
import type { Admission } from '../temporal/admission.js';
import type { Semaphore } from '../lib/semaphore.js';
import type { LogGaps } from '../upkeep/log-gaps.js';
import type { KeyedMutex } from '../lib/keyed-mutex.js';
import type { Openings } from './dispatch/openings.js';
import type { UnderWay } from './dispatch/under-way.js';

/** The dependencies of the activities, given once when a worker starts. */
export interface Dependencies {
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly post: Post;
  readonly endpointSpeed: Pick<EndpointSpeed, keyof EndpointSpeed>;
  readonly openings: Openings;
  readonly underWay: UnderWay;
  /** For first attempts that are made with an opening. */
  readonly turns: Semaphore;
  readonly log: LogWriter;
  readonly routing: Routing;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How long PostgreSQL keeps an event, in days. */
  readonly retentionDays: number;
  /** Reports data that PostgreSQL does not have. */
  readonly gaps: LogGaps;
  readonly limitChecks: KeyedMutex;
  readonly workflows: EventWorkflows;
  /** Told when an event has been opened. */
  readonly admission: Pick<Admission, 'leave'>;
  readonly health: Pick<HealthReports, 'tell' | 'mention'>;
}
