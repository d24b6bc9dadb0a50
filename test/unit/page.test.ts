import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earliest, newestFirst } from '../../src/domain/page.js';

const row = (id: string, at: number) => ({ id, createdAt: new Date(at) });

describe('rows of several statements', () => {
  it('are merged: each once, the newest first, and of the same time the greater id first', () => {
    const found = [row('b', 1), row('a', 2), row('c', 1), row('b', 1), row('d', 3)];
    expect(newestFirst(found, 10).map(({ id }) => id)).toEqual(['d', 'a', 'c', 'b']);
  });

  it('are no more than a page has, and those the newest', () => {
    const found = [row('a', 1), row('b', 2), row('c', 3)];
    expect(newestFirst(found, 2).map(({ id }) => id)).toEqual(['c', 'b']);
  });

  it('come in the same order, whatever order they were found in', () => {
    const rows = fc
      .array(fc.nat(3), { maxLength: 20 })
      .map((times) => times.map((time) => row(randomUUID(), time)));
    fc.assert(
      fc.property(rows, (given) => {
        expect(newestFirst(given.toReversed(), 100)).toEqual(newestFirst(given, 100));
      }),
    );
  });
});

describe('the earliest', () => {
  const [first, second] = [new Date(1), new Date(2)];

  it.each([
    [[first, second], first],
    [[second, first], first],
    [[undefined, second, undefined, first, second], first],
    [[second, undefined], second],
    [[undefined], undefined],
    [[], undefined],
  ])('of %j is %j', (times, wanted) => expect(earliest(...times)).toBe(wanted));
});
