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

interface Read<Value> {
  readonly value: Promise<Value | null>;
  /** True once the value is there, until a renewal has begun. */
  renewable: boolean;
}

/**
 * Reads through, and caches the value for one lease. Concurrent reads of one key share a single read. A value that is
 * used in the second half of its lease is read again beside its use: what is used steadily is never waited for.
 */
export class Leased<Value extends object> {
  private readonly reads: LRUCache<string, Read<Value>>;

  constructor(private readonly options: Leasing<Value>) {
    // Read the clock every time: a cached time would be stale after a busy tick.
    this.reads = new LRUCache({ maxSize: options.mostSize, ttl: LEASE_MS, ttlResolution: 0 });
  }

  of(name: string): Promise<Value | null> {
    const begun = this.reads.get(name);
    if (begun) {
      if (begun.renewable && this.reads.getRemainingTTL(name) <= LEASE_MS / 2) void this.renew(name, begun);
      return begun.value;
    }
    const read = { value: this.options.read(name), renewable: false };
    // The lease starts with the read, not with its answer: the value may change in between.
    this.reads.set(name, read, { size: 1 });
    void this.settle(name, read);
    return read.value;
  }

  /** Drops a value that turned out to be out of date. */
  forget(name: string): void {
    this.reads.delete(name);
  }

  private async settle(name: string, read: Read<Value>): Promise<void> {
    const found = await read.value.catch(() => null);
    if (this.reads.peek(name) !== read) return;
    if (found === null) this.reads.delete(name);
    // A new object: `lru-cache` keeps the old size for the same one.
    else this.reads.set(name, { ...read, renewable: true }, { size: this.sizeOf(found), noUpdateTTL: true });
  }

  /** A renewal that fails changes nothing: the value is read again when its lease has ended. */
  private async renew(name: string, earlier: Read<Value>): Promise<void> {
    earlier.renewable = false;
    const start = performance.now();
    const value = this.options.read(name);
    const found = await value.catch(() => undefined);
    if (found === undefined || this.reads.peek(name) !== earlier) return;
    if (found === null) this.reads.delete(name);
    else this.reads.set(name, { value, renewable: true }, { size: this.sizeOf(found), start });
  }

  private sizeOf(value: Value): number {
    return this.options.sizeOf?.(value) ?? 1;
  }
}
