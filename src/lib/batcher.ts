export interface Batching<Item, Result> {
  /** One result for each item, in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Maximum weight of one call. An item weighs 1 unless `weigh` says otherwise. */
  readonly most: number;
  readonly weigh?: (item: Item) => number;
  /** Maximum concurrent calls, so that one that waits for a lock does not block the others. */
  readonly calls: number;
  /**
   * Minimum time between the starts of two rounds of calls, in milliseconds. 0 by default. A round takes everything
   * that has arrived, in as many calls as are allowed.
   */
  readonly apartMs?: number;
  /** Whether an error would fail every part of the group too, so that retrying parts is pointless. Never by default. */
  readonly failsAll?: (error: unknown) => boolean;
}

/** If nothing arrived for this long, flush immediately instead of waiting for the end of the tick. */
const QUIET_MS = 50;

/**
 * Group commit: joins concurrent items into one call. Items of the same tick go together, and so do items that arrive
 * while all calls are in progress or before the next round is due. A lone item after a quiet time is run immediately.
 *
 * When a call for several items fails, its halves are retried one after the other, within the same slot, and so on, so
 * that one item does not fail the others. So `run` must be idempotent.
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

  /** Milliseconds until the next call is due; negative once it is. */
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

  /** How many waiting items fit into one call: at least one. */
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
