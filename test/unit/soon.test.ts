import { expect, it } from 'vitest';
import { soon } from '../../src/workflows/soon.js';

it('is done once for all calls of a turn, after them, and again in a later one', async () => {
  let calls = 0;
  const seen: number[] = [];
  const tell = soon(() => seen.push(calls));
  for (; calls < 1_000; calls += 1) tell();
  expect(seen).toEqual([]);
  await Promise.resolve();
  expect(seen).toEqual([1_000]);
  tell();
  await Promise.resolve();
  expect(seen).toEqual([1_000, 1_000]);
});
