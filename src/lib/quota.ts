/** Lets each owner have so much at the same time, and not more: who asks for more is told so at once, and waits nowhere. */
export class Quota {
  private readonly taken = new Map<string, number>();

  /** @param most what one owner may have */
  constructor(private readonly most: number) {}

  /** Takes places for an owner, and says whether there were so many. */
  enter(owner: string, places = 1): boolean {
    const taken = (this.taken.get(owner) ?? 0) + places;
    if (taken > this.most) return false;
    this.taken.set(owner, taken);
    return true;
  }

  /** Gives back places that were taken. */
  leave(owner: string, places = 1): void {
    const taken = (this.taken.get(owner) ?? 0) - places;
    if (taken > 0) this.taken.set(owner, taken);
    else this.taken.delete(owner);
  }
}
