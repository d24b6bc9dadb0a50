/** Closes all work concurrently, then what it used, one after the other. A failure does not stop the rest. */
export async function closeAll(
  work: readonly (() => Promise<unknown>)[],
  used: readonly (() => Promise<unknown>)[],
): Promise<void> {
  const failures: unknown[] = [];
  const note = (error: unknown) => failures.push(error);
  await Promise.all(work.map((close) => close().catch(note)));
  for (const close of used) await close().catch(note);
  if (failures.length > 0) throw new AggregateError(failures, 'could not close everything');
}
