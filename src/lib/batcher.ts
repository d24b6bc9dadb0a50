export interface Batching<Item, Result> {
  /** One result for each item, in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** What one call may weigh; an item weighs 1 unless it is said how much. */
  readonly most: number;
  readonly weigh?: (item: Item) => number;
  /** Calls at the same time: one that waits for a lock does not hold up everybody. */
  readonly calls: number;
  /**
   * When calls have begun, how long until further ones begin, in milliseconds: 0 unless it is said. Then goes what has
   * come meanwhile, in so many calls as there may be.
   */
  readonly apartMs?: number;
  /** Whether a failure is everybody's, and a part of the group would fail too: no failure is, unless it is said. */
  readonly failsAll?: (error: unknown) => boolean;
}

/** So long after a call could have begun, nobody else is to be expected: under load, calls follow sooner than that. */
const QUIET_MS = 50;

/**
 * Joins what is asked for at the same time into one call: what comes in the same turn of the event loop, or while
 * all calls are under way or the next one is not due yet, goes together. Alone, and not soon after another, an item
 * waits for nobody, and not for the end of the turn.
 *
 * When a call for several fails, its halves are tried, one after the other and in the same place, and so on, so that
 * none fails for another: what is run must be harmless when it is repeated.
 */
export function batcher<Item, Result>(grouping: Batching<Item, Result>) {
  const { run, most, weigh = () => 1, calls, apartMs = 0, failsAll = () => false } = grouping;
  type Waiting = {
    readonly item: Item;
    readonly settle: (result: Result) => void;
    readonly fail: (error: unknown) => void;
  };
  const waiting: Waiting[] = [];
  let underWay = 0;
  let isPlanned = false;
  let begunAt = -Infinity;

  /** How long before the next call is due; less than 0 since then. */
  const earlyMs = () => begunAt + apartMs - performance.now();

  const plan = () => {
    if (isPlanned || waiting.length === 0 || underWay >= calls) return;
    isPlanned = true;
    const early = earlyMs();
    if (early > 0) setTimeout(begin, early);
    else if (early > -QUIET_MS) setImmediate(begin);
    // The end of the turn may be a millisecond away.
    else queueMicrotask(begin);
  };

  const begin = () => {
    isPlanned = false;
    while (waiting.length > 0 && underWay < calls) {
      begunAt = performance.now();
      underWay += 1;
      void runGroup(waiting.splice(0, fitting())).finally(() => {
        underWay -= 1;
        if (isPlanned || earlyMs() > 0) plan();
        else begin();
      });
    }
  };

  /** How many of the waiting fit into one call: one at least. */
  const fitting = () => {
    let weight = 0;
    const over = waiting.findIndex(({ item }) => (weight += weigh(item)) > most);
    return over < 0 ? waiting.length : Math.max(1, over);
  };

  const runGroup = async (group: readonly Waiting[]) => {
    try {
      const results = await run(group.map(({ item }) => item));
      for (const [index, { settle }] of group.entries()) settle(resultAt(results, index));
    } catch (error) {
      if (group.length === 1 || failsAll(error)) {
        for (const { fail } of group) fail(error);
        return;
      }
      const half = Math.ceil(group.length / 2);
      await runGroup(group.slice(0, half));
      await runGroup(group.slice(half));
    }
  };

  return (item: Item): Promise<Result> =>
    new Promise((settle, fail) => {
      waiting.push({ item, settle, fail });
      plan();
    });
}

function resultAt<Result>(results: readonly Result[], index: number): Result {
  if (index >= results.length) throw new Error('a group gave fewer results than it was asked for');
  return results[index] as Result;
}
