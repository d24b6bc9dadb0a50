import { LRUCache } from 'lru-cache';
import { KeyedMutex } from '../../lib/keyed-mutex.js';
import type { EventInput } from '../../workflows/contract/event.js';

/** Longer than it takes to record an event, unless PostgreSQL is away. At most `MOST` ids are kept. */
const KEEP_MS = 60_000;
const MOST = 20_000;

/** Tells a repetition from an event with other content. */
export interface AcceptedId extends Pick<EventInput, 'contentHash' | 'acceptedAt'> {
  readonly workflowId: string;
}

/**
 * The event ids that callers chose and this process has just accepted. PostgreSQL has them a moment later, and Temporal
 * detects a repetition only between single submissions. Without this cache, a batch could be answered 202 for an id
 * that had just been accepted with other content. All of these events are durable.
 */
export class AcceptedIds {
  private readonly known = new LRUCache<string, AcceptedId>({ max: MOST, ttl: KEEP_MS });
  private readonly mutex = new KeyedMutex();

  get(appId: string, eventId: string): AcceptedId | undefined {
    return this.known.get(nameOf(appId, eventId));
  }

  remember(appId: string, eventId: string, accepted: AcceptedId): void {
    this.known.set(nameOf(appId, eventId), accepted);
  }

  /** PostgreSQL has the id now. */
  forget(appId: string, eventId: string): void {
    this.known.delete(nameOf(appId, eventId));
  }

  /** Runs `accept` when all earlier submissions with one of these ids have been accepted or refused. */
  inTurn<T>(appId: string, eventIds: readonly string[], accept: () => Promise<T>): Promise<T> {
    return this.mutex.run(
      eventIds.map((eventId) => nameOf(appId, eventId)),
      accept,
    );
  }
}

const nameOf = (appId: string, eventId: string) => `${appId}/${eventId}`;
