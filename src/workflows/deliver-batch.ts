import { CancellationScope, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import { atOnce } from '../at-once.js';
import type { BatchedEvent, BatchInput, BatchResult, CarriedEvent } from './contract.js';
import { opening, sooner, untilDone } from './options.js';

/** Opened in one statement, and first attempted at the same time. What is under way when a worker dies may repeat. */
const EVENTS_A_CHUNK = 100;
const CHUNKS_AT_ONCE = 2;

const quickly = proxyLocalActivities<WorkflowActivities>(opening);
const patiently = proxyActivities<WorkflowActivities>(untilDone);
const { awaitAttempts } = proxyLocalActivities<WorkflowActivities>({
  ...opening,
  startToCloseTimeout: '1 minute',
});

/**
 * Events that came together: opened and first attempted in chunks. Those that are not delivered then go on in a
 * `deliverEvent` each, and are cancelled there. Its id is `batch/<app_id>/<hash>`.
 */
export async function deliverBatch(batch: BatchInput): Promise<BatchResult> {
  let carriedOn = 0;
  let ignored = 0;
  const { firstExecutionRunId: runId } = workflowInfo();
  await CancellationScope.nonCancellable(() =>
    atOnce(CHUNKS_AT_ONCE, chunksOf(batch), async (chunk) => {
      const opened = await sooner(
        () => quickly.openBatch(chunk, runId),
        () => patiently.openBatch(chunk, runId),
      );
      const carryOn = async (indexes: readonly number[]) => {
        const events = indexes.map((index) => carried(chunk, chunk.events[index], runId));
        if (events.length === 0) return;
        await sooner(
          () => quickly.carryOn(events),
          () => patiently.carryOn(events),
        );
      };
      const late = async () => {
        if (opened.underWay.length === 0) return;
        await awaitAttempts(opened.underWay.flatMap(({ deliveryIds }) => deliveryIds));
        await carryOn(opened.underWay.map(({ index }) => index));
      };
      await Promise.all([carryOn(opened.left), late()]);
      carriedOn += opened.left.length + opened.underWay.length;
      ignored += opened.ignored;
    }),
  );
  return { events: batch.events.length, carriedOn, ignored };
}

function* chunksOf({ events, ...common }: BatchInput): Generator<BatchInput> {
  for (let from = 0; from < events.length; from += EVENTS_A_CHUNK) {
    yield { ...common, events: events.slice(from, from + EVENTS_A_CHUNK) };
  }
}

/** An event as its own workflow takes it over: without its body, which is in the log. */
function carried(
  { appId, acceptedAt }: BatchInput,
  event: BatchedEvent | undefined,
  openedBy: string,
): CarriedEvent {
  if (!event) throw new Error('an event was left that the batch does not have');
  const { eventId, eventType, contentHash, deliverAt, expiresAt } = event;
  return {
    appId,
    eventId,
    eventType,
    acceptedAt,
    contentHash,
    ...(deliverAt === undefined ? {} : { deliverAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    openedBy,
  };
}
