import fc from 'fast-check';
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

it('an owner’s items are nobody else’s to remove', () => {
  const waiting = new FairQueue<string>();
  waiting.add('a', 'a1');
  waiting.remove('a', 'b1');
  waiting.remove('b', 'a1');
  expect(waiting.of('a')).toEqual(['a1']);
  expect(waiting.of('b')).toEqual([]);
  expect(waiting.size).toBe(1);
});

it('whatever comes and goes, owners take turns, and each gets its own in order', () => {
  type Command = { readonly owner: string; readonly what: 'add' | 'take' | 'remove' };
  const command: fc.Arbitrary<Command> = fc.record({
    owner: fc.constantFrom('a', 'b', 'c'),
    what: fc.constantFrom('add', 'add', 'take', 'remove'),
  });
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const queue = new FairQueue<string>();
      /** Owners in their turns. */
      let wanted: { owner: string; items: string[] }[] = [];
      for (const [n, { owner, what }] of commands.entries()) {
        const own = wanted.find((each) => each.owner === owner);
        if (what === 'add') {
          const item = `${owner}${n}`;
          queue.add(owner, item);
          if (own) own.items.push(item);
          else wanted.push({ owner, items: [item] });
        } else if (what === 'remove') {
          const item = own?.items.at(-1) ?? 'none';
          queue.remove(owner, item);
          own?.items.pop();
        } else {
          const turn = wanted.shift();
          expect(queue.take()).toBe(turn?.items.shift());
          if (turn) wanted.push(turn);
        }
        wanted = wanted.filter(({ items }) => items.length > 0);
        expect(queue.size).toBe(wanted.flatMap(({ items }) => items).length);
        expect(queue.of(owner)).toEqual(wanted.find((each) => each.owner === owner)?.items ?? []);
      }
    }),
  );
});
