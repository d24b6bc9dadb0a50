/** Runs one piece of work at a time for each key. A caller takes all its keys at once, so nobody deadlocks. */
export class KeyedMutex {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `work` when all earlier work with one of these keys has finished, whether it succeeded or not. */
  async run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T> {
    const mine = Promise.all(keys.flatMap((key) => this.last.get(key) ?? [])).then(work);
    const end = mine.catch(() => undefined);
    for (const key of keys) this.last.set(key, end);
    try {
      return await mine;
    } finally {
      for (const key of keys) if (this.last.get(key) === end) this.last.delete(key);
    }
  }
}
