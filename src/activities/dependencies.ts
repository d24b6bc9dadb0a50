import type { Logger } from 'pino';
import type { Pace } from '../dispatch/endpoint-speed.js';
import type { Post } from '../delivery/post.js';
import type { LogWriter } from '../store/attempts/log-writer.js';
import type { Pool } from '../store/database/pool.js';
import type { Routing } from '../store/endpoints/routing.js';
import type { Sealer } from '../store/secrets/sealer.js';
import type { HealthReports } from '../temporal/client/health-reports.js';
import type { EventWorkflows } from '../temporal/client/event-workflows.js';
import type { InStep } from '../temporal/admission.js';
import type { Turns } from '../lib/semaphore.js';
import type { LogGaps } from '../upkeep/log-gaps.js';
import type { Admissions } from '../lib/keyed-mutex.js';
import type { Openings } from './dispatch/openings.js';
import type { UnderWay } from './dispatch/under-way.js';

/** What the activities work with; given once, when a worker starts. */
export interface Dependencies {
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly post: Post;
  readonly pace: Pick<Pace, keyof Pace>;
  readonly openings: Openings;
  readonly underWay: UnderWay;
  /** For first attempts that are made with an opening. */
  readonly turns: Turns;
  readonly log: LogWriter;
  readonly routing: Routing;
  readonly logger: Logger;
  readonly now: () => Date;
  /** How long the log keeps an event, in days. */
  readonly retentionDays: number;
  /** Told of what the log does not know. */
  readonly gaps: LogGaps;
  readonly admissions: Admissions;
  readonly workflows: EventWorkflows;
  /** Told when an event has been opened. */
  readonly inStep: Pick<InStep, 'leave'>;
  readonly health: Pick<HealthReports, 'tell' | 'mention'>;
}
