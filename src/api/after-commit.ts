import { TemporalUnavailable } from '../temporal/calls.js';
import type { ApiContext } from './context.js';

/**
 * Tells Temporal of a change that is committed. No change depends on Temporal, and no row is locked while it is asked:
 * what it cannot be told now, `upkeep/look-after.ts` does when it is back (docs/decisions/0029).
 */
export async function afterCommit(
  { logger }: Pick<ApiContext, 'logger'>,
  tell: () => Promise<unknown>,
): Promise<void> {
  try {
    await tell();
  } catch (err) {
    if (!(err instanceof TemporalUnavailable)) throw err;
    logger.warn({ err }, 'Temporal could not be told of a change: that is done when it is back');
  }
}
