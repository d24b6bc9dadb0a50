import { LRUCache } from 'lru-cache';
import { KeyedMutex } from '../../lib/keyed-mutex.js';
import type { EventInput } from '../../workflows/contract.js';

/** Longer than it takes until an event is in the log, unless PostgreSQL is away. */
const KEEP_MS = 60_000;
const MOST = 20_000;

/** What a repetition of an event is told by. */
export type AcceptedId = Pick<EventInput, 'contentHash' | 'acceptedAt'>;

/**
 * The event ids that this process has just accepted, of those that callers chose. The log has them a moment later, and
 * Temporal tells of a repetition only when both came singly: without this, a batch could be answered 202 for an id that
 * had just been given to another content. All of them are durable.
 */
export class AcceptedIds {
  private readonly known = new LRUCache<string, AcceptedId>({ max: MOST, ttl: KEEP_MS });
  private readonly mutex = new KeyedMutex();

  get(appId: string, eventId: string): AcceptedId | undefined {
    return this.known.get(nameOf(appId, eventId));
  }

  remember(appId: string, eventId: string, { contentHash, acceptedAt }: AcceptedId): void {
    this.known.set(nameOf(appId, eventId), { contentHash, acceptedAt });
  }

  /** The log has the id. */
  forget(appId: string, eventId: string): void {
    this.known.delete(nameOf(appId, eventId));
  }

  /** Does `accept` when whoever came before with one of these ids has been accepted or refused. */
  inTurn<T>(appId: string, eventIds: readonly string[], accept: () => Promise<T>): Promise<T> {
    return this.mutex.run(
      eventIds.map((eventId) => nameOf(appId, eventId)),
      accept,
    );
  }
}

const nameOf = (appId: string, eventId: string) => `${appId}/${eventId}`;
