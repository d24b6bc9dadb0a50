import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { WorkflowActivities } from '../activities/activities.js';
import type { LeftEvent, UnrecordedOutcome } from './contract.js';
import { opening, untilDone } from './options.js';

/** What v0.5 has come of the opening of a batch, or of a part of it. */
export interface OpenedBatchOfV05 {
  /** Where in the batch those stand that are to be carried on. */
  readonly left: readonly number[];
  /** The same, with the deliveries whose first attempts are under way in this process. */
  readonly underWay: readonly { readonly index: number; readonly deliveryIds: readonly string[] }[];
  readonly ignored: number;
  /** Outcomes that could not be written to the log yet; none without it. No recorded history has them. */
  readonly unrecorded?: readonly UnrecordedOutcome[];
}

const { recordOutcome } = proxyActivities<WorkflowActivities>(untilDone);
const { awaitAttempts } = proxyLocalActivities<WorkflowActivities>(opening);

/** As batches of v0.5 went on: what was under way was waited for, and what was not in the log written there first. */
export async function carryOnAsV05(
  opened: OpenedBatchOfV05,
  carryOn: (events: readonly LeftEvent[]) => Promise<void>,
): Promise<void> {
  await recorded(opened.unrecorded);
  const late = async () => {
    if (opened.underWay.length === 0) return;
    await recorded(await awaitAttempts(opened.underWay.flatMap(({ deliveryIds }) => deliveryIds)));
    await carryOn(opened.underWay.map(({ index }) => ({ index })));
  };
  await Promise.all([carryOn(opened.left.map((index) => ({ index }))), late()]);
}

async function recorded(outcomes: readonly UnrecordedOutcome[] = []): Promise<void> {
  await Promise.all(outcomes.map((outcome) => recordOutcome(outcome)));
}
