import { expect, it } from 'vitest';
import { forEachConcurrent } from '../../src/lib/for-each-concurrent.js';

it('work is done for each, never more at once than wanted', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await forEachConcurrent(3, Array(10).keys(), async (n) => {
    most = Math.max(most, (running += 1));
    await Promise.resolve();
    running -= 1;
    done.push(n);
  });
  expect(done.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(most).toBe(3);
});

it('what fails is thrown when what was under way has ended, and nothing more is begun', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = async (n: number) => {
    begun.push(n);
    if (n === 1) throw new Error('no');
    await Promise.resolve();
    ended.push(n);
  };
  await expect(forEachConcurrent(2, Array(10).keys(), work)).rejects.toThrow('no');
  expect(begun).toEqual([0, 1]);
  expect(ended).toEqual([0]);
});
