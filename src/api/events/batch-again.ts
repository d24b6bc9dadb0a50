import { forEachConcurrent } from '../../lib/for-each-concurrent.js';
import type { App } from '../../domain/app.js';
import { isDatabaseUnavailable } from '../../store/database/errors.js';
import { findEventKeys } from '../../store/events/events.js';
import { batchWorkflowId, eventWorkflowId } from '../../temporal/client/ids.js';
import type { EventInput } from '../../workflows/contract/event.js';
import { isDone } from './accepted-earlier.js';
import type { ApiContext } from '../context.js';

const LOOKS_AT_ONCE = 10;

/**
 * The events of an earlier batch that nobody delivers: PostgreSQL does not have them, and Temporal does not say that they
 * were finished. None while PostgreSQL is away.
 */
export async function leftBehind(
  { pool, workflows, logger }: ApiContext,
  app: App,
  hash: string,
  events: readonly EventInput[],
): Promise<EventInput[]> {
  const batch = await workflows.standingOf(batchWorkflowId(app.id, hash));
  if (batch.kind !== 'closed') return [];
  try {
    // Only now: a batch writes to PostgreSQL before it ends.
    const ids = events.map(({ eventId }) => eventId);
    const keys = await findEventKeys(pool, app.id, ids);
    const left: EventInput[] = [];
    const unknown = events.filter(({ eventId }) => !keys.has(eventId));
    await forEachConcurrent(LOOKS_AT_ONCE, unknown, async (event) => {
      const own = await workflows.standingOf(eventWorkflowId(app.id, event.eventId));
      if (own.kind === 'running') return;
      // Without a workflow of its own it was delivered at once, unless the batch left it to others.
      if (own.kind === 'unknown' && batch.result && 'ignored' in batch.result && batch.result.ignored === 0)
        return;
      const result = own.kind === 'closed' && own.result && 'deliveries' in own.result ? own.result : null;
      if (!isDone(result)) left.push({ ...event, mayRepeat: true });
    });
    return left;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    logger.warn({ err: error }, 'could not look up whether a repeated batch was delivered');
    return [];
  }
}
