import { LRUCache } from 'lru-cache';
import type { BegunAttempt } from '../store/begin-attempt.js';

/** Longer than a workflow takes from opening to its first attempts; then the log is asked instead. */
const KEEP_MS = 60_000;
const MOST_ATTEMPTS = 10_000;
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * First attempts that this process has just written to the log as begun. The attempt takes its own from here
 * instead of reading it again, once: whoever does not find it here asks the log, and so finds out that it may have
 * been sent already.
 */
export class ReadyAttempts {
  private readonly attempts = new LRUCache<string, BegunAttempt>({
    max: MOST_ATTEMPTS,
    maxSize: MOST_BYTES,
    sizeCalculation: ({ body }) => body.length + 1_024,
    ttl: KEEP_MS,
  });

  /** How many wait to be made; those that nobody came for are forgotten. */
  get size(): number {
    this.attempts.purgeStale();
    return this.attempts.size;
  }

  put(attempt: BegunAttempt): void {
    this.attempts.set(attempt.deliveryId, attempt);
  }

  take(deliveryId: string, number: number): BegunAttempt | undefined {
    const attempt = this.attempts.get(deliveryId);
    if (attempt?.number !== number) return undefined;
    this.attempts.delete(deliveryId);
    return attempt;
  }
}
