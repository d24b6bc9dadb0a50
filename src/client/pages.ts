/** A page of a list, and where the next one begins; null: there is none. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/**
 * Every row of a list. Reads a page when its first row is wanted.
 * @param page reads the page that begins at the cursor; without one: the first
 */
export async function* rowsOf<Row>(
  page: (cursor: { cursor?: string }) => Promise<Page<Row>>,
): AsyncGenerator<Row, void> {
  let next: string | null = null;
  do {
    const read: Page<Row> = await page(next === null ? {} : { cursor: next });
    yield* read.rows;
    next = read.next;
  } while (next !== null);
}
