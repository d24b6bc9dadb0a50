import { LRUCache } from 'lru-cache';
import type { AttemptResult } from '../workflows/contract.js';
import { workerStops } from './worker-stops.js';

/** What this process has begun to do, and an activity is to come for. */
export interface WorkUnderWay<Result> {
  readonly result: Promise<Result>;
  /** Breaks it off: the worker must end. */
  readonly interrupt: () => void;
}

/** Longer than an attempt takes, and the workflow to come for it; then the log is asked instead. */
const KEEP_MS = 120_000;
const MOST = 20_000;

/**
 * First attempts that were begun with the opening and had no answer soon. Whoever asks for the outcome takes it from
 * here, once; whoever does not find it asks the log, and so finds out that the attempt may have been sent.
 */
export class UnderWay {
  private readonly attempts = new LRUCache<string, WorkUnderWay<AttemptResult>>({ max: MOST, ttl: KEEP_MS });

  put(deliveryId: string, attempt: WorkUnderWay<AttemptResult>): void {
    this.attempts.set(deliveryId, attempt);
  }

  take(deliveryId: string): WorkUnderWay<AttemptResult> | undefined {
    const attempt = this.attempts.get(deliveryId);
    this.attempts.delete(deliveryId);
    return attempt;
  }
}

/** Its outcome, or what an interruption makes of it when the worker of the current activity must end. */
export function waitedFor<Result>({ result, interrupt }: WorkUnderWay<Result>): Promise<Result> {
  workerStops().addEventListener('abort', interrupt);
  return result;
}
