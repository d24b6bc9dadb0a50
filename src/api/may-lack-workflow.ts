/**
 * Longer than a batch takes from opening an event to starting the workflow that carries it on: some 500 ms, and up to
 * ten seconds where events go to hundreds of endpoints.
 */
const LONGEST_MS = 60_000;

/** Whether an event, or its delivery, may be without a workflow because its batch has just opened it. */
export function mayLackWorkflow({ createdAt }: { readonly createdAt: Date }): boolean {
  return Date.now() - createdAt.getTime() < LONGEST_MS;
}
