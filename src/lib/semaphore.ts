interface Waiting {
  readonly places: number;
  readonly enter: () => void;
}

/** Lets so many in at the same time, in the order in which they came. */
export class Semaphore {
  private free: number;
  private waiting: Waiting[] = [];

  constructor(private readonly most: number) {
    this.free = most;
  }

  /**
   * Does `work` when there are so many places, at most as many as there are in all.
   * @param signal ends the waiting
   * @throws the signal's reason
   */
  async with<T>(places: number, signal: AbortSignal, work: (hasWaited: boolean) => Promise<T>): Promise<T> {
    const wanted = Math.min(places, this.most);
    const hasWaited = this.waiting.length > 0 || wanted > this.free;
    if (hasWaited) await this.turn(wanted, signal);
    else this.free -= wanted;
    try {
      signal.throwIfAborted();
      return await work(hasWaited);
    } finally {
      this.free += wanted;
      this.admit();
    }
  }

  private turn(places: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        places,
        enter: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      const leave = () => {
        this.waiting = this.waiting.filter((other) => other !== waiting);
        reject(signal.reason as Error);
        // It may have been what the others waited behind.
        this.admit();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(waiting);
    });
  }

  private admit(): void {
    for (let next = this.waiting[0]; next && next.places <= this.free; next = this.waiting[0]) {
      this.waiting.shift();
      this.free -= next.places;
      next.enter();
    }
  }
}
