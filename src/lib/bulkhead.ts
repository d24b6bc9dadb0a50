import { Semaphore } from './semaphore.js';

export interface BulkheadOptions {
  /** Maximum concurrent work of one key. */
  readonly concurrent: number;
  /** Maximum waiting work of one key, beside the concurrent work. */
  readonly waiting: number;
}

/** The key has reached its limits. */
export class BulkheadFull extends Error {
  override name = 'BulkheadFull';
}

/**
 * Limits the work of each key, so that a busy key takes nothing from the others: some runs, some waits in the order of
 * arrival, and more is refused immediately.
 */
export class Bulkhead {
  private readonly byKey = new Map<string, { readonly turns: Semaphore; underWay: number }>();

  constructor(private readonly options: BulkheadOptions) {}

  /**
   * @param signal ends the waiting
   * @throws BulkheadFull; the signal's reason; what `work` throws
   */
  async run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { concurrent, waiting } = this.options;
    const own = this.byKey.get(key) ?? { turns: new Semaphore(concurrent), underWay: 0 };
    if (own.underWay >= concurrent + waiting) throw new BulkheadFull();
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
