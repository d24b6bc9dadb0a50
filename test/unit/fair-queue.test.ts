import { expect, it } from 'vitest';
import { FairQueue } from '../../src/lib/fair-queue.js';

it('what waits is taken in turn for everybody, and what waits no longer is not', () => {
  const waiting = new FairQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1']) waiting.add(item.slice(0, 1), item);
  waiting.remove('a', 'a2');
  waiting.remove('c', 'c1');
  waiting.remove('c', 'c1');
  waiting.remove('nobody', 'n1');
  expect(waiting.size).toBe(3);
  expect(waiting.of('a')).toEqual(['a1', 'a3']);
  expect([waiting.take(), waiting.take(), waiting.take(), waiting.take()]).toEqual([
    'a1',
    'b1',
    'a3',
    undefined,
  ]);
  expect(waiting.size).toBe(0);
});
