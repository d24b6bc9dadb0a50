import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Semaphore } from '../../src/lib/semaphore.js';

/** Work of so many places that ends when it is told to, and tells that it has begun. */
function given(turns: Semaphore) {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string, places: number, signal = new AbortController().signal) =>
    turns.with(
      places,
      signal,
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push(name);
          ends.set(name, (error) => (error ? reject(error) : resolve(name)));
        }),
    );
  return { begun, work, end: (name: string, error?: Error) => ends.get(name)?.(error) };
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
  end('first');
  end('behind');
  await Promise.all([first, behind]);
});
