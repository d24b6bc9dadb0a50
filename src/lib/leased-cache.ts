import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

/**
 * The API caches what it reads on a lease: a value is used for at most this long after its read began. Whoever changes
 * it answers when all earlier leases have expired, in every process. So a confirmed change applies everywhere, and a
 * submission needs no statement (0022).
 */
export const LEASE_MS = 200;
/** A timer may fire a little early. */
const MARGIN_MS = 20;

/** Call it after a committed change: it resolves when no process can still use the old value. */
export async function leasesEnd(): Promise<void> {
  await sleep(LEASE_MS + MARGIN_MS);
}

export interface Leasing<Value extends object> {
  /** Returns null for what does not exist; null is not cached. */
  readonly read: (name: string) => Promise<Value | null>;
  /** Maximum size of the cache, in the unit of `sizeOf`. */
  readonly mostSize: number;
  readonly sizeOf?: (value: Value) => number;
}

/** Reads through, and caches the value for one lease. Concurrent reads of one key share a single read. */
export class Leased<Value extends object> {
  private readonly reads: LRUCache<string, { readonly value: Promise<Value | null> }>;

  constructor(private readonly options: Leasing<Value>) {
    // Read the clock every time: a cached time would be stale after a busy tick.
    this.reads = new LRUCache({ maxSize: options.mostSize, ttl: LEASE_MS, ttlResolution: 0 });
  }

  of(name: string): Promise<Value | null> {
    const begun = this.reads.get(name);
    if (begun) return begun.value;
    const value = this.options.read(name);
    // The lease starts with the read, not with its answer: the value may change in between.
    this.reads.set(name, { value }, { size: 1 });
    void this.settle(name, value);
    return value;
  }

  /** Drops a value that turned out to be out of date. */
  forget(name: string): void {
    this.reads.delete(name);
  }

  private async settle(name: string, value: Promise<Value | null>): Promise<void> {
    const found = await value.catch(() => null);
    if (this.reads.peek(name)?.value !== value) return;
    if (found === null) this.reads.delete(name);
    else this.reads.set(name, { value }, { size: this.options.sizeOf?.(found) ?? 1, noUpdateTTL: true });
  }
}
