import { LRUCache } from 'lru-cache';
import type { Opening } from '../../workflows/contract.js';
import { workerStops } from '../lib/worker-stops.js';

/** An opening that was begun before its workflow asked for it. */
export interface OpeningAhead {
  readonly result: Promise<Opening>;
  /** Breaks it off: the process must end. */
  readonly interrupt: () => void;
}

/** Longer than a workflow takes to ask for its opening. */
const KEEP_MS = 120_000;
const MOST = 20_000;

/**
 * What this process knows of its openings, by the first run of their workflow. None is begun ahead twice, or when its
 * activity has come, or when the process is about to end.
 */
export class Openings {
  private readonly known = new LRUCache<string, OpeningAhead | 'asked_for'>({
    max: MOST,
    ttl: KEEP_MS,
  });

  private isEnding = false;

  /** Begins one before its workflow asks for it. */
  beginAhead(runId: string, begin: () => OpeningAhead): void {
    if (!this.isEnding && !this.known.has(runId)) this.known.set(runId, begin());
  }

  /** The one that was begun ahead, for the first who asks. */
  take(runId: string): OpeningAhead | undefined {
    const known = this.known.get(runId);
    this.known.set(runId, 'asked_for');
    return known === 'asked_for' ? undefined : known;
  }

  /** Begins none ahead any more: the workers are about to end. */
  end(): void {
    this.isEnding = true;
  }

  /** Waits for those that nobody has asked for. */
  async settled(): Promise<void> {
    const left = [...this.known.values()].filter((each) => each !== 'asked_for');
    await Promise.allSettled(left.map(({ result }) => result));
  }
}

/** What comes of it, or what an interruption makes of it when the worker of the current activity must end. */
export function waitedFor({ result, interrupt }: OpeningAhead): Promise<Opening> {
  workerStops().addEventListener('abort', interrupt);
  return result;
}
