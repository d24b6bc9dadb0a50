import { CancellationScope, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import { atOnce } from '../at-once.js';
import type { BatchedEvent, BatchInput, BatchResult, CarriedEvent, UnrecordedOutcome } from './contract.js';
import { opening, untilDone } from './options.js';
import { quicklyOrPatiently } from './quickly-or-patiently.js';

/** Opened in one statement, and first attempted at the same time. What is under way when a worker dies may repeat. */
const EVENTS_A_CHUNK = 100;
const CHUNKS_AT_ONCE = 2;

const { recordOutcome } = proxyActivities<WorkflowActivities>(untilDone);
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
  const { workflowId } = workflowInfo();
  await CancellationScope.nonCancellable(() =>
    atOnce(CHUNKS_AT_ONCE, chunksOf(batch), async (chunk) => {
      const opened = await quicklyOrPatiently(({ openBatch }) => openBatch(chunk, workflowId));
      const carryOn = async (indexes: readonly number[]) => {
        const events = indexes.map((index) => carried(chunk, chunk.events[index], workflowId));
        if (events.length === 0) return;
        await quicklyOrPatiently((activities) => activities.carryOn(events));
      };
      const late = async () => {
        if (opened.underWay.length === 0) return;
        const unrecorded = await awaitAttempts(opened.underWay.flatMap(({ deliveryIds }) => deliveryIds));
        await recorded(unrecorded);
        await carryOn(opened.underWay.map(({ index }) => index));
      };
      await recorded(opened.unrecorded);
      await Promise.all([carryOn(opened.left), late()]);
      carriedOn += opened.left.length + opened.underWay.length;
      ignored += opened.ignored;
    }),
  );
  return { events: batch.events.length, carriedOn, ignored };
}

/** Waits until the log has what is known, so that nothing is sent again for want of it. */
async function recorded(outcomes: readonly UnrecordedOutcome[] = []): Promise<void> {
  await Promise.all(outcomes.map((outcome) => recordOutcome(outcome)));
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
  const { envelope: _inTheLog, ...rest } = event;
  return { appId, acceptedAt, ...rest, openedBy };
}
