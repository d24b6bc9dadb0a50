import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { batcher } from '../../src/lib/batcher.js';

/** Calls that end when they are told to, or fail. */
function given({
  most = 100,
  calls = 1,
  weigh = (_item: number): number => 1,
  apartMs = 0,
  failsAll = false,
} = {}) {
  const groups: { items: readonly number[]; end: () => void; fail: () => void }[] = [];
  const ask = batcher<number, number>({
    run: (items) =>
      new Promise((resolve, reject) => {
        groups.push({
          items,
          end: () => resolve(items.map((item) => 10 * item)),
          fail: () => reject(new Error(`of ${items.join()}`)),
        });
      }),
    most,
    weigh,
    calls,
    apartMs,
    failsAll: () => failsAll,
  });
  return { groups, ask, asked: () => groups.map(({ items }) => items) };
}

it('what is asked for in one turn goes in one call, and each gets its own result', async () => {
  const { groups, ask, asked } = given();
  const results = Promise.all([1, 2, 3].map(ask));
  await turn();
  expect(asked()).toEqual([[1, 2, 3]]);
  groups[0]?.end();
  expect(await results).toEqual([10, 20, 30]);
});

it('after a quiet time one goes at once, and soon after a call at the end of the turn, with what else comes in it', async () => {
  const { groups, ask, asked } = given();
  const first = ask(1);
  await Promise.resolve();
  expect(asked()).toEqual([[1]]);
  groups[0]?.end();
  await first;
  await turn();
  void ask(2);
  await Promise.resolve();
  void ask(3);
  expect(asked()).toEqual([[1]]);
  await turn();
  expect(asked()).toEqual([[1], [2, 3]]);
});

it('what comes meanwhile goes in the next call, as many as fit', async () => {
  const { groups, ask, asked } = given({ most: 2 });
  const first = ask(1);
  await turn();
  const others = Promise.all([2, 3, 4].map(ask));
  await turn();
  expect(asked()).toEqual([[1]]);
  groups[0]?.end();
  expect(await first).toBe(10);
  await turn();
  expect(asked()).toEqual([[1], [2, 3]]);
  groups[1]?.end();
  await turn();
  groups[2]?.end();
  expect(await others).toEqual([20, 30, 40]);
});

it('one that is slow does not hold up the others while there are calls left', async () => {
  const { groups, ask, asked } = given({ calls: 2 });
  const slow = ask(1);
  await turn();
  const fast = ask(2);
  await turn();
  expect(asked()).toEqual([[1], [2]]);
  groups[1]?.end();
  expect(await fast).toBe(20);
  groups[0]?.end();
  expect(await slow).toBe(10);
});

it('a group that fails is halved, one half after the other in its place: none fails for another', async () => {
  const { groups, ask, asked } = given();
  const results = Promise.allSettled([1, 2, 3, 4].map(ask));
  await turn();
  groups[0]?.fail();
  await turn();
  const meanwhile = ask(5);
  expect(asked()).toEqual([
    [1, 2, 3, 4],
    [1, 2],
  ]);
  groups[1]?.fail();
  await turn();
  groups[2]?.fail();
  await turn();
  groups[3]?.end();
  await turn();
  groups[4]?.end();
  expect(await results).toEqual([
    { status: 'rejected', reason: new Error('of 1') },
    { status: 'fulfilled', value: 20 },
    { status: 'fulfilled', value: 30 },
    { status: 'fulfilled', value: 40 },
  ]);
  await turn();
  expect(asked().slice(1)).toEqual([[1, 2], [1], [2], [3, 4], [5]]);
  groups[5]?.end();
  expect(await meanwhile).toBe(50);
});

it('a group of a hundred with one that fails is tried in one call at a time', async () => {
  let underWay = 0;
  let most = 0;
  let calls = 0;
  const ask = batcher<number, number>({
    async run(items) {
      calls += 1;
      underWay += 1;
      most = Math.max(most, underWay);
      await turn();
      underWay -= 1;
      if (items.includes(42)) throw new Error('bad');
      return items;
    },
    most: 100,
    calls: 1,
  });
  const results = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => ask(n)));
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(most).toBe(1);
  expect(calls).toBeLessThan(20);
});

it('a failure that is everybody’s fails all of the group, and nothing is tried again', async () => {
  const { groups, ask, asked } = given({ failsAll: true });
  const results = Promise.allSettled([1, 2, 3].map(ask));
  await turn();
  groups[0]?.fail();
  expect(await results).toEqual([1, 2, 3].map(() => ({ status: 'rejected', reason: new Error('of 1,2,3') })));
  await turn();
  expect(asked()).toEqual([[1, 2, 3]]);
});

