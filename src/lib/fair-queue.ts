/** A round-robin queue: owners with waiting items take turns. */
export class FairQueue<Item> {
  /** By owner; the owner whose turn is next comes first. */
  private readonly waiting = new Map<string, Item[]>();
  private count = 0;

  get size(): number {
    return this.count;
  }

  of(owner: string): readonly Item[] {
    return this.waiting.get(owner) ?? [];
  }

  add(owner: string, item: Item): void {
    const own = this.waiting.get(owner);
    if (own) own.push(item);
    else this.waiting.set(owner, [item]);
    this.count += 1;
  }

  /** Takes the first item of the owner whose turn it is, and passes the turn on. */
  take(): Item | undefined {
    const [turn] = this.waiting;
    if (!turn) return undefined;
    const [owner, items] = turn;
    const item = items.shift();
    this.waiting.delete(owner);
    if (items.length > 0) this.waiting.set(owner, items);
    this.count -= 1;
    return item;
  }

  /** Removes an item that no longer waits. */
  remove(owner: string, item: Item): void {
    const own = this.waiting.get(owner);
    const index = own?.indexOf(item) ?? -1;
    if (!own || index < 0) return;
    own.splice(index, 1);
    if (own.length === 0) this.waiting.delete(owner);
    this.count -= 1;
  }
}
