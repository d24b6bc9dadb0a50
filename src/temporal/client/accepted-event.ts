import { isCarried, type CarriedEvent, type EventInput } from '../../workflows/contract/event.js';
import type { BatchInput } from '../../workflows/contract/batch.js';
import type { Beginning, KnownWorkflows } from './known.js';
import { eventWorkflowId, isBatchWorkflow } from './ids.js';

/** An event as it was accepted, with its body. */
export interface AcceptedEvent {
  readonly event: EventInput;
  /** Who opens it: the first run of its own workflow, or its batch's workflow. */
  readonly openedBy: string;
}

type Workflows = Pick<KnownWorkflows, 'beginningOf'>;
type Began = Beginning<EventInput | CarriedEvent>;

/** An event as its own workflow has it; null if Temporal knows none, or not the body. */
export async function acceptedEvent(
  workflows: Workflows,
  appId: string,
  eventId: string,
): Promise<AcceptedEvent | null> {
  const began: Began | null = await workflows.beginningOf(eventWorkflowId(appId, eventId));
  return began && withBody(workflows, began);
}

/** The same by how its workflow began: the body of one that is carried on is where it was accepted. */
export async function withBody(
  workflows: Workflows,
  { input, firstRunId }: Pick<Began, 'input' | 'firstRunId'>,
): Promise<AcceptedEvent | null> {
  if (!isCarried(input)) return { event: input, openedBy: firstRunId };
  const { openedBy, openedInRun, appId, eventId, acceptedAt, contentHash } = input;
  if (!isBatchWorkflow(openedBy)) {
    const first: Began | null = await workflows.beginningOf(eventWorkflowId(appId, eventId), openedBy);
    return first && !isCarried(first.input) ? { event: first.input, openedBy } : null;
  }
  const batch = await workflows.beginningOf<BatchInput>(openedBy, openedInRun);
  const batched = batch?.input.events.find(
    (event) => event.eventId === eventId && event.contentHash === contentHash,
  );
  // A batch that was begun again has a later time than the events that its first run has opened.
  return batched ? { event: { ...batched, appId, acceptedAt }, openedBy } : null;
}
