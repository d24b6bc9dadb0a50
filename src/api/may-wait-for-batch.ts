/** So long a batch may wait for its first attempts, before what they have left gets workflows of its own. */
const LONGEST_WAIT_MS = 60_000;

/** Whether an event, or its delivery, may be without a workflow because its batch still waits for answers. */
export function mayWaitForBatch({ createdAt }: { readonly createdAt: Date }): boolean {
  return Date.now() - createdAt.getTime() < LONGEST_WAIT_MS;
}
