import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Semaphore } from '../../src/lib/semaphore.js';
import { workByHand } from '../support/work-by-hand.js';

/** Work of so many places that ends when it is told to, and tells that it has begun. */
function given(turns: Semaphore) {
  const { begun, work: named, end } = workByHand();
  const work = (name: string, places: number, signal = new AbortController().signal) =>
    turns.with(places, signal, named(name));
  return { begun, work, end };
}

it('so many places are taken at the same time, and what waits comes in order', async () => {
  const { begun, work, end } = given(new Semaphore(3));
  const all = [work('a', 2), work('b', 2), work('c', 1)];
  await turn();
  // The third would fit, and does not overtake the second.
  expect(begun).toEqual(['a']);
  end('a');
  await turn();
  expect(begun).toEqual(['a', 'b', 'c']);
  end('b');
  end('c');
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

it('what wants more than there is has all of it, alone', async () => {
  const { begun, work, end } = given(new Semaphore(3));
  const large = work('large', 100);
  const small = work('small', 1);
  await turn();
  expect(begun).toEqual(['large']);
  end('large');
  await large;
  await turn();
  end('small');
  expect(await small).toBe('small');
});

it('what fails gives its places back', async () => {
  const { work, end } = given(new Semaphore(1));
  const failing = work('failing', 1);
  const next = work('next', 1);
  await turn();
  end('failing', new Error('no'));
  await expect(failing).rejects.toThrow('no');
  await turn();
  end('next');
  expect(await next).toBe('next');
});

it('who stops waiting leaves, and lets those behind through', async () => {
  const { begun, work, end } = given(new Semaphore(2));
  const leaving = new AbortController();
  const first = work('first', 1);
  const left = work('left', 2, leaving.signal);
  const behind = work('behind', 1);
  await turn();
  leaving.abort(new Error('cancelled'));
  await expect(left).rejects.toThrow('cancelled');
  await turn();
  expect(begun).toEqual(['first', 'behind']);
  expect(getEventListeners(leaving.signal, 'abort')).toEqual([]);
  end('first');
  end('behind');
  await Promise.all([first, behind]);
});

it('work is told whether it has waited, also where it would have fitted', async () => {
  const semaphore = new Semaphore(2);
  const signal = new AbortController().signal;
  const waited: boolean[] = [];
  const work = (places: number) =>
    semaphore.with(places, signal, async (hasWaited) => {
      waited.push(hasWaited);
      await turn();
    });
  await Promise.all([work(1), work(2), work(1)]);
  await work(2);
  expect(waited).toEqual([false, true, true, false]);
});

it('who has stopped waiting before it began is not let in, and takes no place', async () => {
  const { begun, work, end } = given(new Semaphore(1));
  const stopped = AbortSignal.abort(new Error('cancelled'));
  await expect(work('stopped', 1, stopped)).rejects.toThrow('cancelled');
  const next = work('next', 1);
  await turn();
  expect(begun).toEqual(['next']);
  end('next');
  expect(await next).toBe('next');
});

it('who was let in waits no longer: nothing is left at the signal', async () => {
  const { work, end } = given(new Semaphore(1));
  const stopping = new AbortController();
  const first = work('first', 1);
  const second = work('second', 1, stopping.signal);
  await turn();
  expect(getEventListeners(stopping.signal, 'abort')).toHaveLength(1);
  end('first');
  await turn();
  expect(getEventListeners(stopping.signal, 'abort')).toEqual([]);
  end('second');
  expect(await Promise.all([first, second])).toEqual(['first', 'second']);
});

it('whatever comes, no more places are taken than there are, and everybody gets in', async () => {
  const job = fc.record({ places: fc.integer({ min: 1, max: 6 }), turns: fc.nat(3) });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(job, { maxLength: 15 }), async (most, jobs) => {
      const semaphore = new Semaphore(most);
      const signal = new AbortController().signal;
      let taken = 0;
      let greatest = 0;
      const order: number[] = [];
      const work = ({ places, turns }: { places: number; turns: number }, n: number) =>
        semaphore.with(places, signal, async () => {
          order.push(n);
          taken += Math.min(places, most);
          greatest = Math.max(greatest, taken);
          for (let left = turns; left > 0; left -= 1) await turn();
          taken -= Math.min(places, most);
        });
      await Promise.all(jobs.map(work));
      expect(greatest).toBeLessThanOrEqual(most);
      expect(order).toEqual([...jobs.keys()]);
    }),
    { numRuns: 50 },
  );
});
