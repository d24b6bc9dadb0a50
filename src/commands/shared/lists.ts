import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

/** The flags of a list, as commander reads them. */
export interface ListFlags {
  readonly limit: string;
  readonly all?: true;
}

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/** What the API gives at once, at most. */
const PAGE = 100;

/**
 * As many rows as were asked for, and where the list goes on; null at its end.
 * @param page reads one page
 * @throws CommandError of usage
 */
export async function rowsWanted<Row>(
  flags: ListFlags,
  page: (query: { limit: number; cursor?: string }) => Promise<Page<Row>>,
): Promise<Page<Row>> {
  const most = flags.all ? Infinity : wholeNumber(flags.limit, '--limit');
  const rows: Row[] = [];
  let next: string | null = null;
  do {
    const limit = Math.min(PAGE, most - rows.length);
    const read: Page<Row> = await page(next === null ? { limit } : { limit, cursor: next });
    rows.push(...read.rows);
    next = read.next;
  } while (next !== null && rows.length < most);
  return { rows, next };
}

/** @throws CommandError of usage for what is no whole number from 1 on */
export function wholeNumber(text: string, flag: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new CommandError(EXIT.usage, `${flag}: ${text} is no whole number from 1 on.`);
}
