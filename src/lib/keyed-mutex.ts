/** One piece of work at a time for each key. Whoever wants several keys takes them all in one moment: nobody deadlocks. */
export class KeyedMutex {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Does `work` when everybody who came before with one of these keys has finished, however that was. */
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
