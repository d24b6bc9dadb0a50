import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOrCreateKeys } from '../../src/embedded/keys.js';
import { tryLock, type Release } from '../../src/embedded/processes/lock.js';
import { procTable, processTable, psTable } from '../../src/embedded/processes/table.js';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'posthorn-parts-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

describe('keys', () => {
  test('are made once, readable by their owner alone, and the same for all who ask at once', async () => {
    const asked = await Promise.all([1, 2, 3, 4, 5].map(() => loadOrCreateKeys(directory)));
    expect(new Set(asked.map((keys) => JSON.stringify(keys))).size).toBe(1);
    expect(await loadOrCreateKeys(directory)).toEqual(asked[0]);
    expect(Buffer.from(asked[0]?.encryptionKey ?? '', 'base64')).toHaveLength(32);
    expect((await stat(join(directory, 'keys.json'))).mode & 0o777).toBe(0o600);
    expect(await readdir(directory)).toEqual(['keys.json']);
  });

  test('that are damaged are reported, not replaced', async () => {
    await writeFile(join(directory, 'keys.json'), '{"adminKey":');
    await expect(loadOrCreateKeys(directory)).rejects.toThrow(`${directory}/keys.json is damaged`);
  });
});

describe('the lock', () => {
  const isRelease = (result: Release | { heldBy: number }): result is Release => typeof result === 'function';

  test('is held by one at a time and can be had again once given back', async () => {
    const path = join(directory, 'lock');
    const first = await tryLock(path);
    expect(await tryLock(path)).toEqual({ heldBy: process.pid });
    if (isRelease(first)) await first();
    expect(await tryLock(path)).toBeTypeOf('function');
  });

  test('of a dead process, or of one whose pid another has now, is taken over by exactly one', async () => {
    const path = join(directory, 'lock');
    for (const dead of [
      { pid: 2 ** 22 - 1, startedAt: 'long ago', token: 'dead' },
      { pid: process.pid, startedAt: 'long ago', token: 'recycled' },
    ]) {
      await writeFile(path, JSON.stringify(dead));
      await writeFile(`${path}.takeover`, JSON.stringify(dead));
      const results = await Promise.all(Array.from({ length: 20 }, () => tryLock(path)));
      const winners = results.filter(isRelease);
      expect(winners).toHaveLength(1);
      for (const release of winners) await release();
      expect(await readdir(directory)).toEqual([]);
    }
  });
});

describe('the process table', () => {
  const tables = Object.entries({ proc: procTable, ps: psTable }).filter(
    ([name]) => name === 'ps' || processTable === procTable,
  );

  test.each(tables)(
    'by %s: finds a process by its argument, and tells it from an earlier one',
    async (_, table) => {
      const mark = `mark-${directory}`;
      const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', mark]);
      await once(child, 'spawn');
      const pid = child.pid ?? NaN;
      const startedAt = await table.startedAt(pid);
      expect(startedAt).toBeTypeOf('string');
      expect(await table.startedAt(pid)).toBe(startedAt);
      expect(await table.commandLine(pid)).toContain(mark);
      expect(await table.startedWith(mark)).toEqual([pid]);
      expect(await table.startedWith(mark.slice(0, -1))).toEqual([]);
      child.stdin.end();
      await once(child, 'exit');
      expect(await table.startedAt(pid)).toBeUndefined();
      expect(await table.startedWith(mark)).toEqual([]);
    },
  );
});
