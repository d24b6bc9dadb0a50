/** Limits how many places each owner holds at the same time. It refuses immediately; nobody waits. */
export class Quota {
  private readonly taken = new Map<string, number>();

  /** @param most places that one owner may hold */
  constructor(private readonly most: number) {}

  /** Takes places for an owner, if that many are free; returns whether they were. */
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
