import type { AttemptSummary } from './contract/delivery.js';
import type { FinalReason } from '../domain/delivery.js';
import type { DeliveryState } from './messages.js';

/**
 * What the Temporal UI shows of an event, as Markdown: a line for each delivery and the attempts of those that failed,
 * those first that somebody may have to look after. Bounded, whatever the event has, because it is made anew at every
 * change, and at a replay all of that in one task; the API has everything. Pure.
 */

/** Together below 20,000 characters. */
const MOST_LINES = 40;
const MOST_TABLES = 3;
const MOST_ATTEMPTS = 20;
const LONGEST_ANSWER = 100;

const ORDER = ['failed', 'held', 'waiting', 'sending', 'delivered'] as const satisfies DeliveryState[];

/** What is shown of a delivery. */
export interface Shown {
  readonly delivery: { readonly endpointId: string };
  readonly state: DeliveryState;
  readonly attempt: number;
  readonly reason: FinalReason | null;
  readonly last: string | null;
  readonly nextAttemptAt: number | null;
  readonly attempts: readonly AttemptSummary[];
}

export function detailsOf(all: readonly Shown[]): string {
  const byState: Record<DeliveryState, Shown[]> = {
    failed: [],
    held: [],
    waiting: [],
    sending: [],
    delivered: [],
  };
  for (const each of all) byState[each.state].push(each);
  const lines = ORDER.flatMap((state) => byState[state].slice(0, MOST_LINES)).slice(0, MOST_LINES);
  const more = all.length - lines.length;
  return [
    '| endpoint | state | attempt | last answer | next attempt |',
    '|---|---|---|---|---|',
    ...lines.map(
      ({ delivery, state, attempt, reason, last, nextAttemptAt }) =>
        `| \`${delivery.endpointId}\` | ${state}${reason ? ` (${reason})` : ''} | ${attempt} | ` +
        `${cell(last)} | ${timeOf(nextAttemptAt) ?? ''} |`,
    ),
    ...(more > 0 ? ['', `and ${more} more: ${countsOf(byState)}`] : []),
    ...withTables(all).flatMap(attemptTable),
  ].join('\n');
}

/** Those whose attempts are shown. */
export function withTables<Each extends Shown>(all: readonly Each[]): readonly Each[] {
  const found: Each[] = [];
  for (const each of all) {
    if (found.length === MOST_TABLES) break;
    if (each.attempts.length > 0) found.push(each);
  }
  return found;
}

function countsOf(byState: Readonly<Record<DeliveryState, readonly Shown[]>>): string {
  const counts = ORDER.filter((state) => byState[state].length > 0);
  return `${counts.map((state) => `${byState[state].length} ${state}`).join(', ')} in all`;
}

function attemptTable({ delivery, attempts }: Shown): string[] {
  const newest = attempts.slice(-MOST_ATTEMPTS);
  return [
    '',
    newest.length < attempts.length
      ? `The last ${newest.length} of ${attempts.length} attempts to \`${delivery.endpointId}\`:`
      : `Attempts to \`${delivery.endpointId}\`:`,
    '',
    '| attempt | started | took | answer |',
    '|---|---|---|---|',
    ...newest.map(
      ({ number, startedAt, durationMs, answer }) =>
        `| ${number} | ${startedAt} | ${durationMs === null ? '' : `${durationMs} ms`} | ${cell(answer)} |`,
    ),
  ];
}

/** Null for what is no time. */
export function timeOf(milliseconds: number | null): string | null {
  const time = new Date(milliseconds ?? NaN);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

function cell(text: string | null): string {
  const short = text ?? '';
  const cut = short.length > LONGEST_ANSWER ? `${short.slice(0, LONGEST_ANSWER - 1)}…` : short;
  return cut.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
