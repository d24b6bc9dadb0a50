import { describe, expect, it } from 'vitest';
import { FairJobs } from '../../src/api/access/fair-jobs.js';

describe('the queue', () => {
  it('does one thing at a time, in turn for everybody', async () => {
    const queue = new FairJobs();
    const done: string[] = [];
    let working = 0;
    const add = (owner: string, n: number) =>
      queue.run(owner, 1, async () => {
        working += 1;
        await new Promise((resolve) => setTimeout(resolve, 1));
        done.push(`${owner}${n}:${working}`);
        working -= 1;
      });
    await Promise.all([add('a', 1), add('a', 2), add('a', 3), add('b', 1), add('b', 2), add('c', 1)]);
    expect(done).toEqual(['a1:1', 'a2:1', 'b1:1', 'c1:1', 'a3:1', 'b2:1']);
  });

  it('goes on after what fails, also before it has begun', async () => {
    const queue = new FairJobs();
    const failing = [
      queue.run('a', 1, () => Promise.reject(new Error('later'))),
      queue.run('a', 1, () => {
        throw new Error('at once');
      }),
    ];
    const next = queue.run('a', 1, () => Promise.resolve('done'));
    expect(await Promise.allSettled(failing)).toMatchObject([
      { reason: { message: 'later' } },
      { reason: { message: 'at once' } },
    ]);
    expect(await next).toBe('done');
  });

  it('takes no more of one owner than its share, and then still of others', async () => {
    const queue = new FairJobs();
    let release = () => {};
    const first = queue.run('a', 1, () => new Promise<void>((resolve) => (release = resolve)));
    const waiting = [queue.run('a', 8_000_000, () => Promise.resolve())];
    await expect(queue.run('a', 1_000_000, () => Promise.resolve())).rejects.toMatchObject({ code: 'busy' });
    waiting.push(queue.run('b', 1_000_000, () => Promise.resolve()));
    release();
    await Promise.all([first, ...waiting]);
    await queue.run('a', 1_000_000, () => Promise.resolve());
  });
});
