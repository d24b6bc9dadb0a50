import type { Logger } from 'pino';
import type { Pace } from '../delivery/pace.js';
import type { Post } from '../delivery/post.js';
import type { Pool } from '../store/pool.js';
import type { Sealer } from '../store/sealer.js';
import type { HealthReports } from '../health/reports.js';
import type { EventWorkflows } from '../temporal/event-workflows.js';
import type { Admissions } from './admissions.js';
import type { ReadyAttempts } from './ready-attempts.js';

/** What the activities work with; given once, when a worker starts. */
export interface Dependencies {
  readonly pool: Pool;
  readonly sealer: Sealer;
  readonly post: Post;
  readonly pace: Pick<Pace, 'reserve' | 'settle' | 'watch'>;
  readonly ready: ReadyAttempts;
  readonly logger: Logger;
  readonly now: () => Date;
  readonly admissions: Admissions;
  readonly workflows: EventWorkflows;
  readonly health: Pick<HealthReports, 'tell' | 'mention'>;
}
