import type { Delivery } from '../store/deliveries.js';

/**
 * Longer than a batch takes from opening an event to starting the workflow that carries it on: some 500 ms, and up to
 * a quarter of a minute where events go to hundreds of endpoints.
 */
const LONGEST_MS = 60_000;

/** Whether a delivery that has not ended may be without a workflow because a batch has just opened its event. */
export function mayLackWorkflow(
  { createdAt, completedAt }: Pick<Delivery, 'createdAt' | 'completedAt'>,
  now: Date,
): boolean {
  return completedAt === null && now.getTime() - createdAt.getTime() < LONGEST_MS;
}
