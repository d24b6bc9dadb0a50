import { Semaphore } from './semaphore.js';

export interface BulkheadOptions {
  /** Of one key at the same time. */
  readonly forEachConcurrent: number;
  /** Of one key besides, that wait for that. */
  readonly waiting: number;
}

/** A key has as much under way as it may have. */
export class BulkheadFull extends Error {
  override name = 'BulkheadFull';
}

/**
 * Bounds what each key has under way, so that one that asks for much takes nothing from the others: so much at the same
 * time, so much that waits, in the order in which it came; more is refused at once.
 */
export class Bulkhead {
  private readonly byKey = new Map<string, { readonly turns: Semaphore; underWay: number }>();

  constructor(private readonly options: BulkheadOptions) {}

  /**
   * @param signal ends the waiting
   * @throws BulkheadFull; the signal's reason; what `work` throws
   */
  async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { forEachConcurrent, waiting } = this.options;
    const own = this.byKey.get(key) ?? { turns: new Semaphore(forEachConcurrent), underWay: 0 };
    if (own.underWay >= forEachConcurrent + waiting) throw new BulkheadFull();
    this.byKey.set(key, own);
    own.underWay += 1;
    try {
      return await own.turns.with(1, signal, work);
    } finally {
      own.underWay -= 1;
      if (own.underWay === 0) this.byKey.delete(key);
    }
  }
}
