import { expect, it } from 'vitest';
import { Remembered } from '../../src/remembered.js';

/** Reads that end when they are told to, with their number. */
function given(forMs = 60_000) {
  const ends: (() => void)[] = [];
  const remembered = new Remembered<{ n: number }>({
    read: () =>
      new Promise((resolve) => {
        const n = ends.length;
        ends.push(() => resolve({ n }));
      }),
    forMs,
    mostSize: 10,
    sizeOf: () => 1,
  });
  return { remembered, ends };
}

it('reads once for those who ask at the same time, and remembers', async () => {
  const { remembered, ends } = given();
  const both = [remembered.of('a'), remembered.of('a')];
  ends[0]?.();
  expect(await Promise.all(both)).toEqual([{ n: 0 }, { n: 0 }]);
  expect(await remembered.of('a')).toEqual({ n: 0 });
  expect(ends).toHaveLength(1);
});

it('reads again when the time is over', async () => {
  const { remembered, ends } = given(1);
  const first = remembered.of('a');
  ends[0]?.();
  expect(await first).toEqual({ n: 0 });
  await expect
    .poll(() => {
      void remembered.of('a');
      return ends.length;
    })
    .toBe(2);
});

it('what was read before a change is not remembered after it', async () => {
  const { remembered, ends } = given();
  const before = remembered.of('a');
  remembered.forget('a');
  const after = remembered.of('a');
  ends[1]?.();
  expect(await after).toEqual({ n: 1 });
  ends[0]?.();
  expect(await before).toEqual({ n: 0 });
  expect(await remembered.of('a')).toEqual({ n: 1 });
});