it('a group weighs no more than it may, unless one item alone does', async () => {
  const { groups, ask, asked } = given({ most: 10, weigh: (item) => item });
  const results = Promise.all([6, 4, 1, 99].map(ask));
  for (let n = 0; n < 3; n += 1) {
    await turn();
    groups[n]?.end();
  }
  expect(await results).toEqual([60, 40, 10, 990]);
  expect(asked()).toEqual([[6, 4], [1], [99]]);
  const next = Promise.all([99, 1].map(ask));
  for (let n = 3; n < 5; n += 1) {
    await turn();
    groups[n]?.end();
  }
  expect(await next).toEqual([990, 10]);
  expect(asked().slice(3)).toEqual([[99], [1]]);
});

it('without other wishes, an item weighs 1, and rounds need no time between them', async () => {
  const groups: (readonly number[])[] = [];
  const ask = batcher<number, number>({
    run: (items) => {
      groups.push(items);
      return Promise.resolve(items);
    },
    most: 2,
    calls: 1,
  });
  expect(await Promise.all([1, 2, 3, 4, 5].map(ask))).toEqual([1, 2, 3, 4, 5]);
  expect(groups.map(({ length }) => length)).toEqual([2, 2, 1]);
});

it('who is given no result is told so, and those who are have theirs', async () => {
  const ask = batcher<number, number>({
    run: (items) => Promise.resolve(items.filter((item) => item !== 3)),
    most: 10,
    calls: 1,
  });
  expect(await Promise.allSettled([1, 2, 3].map(ask))).toEqual([
    { status: 'fulfilled', value: 1 },
    { status: 'fulfilled', value: 2 },
    { status: 'rejected', reason: new Error('a group gave fewer results than it was asked for') },
  ]);
});

it('a result may be undefined', async () => {
  const ask = batcher<number, undefined>({
    run: (items) => Promise.resolve(items.map(() => undefined)),
    most: 10,
    calls: 1,
  });
  expect(await ask(1)).toBeUndefined();
});

describe('calls that are to be some time apart', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.restoreAllMocks().useRealTimers());

  it('what comes soon after a call waits for others until the next is due, and alone nothing waits', async () => {
    const { groups, ask, asked } = given({ calls: 3, apartMs: 20 });
    const results = [ask(1)];
    await vi.advanceTimersByTimeAsync(1);
    expect(asked()).toEqual([[1]]);
    groups[0]?.end();
    results.push(ask(2));
    await vi.advanceTimersByTimeAsync(10);
    results.push(ask(3));
    await vi.advanceTimersByTimeAsync(7);
    expect(asked()).toEqual([[1]]);
    await vi.advanceTimersByTimeAsync(5);
    expect(asked()).toEqual([[1], [2, 3]]);
    groups[1]?.end();
    await vi.advanceTimersByTimeAsync(20);
    results.push(ask(4));
    await vi.advanceTimersByTimeAsync(1);
    groups[2]?.end();
    expect(await Promise.all(results)).toEqual([10, 20, 30, 40]);
  });

  it('what waits for a call to end waits for the next to be due as well', async () => {
    const { groups, ask, asked } = given({ calls: 1, apartMs: 20 });
    const first = ask(1);
    await vi.advanceTimersByTimeAsync(1);
    const second = ask(2);
    await vi.advanceTimersByTimeAsync(4);
    groups[0]?.end();
    await vi.advanceTimersByTimeAsync(10);
    expect(asked()).toEqual([[1]]);
    await vi.advanceTimersByTimeAsync(6);
    expect(asked()).toEqual([[1], [2]]);
    groups[1]?.end();
    expect(await Promise.all([first, second])).toEqual([10, 20]);
  });

  it('when it is due, everything goes that fits into so many calls', async () => {
    const { groups, ask, asked } = given({ most: 2, calls: 3, apartMs: 20 });
    const results = Promise.all([1, 2, 3, 4, 5].map(ask));
    await vi.advanceTimersByTimeAsync(1);
    expect(asked()).toEqual([[1, 2], [3, 4], [5]]);
    for (const { end } of groups) end();
    expect(await results).toEqual([10, 20, 30, 40, 50]);
  });

  it('a call that ends late does not make the one after the next come early', async () => {
    const { groups, ask, asked } = given({ calls: 3, apartMs: 20 });
    const results = [ask(1)];
    await vi.advanceTimersByTimeAsync(1);
    results.push(ask(2));
    // The time has come, and its timer has not been served yet.
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 20);
    groups[0]?.end();
    await vi.advanceTimersByTimeAsync(0);
    results.push(ask(3));
    await vi.advanceTimersByTimeAsync(20);
    expect(asked()).toEqual([[1], [2, 3]]);
    groups[1]?.end();
    expect(await Promise.all(results)).toEqual([10, 20, 30]);
  });
});
