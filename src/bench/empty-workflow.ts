/** What a workflow costs in itself: Temporal's own ceiling, by which everything else is measured. */
export async function empty(): Promise<void> {
  // Nothing to do.
}
