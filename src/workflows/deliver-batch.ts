import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { atOnce } from '../at-once.js';
import { carryOnAsV05, type OpenedBatchOfV05 } from './batch-of-v05.js';
import type { BatchInput, BatchResult, CarriedEvent, LeftEvent, OpenedBatch } from './contract.js';
import { quicklyOrPatiently } from './quickly-or-patiently.js';

/** Opened in one statement, and first attempted at the same time. What is unanswered when a worker dies may repeat. */
const EVENTS_A_CHUNK = 100;
const CHUNKS_AT_ONCE = 2;

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
      const opened: OpenedBatch | OpenedBatchOfV05 = await quicklyOrPatiently(({ openBatch }) =>
        openBatch(chunk, workflowId),
      );
      const carryOn = async (left: readonly LeftEvent[]) => {
        if (left.length === 0) return;
        const events = left.map((event) => carried(chunk, event, workflowId));
        await quicklyOrPatiently((activities) => activities.carryOn(events));
        carriedOn += left.length;
      };
      if ('toCarryOn' in opened) await carryOn(opened.toCarryOn);
      else await carryOnAsV05(opened, carryOn);
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
  { appId, acceptedAt, events }: BatchInput,
  { index, ...attempted }: LeftEvent,
  openedBy: string,
): CarriedEvent {
  const event = events[index];
  if (!event) throw new Error('an event was left that the batch does not have');
  const { envelope: _inTheLog, ...rest } = event;
  return { appId, acceptedAt, ...rest, openedBy, ...attempted };
}
