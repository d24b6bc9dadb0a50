import { LRUCache } from 'lru-cache';
import type { Opening } from '../workflows/contract.js';
import type { WorkUnderWay } from './under-way.js';

/** Longer than a workflow takes to ask for its opening. */
const KEEP_MS = 120_000;
const MOST = 20_000;

/** What this process knows of its openings, by the first run of their workflow: none is begun twice here. */
export class Openings {
  private readonly known = new LRUCache<string, WorkUnderWay<Opening> | 'asked_for'>({
    max: MOST,
    ttl: KEEP_MS,
  });

  /** Begins one before its workflow asks for it, unless that has asked already. */
  beginAhead(runId: string, begin: () => WorkUnderWay<Opening>): void {
    if (!this.known.has(runId)) this.known.set(runId, begin());
  }

  /** The one that was begun ahead, for the first who asks. */
  take(runId: string): WorkUnderWay<Opening> | undefined {
    const known = this.known.get(runId);
    this.known.set(runId, 'asked_for');
    return known === 'asked_for' ? undefined : known;
  }

  /** Waits for those that nobody has asked for. */
  async settled(): Promise<void> {
    const left = [...this.known.values()].filter((each) => each !== 'asked_for');
    await Promise.allSettled(left.map(({ result }) => result));
  }
}
