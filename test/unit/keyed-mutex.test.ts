import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { KeyedMutex } from '../../src/lib/keyed-mutex.js';

/** Work that ends when it is told to, and tells that it has begun. */
function given() {
  const mutex = new KeyedMutex();
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string, ...keys: string[]) =>
    mutex.run(
      keys,
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push(name);
          ends.set(name, (error) => (error ? reject(error) : resolve(name)));
        }),
    );
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    await turn();
  };
  return { mutex, begun, work, end };
}

describe('work with a key', () => {
  it('waits for earlier work with it, and for no other', async () => {
    const { begun, work, end } = given();
    const all = [work('a1', 'a'), work('a2', 'a'), work('b1', 'b')];
    await turn();
    expect(begun).toEqual(['a1', 'b1']);
    await end('a1');
    expect(begun).toEqual(['a1', 'b1', 'a2']);
    await end('a2');
    await end('b1');
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1']);
  });

  it('waits for all of its keys, and holds all of them', async () => {
    const { begun, work, end } = given();
    const all = [work('a', 'a'), work('b', 'b'), work('both', 'a', 'b'), work('later', 'b')];
    await turn();
    expect(begun).toEqual(['a', 'b']);
    await end('a');
    expect(begun).toEqual(['a', 'b']);
    await end('b');
    expect(begun).toEqual(['a', 'b', 'both']);
    await end('both');
    expect(begun).toEqual(['a', 'b', 'both', 'later']);
    await end('later');
    await Promise.all(all);
  });

  it('goes on after work that failed, and throws only what itself throws', async () => {
    const { begun, work, end } = given();
    const failing = expect(work('failing', 'a')).rejects.toThrow('no');
    const next = work('next', 'a');
    await turn();
    await end('failing', new Error('no'));
    await failing;
    expect(begun).toEqual(['failing', 'next']);
    await end('next');
    expect(await next).toBe('next');
  });

  it('waits for the last that came, also when one before it has ended', async () => {
    const { begun, work, end } = given();
    const all = [work('1', 'a'), work('2', 'a')];
    await turn();
    await end('1');
    all.push(work('3', 'a'));
    await turn();
    expect(begun).toEqual(['1', '2']);
    await end('2');
    await end('3');
    expect(await Promise.all(all)).toEqual(['1', '2', '3']);
  });

  it('is forgotten when it has ended: keys are ids, and there is no end to them', async () => {
    const { mutex, work, end } = given();
    const all = [work('1', 'a', 'b'), work('2', 'b')];
    await turn();
    await end('1');
    await end('2');
    await Promise.all(all);
    expect(Reflect.get(mutex, 'last')).toHaveProperty('size', 0);
  });
});
