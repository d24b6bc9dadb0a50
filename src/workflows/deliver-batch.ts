import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { forEachConcurrent } from '../lib/for-each-concurrent.js';
import type { CarriedEvent } from './contract/event.js';
import type { BatchInput, BatchResult, LeftEvent } from './contract/batch.js';
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
  const { workflowId, runId } = workflowInfo();
  await CancellationScope.nonCancellable(() =>
    forEachConcurrent(CHUNKS_AT_ONCE, chunksOf(batch), async (chunk) => {
      const opened = await quicklyOrPatiently(
        `record ${chunk.events.length} events, first attempts`,
        ({ openBatch }) => openBatch(chunk, workflowId),
      );
      const events = opened.toCarryOn.flatMap((event) =>
        carried(chunk, event, { openedBy: workflowId, openedInRun: runId }),
      );
      if (events.length > 0)
        await quicklyOrPatiently(`start ${events.length} workflows`, ({ carryOn }) =>
          carryOn(events, opened.schedules),
        );
      carriedOn += events.length;
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

/** An event as its own workflow takes it over: without its body, which is in the log. None that the chunk lacks. */
function carried(
  { appId, acceptedAt, events }: BatchInput,
  { index, ...attempted }: LeftEvent,
  opened: Pick<CarriedEvent, 'openedBy' | 'openedInRun'>,
): CarriedEvent[] {
  const event = events[index];
  if (!event) return [];
  const { envelope: _inTheLog, ...rest } = event;
  return [{ appId, acceptedAt, ...rest, ...opened, ...attempted }];
}
