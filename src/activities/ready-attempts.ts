import { LRUCache } from 'lru-cache';
import type { DeliveryTrigger } from '../store/deliveries.js';

/** An attempt that the log has as begun, and everything that sending it needs. Secret and headers are sealed. */
export interface ReadyAttempt {
  readonly deliveryId: string;
  readonly number: number;
  readonly possiblyRepeated: boolean;
  readonly trigger: DeliveryTrigger;
  readonly appId: string;
  readonly appName: string;
  readonly profileId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly body: Buffer;
  readonly endpointId: string;
  readonly url: string;
  readonly secret: Buffer | null;
  readonly headers: Buffer | null;
}

/**
 * First attempts that this process has just written to the log as begun. The attempt takes its own from here
 * instead of reading it again, once: whoever does not find it here asks the log, and so finds out that it may have
 * been sent already.
 */
export class ReadyAttempts {
  private readonly attempts = new LRUCache<string, ReadyAttempt>({
    max: 10_000,
    maxSize: 128 * 1024 * 1024,
    sizeCalculation: ({ body }) => body.length + 1_024,
    ttl: 60_000,
  });

  put(attempt: ReadyAttempt): void {
    this.attempts.set(attempt.deliveryId, attempt);
  }

  take(deliveryId: string, number: number): ReadyAttempt | undefined {
    const attempt = this.attempts.get(deliveryId);
    if (attempt?.number !== number) return undefined;
    this.attempts.delete(deliveryId);
    return attempt;
  }
}
