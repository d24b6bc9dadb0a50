import { setTimeout as sleep } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';

/**
 * What the API remembers of the database, it has on a lease: it is used for no longer than this after its reading
 * began. Whoever changes it answers when the leases of before the change have run out, in every process. So a
 * confirmed change holds everywhere, and a submission needs no statement (0022).
 */
export const LEASE_MS = 200;
/** A timer may end a little early. */
const MARGIN_MS = 20;

/** After a change has been committed: resolves when no process remembers what was before it. */
export async function leasesEnd(): Promise<void> {
  await sleep(LEASE_MS + MARGIN_MS);
}

export interface Leasing<Value extends object> {
  /** Null, where there is nothing by that name, is not remembered. */
  readonly read: (name: string) => Promise<Value | null>;
  /** Of everything remembered, in the unit of `sizeOf`. */
  readonly mostSize: number;
  readonly sizeOf?: (value: Value) => number;
}

/** Reads, and remembers for a lease what it has read. Those who ask for the same within that time read once. */
export class Leased<Value extends object> {
  private readonly reads: LRUCache<string, { readonly value: Promise<Value | null> }>;

  constructor(private readonly options: Leasing<Value>) {
    // Each time is looked at anew: a thread that was busy would go by an old one.
    this.reads = new LRUCache({ maxSize: options.mostSize, ttl: LEASE_MS, ttlResolution: 0 });
  }

  of(name: string): Promise<Value | null> {
    const begun = this.reads.get(name);
    if (begun) return begun.value;
    const value = this.options.read(name);
    // From now on, and not from the answer on: what it says may have changed meanwhile.
    this.reads.set(name, { value }, { size: 1 });
    void this.settle(name, value);
    return value;
  }

  /** What was found out not to be so any more. */
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
