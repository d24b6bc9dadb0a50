import type { Day } from '../../domain/day.js';

/**
 * That something was written to the log, named by its id. Who is told reads the row itself, as it is by then. An event
 * stands for its deliveries, too, and an attempt for its delivery.
 */
export type Change =
  | { readonly kind: 'event'; readonly appId: string; readonly day: Day; readonly id: string }
  /** Without an application where it is not at hand: the row has it. */
  | { readonly kind: 'delivery'; readonly appId: string | null; readonly id: string }
  | { readonly kind: 'attempt'; readonly appId: string | null; readonly id: string; readonly number: number }
  | { readonly kind: 'webhook'; readonly appId: string; readonly id: string }
  | { readonly kind: 'job'; readonly appId: string; readonly id: string; readonly endpointId: string }
  /** More than is told one by one. */
  | { readonly kind: 'many'; readonly appId: string | null };

/** The same for changes of the same thing, of which the last one is enough. */
export function keyOf(change: Change): string {
  switch (change.kind) {
    case 'attempt':
      return `attempt/${change.id}/${change.number}`;
    case 'many':
      return `many/${change.appId}`;
    case 'event':
      return `event/${change.appId}/${change.id}`;
    case 'delivery':
    case 'webhook':
    case 'job':
      return `${change.kind}/${change.id}`;
  }
}

/** PostgreSQL takes 7,999 bytes with a notification; all that changes are made of is ASCII. */
const MOST_BYTES = 7_900;

/** Changes as the texts of notifications, as few as they fit into. */
export function payloadsOf(changes: readonly Change[]): string[] {
  const payloads: string[] = [];
  let texts: string[] = [];
  let bytes = 2;
  for (const change of changes) {
    const text = JSON.stringify(change);
    if (bytes + text.length + 1 > MOST_BYTES) {
      payloads.push(`[${texts.join(',')}]`);
      texts = [];
      bytes = 2;
    }
    texts.push(text);
    bytes += text.length + 1;
  }
  return texts.length === 0 ? payloads : [...payloads, `[${texts.join(',')}]`];
}

export function changesIn(payload: string): readonly Change[] {
  return JSON.parse(payload) as readonly Change[];
}
