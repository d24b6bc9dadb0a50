import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

export interface Column<Row> {
  readonly head: string;
  readonly cell: (row: Row) => string;
  /** Whether its cells may go on in a next line where the terminal is too narrow. Ids never do. */
  readonly wraps?: boolean;
}

/** Between two columns. */
const GAP = 2;
const NARROWEST = 16;
const NO_BORDERS = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

/**
 * Rows as text for a terminal, without borders.
 * @param width of the terminal in characters; null: as wide as it gets
 */
export function tableOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | null,
): string {
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row)));
  const natural = columns.map(
    ({ head }, index) =>
      Math.max(head.length, ...cells.map((line) => stripVTControlCharacters(line[index] ?? '').length)) + GAP,
  );
  const table = new Table({
    head: columns.map(({ head }) => head),
    chars: NO_BORDERS,
    colWidths: withinWidth(columns, natural, width),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
  });
  table.push(...cells);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Takes from the columns that may wrap what is too much, evenly. */
function withinWidth(
  columns: readonly { readonly wraps?: boolean }[],
  natural: readonly number[],
  width: number | null,
): number[] {
  const excess = width === null ? 0 : natural.reduce((sum, each) => sum + each, 0) - width;
  const wrapping = columns.filter(({ wraps }) => wraps).length;
  if (excess <= 0 || wrapping === 0) return [...natural];
  const less = Math.ceil(excess / wrapping);
  return natural.map((each, index) =>
    columns[index]?.wraps ? Math.max(Math.min(each, NARROWEST), each - less) : each,
  );
}
