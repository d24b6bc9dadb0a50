/** Lets so many in at the same time, in the order in which they came. */
export class Turns {
  private free: number;
  private readonly waiting: { readonly places: number; readonly enter: () => void }[] = [];

  constructor(private readonly most: number) {
    this.free = most;
  }

  /** Does `work` when there are so many places, at most as many as there are in all. */
  async with<T>(places: number, work: () => Promise<T>): Promise<T> {
    const wanted = Math.min(places, this.most);
    if (this.waiting.length > 0 || wanted > this.free) {
      await new Promise<void>((enter) => this.waiting.push({ places: wanted, enter }));
    } else {
      this.free -= wanted;
    }
    try {
      return await work();
    } finally {
      this.free += wanted;
      this.admit();
    }
  }

  private admit(): void {
    for (let next = this.waiting[0]; next && next.places <= this.free; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.places;
      next.enter();
    }
  }
}
