import type { Logger } from 'pino';
import type { Pace } from '../delivery/pace.js';
import type { Post } from '../delivery/post.js';
import type { Pool } from '../store/pool.js';
import type { Sealer } from '../store/sealer.js';
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
  /** Sends a delivery's workflow the signal that lets it go on. */
  readonly release: (workflowId: string, deliveryId: string) => Promise<void>;
}
