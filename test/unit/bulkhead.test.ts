import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Bulkhead, BulkheadFull } from '../../src/lib/bulkhead.js';
import { workByHand } from '../support/work-by-hand.js';

/** Work that ends when it is told to: two at a time for each key, and one that waits. */
function given() {
  const bulkhead = new Bulkhead({ concurrent: 2, waiting: 1 });
  const { begun, work, end } = workByHand();
  const run = (key: string, name: string, signal = new AbortController().signal) =>
    bulkhead.run(key, signal, work(name));
  return { bulkhead, begun, run, end };
}

describe('the work of a key', () => {
  it('is done two at a time, one waits, and more is refused at once', async () => {
    const { begun, run, end } = given();
    const all = [run('a', '1'), run('a', '2'), run('a', '3')];
    await expect(run('a', '4')).rejects.toThrow(BulkheadFull);
    await expect(run('a', '5')).rejects.toMatchObject({ name: 'BulkheadFull' });
    expect(begun).toEqual(['1', '2']);
    end('1');
    await turn();
    expect(begun).toEqual(['1', '2', '3']);
    end('2');
    end('3');
    expect(await Promise.all(all)).toEqual(['1', '2', '3']);
  });

  it('counts what is under way, also when some of it has ended', async () => {
    const { begun, run, end } = given();
    const all = [run('a', '1'), run('a', '2'), run('a', '3')];
    end('1');
    await all[0];
    all.push(run('a', '4'));
    await expect(run('a', '5')).rejects.toThrow(BulkheadFull);
    expect(begun).toEqual(['1', '2', '3']);
    end('2');
    end('3');
    await turn();
    end('4');
    expect(await Promise.all(all)).toEqual(['1', '2', '3', '4']);
  });

  it('takes nothing from another key', async () => {
    const { begun, run, end } = given();
    const all = [run('a', '1'), run('a', '2'), run('a', '3'), run('b', '4')];
    await turn();
    expect(begun).toEqual(['1', '2', '4']);
    end('1');
    end('2');
    end('4');
    await turn();
    end('3');
    await Promise.all(all);
  });

  it('has room again for what has ended, failed or left', async () => {
    const { bulkhead, run, end } = given();
    const leaving = new AbortController();
    const all = Promise.allSettled([run('a', '1'), run('a', '2'), run('a', '3', leaving.signal)]);
    await turn();
    end('1');
    end('2', new Error('no'));
    leaving.abort(new Error('left'));
    await all;
    const again = [run('a', '4'), run('a', '5'), run('a', '6')];
    await expect(run('a', '7')).rejects.toThrow(BulkheadFull);
    end('4');
    end('5');
    await turn();
    end('6');
    expect(await Promise.all(again)).toEqual(['4', '5', '6']);
    expect(Reflect.get(bulkhead, 'byKey')).toHaveProperty('size', 0);
  });
});
