import { expect, it } from 'vitest';
import { GrowingPause } from '../../src/workflows/growing-pause.js';

const take = (pause: GrowingPause, count: number) => Array.from({ length: count }, () => pause.next());

it('is none at first, then doubles up to the longest', () => {
  const pause = new GrowingPause({ free: 2, firstMs: 1_000, longestMs: 5_000 });
  expect(take(pause, 7)).toEqual([0, 0, 1_000, 2_000, 4_000, 5_000, 5_000]);
});

it('begins again when something was achieved', () => {
  const pause = new GrowingPause({ free: 1, firstMs: 250, longestMs: 1_000 });
  take(pause, 5);
  pause.reset();
  expect(take(pause, 3)).toEqual([0, 250, 500]);
});

it('stays the longest, however long that goes on', () => {
  const pause = new GrowingPause({ free: 0, firstMs: 1_000, longestMs: 60_000 });
  expect(take(pause, 2_000).at(-1)).toBe(60_000);
});
