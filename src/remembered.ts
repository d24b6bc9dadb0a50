import { LRUCache } from 'lru-cache';

export interface Remembering<Value extends object> {
  readonly read: (key: string) => Promise<Value>;
  /** In milliseconds: a change made elsewhere is seen after no longer than this. */
  readonly forMs: number;
  /** Of everything remembered, in the unit of `sizeOf`. */
  readonly mostSize: number;
  readonly sizeOf: (value: Value) => number;
}

/** Reads, and remembers for a moment what it has read. Those who ask for the same at the same time read once. */
export class Remembered<Value extends object> {
  private readonly values: LRUCache<string, Value>;
  private readonly reading = new Map<string, Promise<Value>>();

  constructor(private readonly options: Remembering<Value>) {
    const { forMs, mostSize, sizeOf } = options;
    this.values = new LRUCache({ maxSize: mostSize, sizeCalculation: sizeOf, ttl: forMs });
  }

  of(key: string): Promise<Value> {
    const known = this.values.get(key);
    if (known) return Promise.resolve(known);
    const begun = this.reading.get(key);
    if (begun) return begun;
    const read = this.options
      .read(key)
      .then((value) => {
        // Unless it was forgotten meanwhile: what was read before a change is not remembered after it.
        if (this.reading.get(key) === read) this.values.set(key, value);
        return value;
      })
      .finally(() => {
        if (this.reading.get(key) === read) this.reading.delete(key);
      });
    this.reading.set(key, read);
    return read;
  }

  /** After a change made here. */
  forget(key: string): void {
    this.values.delete(key);
    this.reading.delete(key);
  }
}
