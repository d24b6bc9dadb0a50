import { setImmediate as turn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { LEASE_MS, Leased, leasesEnd } from '../../src/lib/leased-cache.js';

/** Reads that end when they are told to, with their number. */
function given() {
  const ends: ((value?: { n: number } | null) => void)[] = [];
  const fails: ((error: Error) => void)[] = [];
  const leased = new Leased<{ n: number }>({
    read: () =>
      new Promise((resolve, reject) => {
        const n = ends.length;
        ends.push((value = { n }) => resolve(value));
        fails.push(reject);
      }),
    mostSize: 10,
  });
  return { leased, ends, fails };
}

it('reads once for those who ask at the same time, and remembers', async () => {
  const { leased, ends } = given();
  const both = [leased.of('a'), leased.of('a')];
  ends[0]?.();
  expect(await Promise.all(both)).toEqual([{ n: 0 }, { n: 0 }]);
  expect(await leased.of('a')).toEqual({ n: 0 });
  expect(ends).toHaveLength(1);
});

it('remembers nothing that was not there, and no failure', async () => {
  const { leased, ends, fails } = given();
  const none = leased.of('a');
  ends[0]?.(null);
  expect(await none).toBeNull();
  await turn();
  const failed = leased.of('a');
  fails[1]?.(new Error('away'));
  await expect(failed).rejects.toThrow('away');
  await turn();
  const found = leased.of('a');
  ends[2]?.();
  expect(await found).toEqual({ n: 2 });
});

/** The clock that leases are read by stands still until it is moved. */
function stopClock() {
  let now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  return { pass: (ms: number) => (now += ms) };
}

it('counts a lease from the beginning of the read', async () => {
  const clock = stopClock();
  const { leased, ends } = given();
  const slow = leased.of('a');
  clock.pass(LEASE_MS / 2);
  ends[0]?.();
  expect(await slow).toEqual({ n: 0 });
  clock.pass(LEASE_MS / 2 + 1);
  void leased.of('a');
  expect(ends).toHaveLength(2);
});

it('does not let those share a read whose lease has run out', async () => {
  const clock = stopClock();
  const { leased, ends } = given();
  const hanging = leased.of('a');
  clock.pass(LEASE_MS + 1);
  const after = leased.of('a');
  ends[1]?.();
  expect(await after).toEqual({ n: 1 });
  ends[0]?.();
  expect(await hanging).toEqual({ n: 0 });
  expect(await leased.of('a')).toEqual({ n: 1 });
});

it('whoever changes something waits until what was read before is used no more', async () => {
  const { leased, ends } = given();
  const before = leased.of('a');
  ends[0]?.();
  await before;
  await leasesEnd();
  void leased.of('a');
  expect(ends).toHaveLength(2);
});

it('forgets a value that turned out to be out of date', async () => {
  const { leased, ends } = given();
  const before = leased.of('a');
  ends[0]?.();
  await before;
  leased.forget('a');
  const after = leased.of('a');
  ends[1]?.();
  expect(await after).toEqual({ n: 1 });
});

it('a read that was forgotten does not bring its value back', async () => {
  const { leased, ends } = given();
  const forgotten = leased.of('a');
  leased.forget('a');
  ends[0]?.();
  expect(await forgotten).toEqual({ n: 0 });
  await turn();
  void leased.of('a');
  expect(ends).toHaveLength(2);
});

it('reads a value again beside its use in the second half of its lease, and never waits for what is used steadily', async () => {
  const clock = stopClock();
  const { leased, ends } = given();
  const first = leased.of('a');
  ends[0]?.();
  await first;
  await turn();
  clock.pass(LEASE_MS / 2 - 1);
  expect(await leased.of('a')).toEqual({ n: 0 });
  expect(ends).toHaveLength(1);
  clock.pass(2);
  expect(await leased.of('a')).toEqual({ n: 0 });
  expect(await leased.of('a')).toEqual({ n: 0 });
  expect(ends, 'one renewal for all who use it').toHaveLength(2);
  clock.pass(LEASE_MS / 4);
  ends[1]?.();
  await turn();
  expect(await leased.of('a')).toEqual({ n: 1 });
  // The lease of the second began with its own read, a quarter of a lease ago.
  clock.pass((LEASE_MS * 3) / 4 + 1);
  void leased.of('a');
  expect(ends).toHaveLength(3);
  ends[2]?.();
  expect(await leased.of('a')).toEqual({ n: 2 });
});

it('a renewal that fails or comes too late changes nothing; one that finds nothing ends the lease', async () => {
  const clock = stopClock();
  const { leased, ends, fails } = given();
  const first = leased.of('a');
  ends[0]?.();
  await first;
  await turn();
  clock.pass(LEASE_MS / 2 + 1);
  void leased.of('a');
  fails[1]?.(new Error('away'));
  await turn();
  expect(await leased.of('a')).toEqual({ n: 0 });
  expect(ends, 'no second renewal in one lease').toHaveLength(2);

  clock.pass(LEASE_MS / 2 + 1);
  const next = leased.of('a');
  ends[2]?.();
  await next;
  await turn();
  clock.pass(LEASE_MS / 2 + 1);
  void leased.of('a');
  clock.pass(LEASE_MS / 2 + 1);
  const read = leased.of('a');
  ends[3]?.();
  ends[4]?.();
  expect(await read).toEqual({ n: 4 });
  await turn();
  expect(await leased.of('a'), 'the late renewal does not replace what was read after it').toEqual({ n: 4 });

  clock.pass(LEASE_MS / 2 + 1);
  expect(await leased.of('a')).toEqual({ n: 4 });
  ends[5]?.(null);
  await turn();
  void leased.of('a');
  expect(ends, 'asked anew').toHaveLength(7);
});

it('a renewal does not bring back what was forgotten', async () => {
  const clock = stopClock();
  const { leased, ends } = given();
  const first = leased.of('a');
  ends[0]?.();
  await first;
  await turn();
  clock.pass(LEASE_MS / 2 + 1);
  void leased.of('a');
  leased.forget('a');
  ends[1]?.();
  await turn();
  void leased.of('a');
  expect(ends).toHaveLength(3);
});

it('keeps no more than its size, and what was used last', async () => {
  stopClock();
  const read = vi.fn((name: string) => Promise.resolve({ name, size: 4 }));
  const leased = new Leased<{ name: string; size: number }>({
    read,
    mostSize: 10,
    sizeOf: ({ size }) => size,
  });
  for (const name of ['a', 'b', 'c']) {
    await leased.of(name);
    await turn();
  }
  for (const name of ['c', 'b', 'a']) expect(await leased.of(name)).toEqual({ name, size: 4 });
  expect(read.mock.calls.map(([name]) => name)).toEqual(['a', 'b', 'c', 'a']);
});

it('counts a value as 1 where its size is not said', async () => {
  stopClock();
  const read = vi.fn((name: string) => Promise.resolve({ name }));
  const leased = new Leased({ read, mostSize: 2 });
  for (const name of ['a', 'b', 'c', 'b', 'a']) {
    await leased.of(name);
    await turn();
  }
  expect(read.mock.calls.map(([name]) => name)).toEqual(['a', 'b', 'c', 'a']);
});
