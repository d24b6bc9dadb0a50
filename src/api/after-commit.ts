import { TemporalUnavailable } from '../temporal/calls.js';
import type { ApiContext } from './context.js';

/**
 * Tells Temporal of a change that is committed: each of `tells` on its own. No change depends on Temporal, and no row is
 * locked while it is asked. What it cannot be told now, `upkeep/look-after.ts` finds in the log, or the workflow itself
 * when it looks again (docs/decisions/0029).
 */
export async function afterCommit(
  { logger }: Pick<ApiContext, 'logger'>,
  ...tells: readonly (() => Promise<unknown>)[]
): Promise<void> {
  const told = await Promise.allSettled(tells.map((tell) => tell()));
  for (const each of told) {
    if (each.status === 'fulfilled') continue;
    const err = each.reason as unknown;
    const level = err instanceof TemporalUnavailable ? 'warn' : 'error';
    logger[level]({ err }, 'could not tell Temporal of a change; Posthorn carries it out later');
  }
}
