import pc from 'picocolors';
import type { ClientFlags, OutputForm } from './client-flags.js';
import { tableOf, type Column } from './table.js';
import { timesAs, type Times } from './times.js';

export type Colours = ReturnType<typeof pc.createColors>;

/** What a command prints: data on standard output, everything else on standard error. */
export interface Output {
  readonly form: OutputForm;
  readonly colours: Colours;
  readonly times: Times;
  /** A line of data. */
  line(text: string): void;
  /** A value as one line of JSON. */
  jsonLine(value: unknown): void;
  /** A hint, for people alone: not with `--quiet`. */
  hint(text: string): void;
  /**
   * An answer of the API in the form that was asked for.
   * @param rows what `jsonl` prints a line each; without it, the answer is one
   */
  answer(answer: unknown, forPeople: () => string, rows?: readonly unknown[]): void;
  /** A list of the API in the form that was asked for. `wrapped` is the whole answer. */
  list<Row>(wrapped: unknown, rows: readonly Row[], columns: readonly Column<Row>[], none: string): void;
}

export function outputFor(flags: Pick<ClientFlags, 'output' | 'json' | 'time' | 'color' | 'quiet'>): Output {
  const form = flags.json ? 'json' : flags.output;
  // picocolors itself knows NO_COLOR, FORCE_COLOR and whether this is a terminal.
  const colours = flags.color ? pc : pc.createColors(false);
  const line = (text: string) => void process.stdout.write(`${text}\n`);
  const hint = (text: string) => {
    if (!flags.quiet) process.stderr.write(`${text}\n`);
  };
  const jsonLine = (value: unknown) => line(JSON.stringify(value));
  return {
    form,
    colours,
    times: timesAs(flags.time),
    line,
    jsonLine,
    hint,
    answer(answer, forPeople, rows = [answer]) {
      if (form === 'json') line(JSON.stringify(answer, null, 2));
      else if (form === 'jsonl') rows.forEach(jsonLine);
      else line(forPeople());
    },
    list(wrapped, rows, columns, none) {
      if (form === 'table' && rows.length === 0) hint(none);
      else this.answer(wrapped, () => tableOf(columns, rows, process.stdout.columns ?? null), rows);
    },
  };
}

/** A thing's fields for people, a line each; those without a value are left out. */
export function fieldsText(fields: readonly (readonly [name: string, value: string | null])[]): string {
  const given = fields.filter(([, value]) => value !== null);
  const width = Math.max(...given.map(([name]) => name.length)) + 2;
  return given.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n');
}

/** A status in the colour that says at once whether it is good; the word says it too. */
export function statusText(colours: Colours, status: string): string {
  switch (status) {
    case 'delivered':
    case 'success':
    case 'active':
    case 'completed':
      return colours.green(status);
    case 'failed':
    case 'disabled':
      return colours.red(status);
    case 'pending':
    case 'processing':
    case 'running':
    case 'paused':
      return colours.yellow(status);
    default:
      return status;
  }
}
