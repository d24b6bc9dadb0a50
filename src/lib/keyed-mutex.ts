/**
 * Lets one admission at a time look at an endpoint's limits: the others of this process wait here, and not for the
 * row's lock with a connection in their hands.
 */
export class Admissions {
  private readonly last = new Map<string, Promise<unknown>>();

  async oneByOne<T>(endpointId: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(endpointId) ?? Promise.resolve();
    const mine = before.then(work, work);
    // Whoever comes next waits for the end, whatever it is.
    const end = mine.catch(() => undefined);
    this.last.set(endpointId, end);
    try {
      return await mine;
    } finally {
      if (this.last.get(endpointId) === end) this.last.delete(endpointId);
    }
  }
}
