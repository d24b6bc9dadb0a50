import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';
import type { Report } from '../../src/bench/report.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

/** That the benchmark works, with a hundredth of its load; how fast anything is, is not asserted. */

const MAIN = fileURLToPath(new URL('../../dist/bench/main.js', import.meta.url));

const environment = ({ url }: TestDatabase) => ({
  ...process.env,
  DATABASE_URL: url,
  TEMPORAL_ADDRESS: inject('temporalAddress'),
});

it('npm run bench measures everything, every delivery verified', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-test-'));
  const database = await createDatabase();
  const env = environment(database);
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--short', '--out', folder], { env });
  expect(stdout).toContain('| empty workflows, started eagerly |');
  const [file = ''] = await readdir(folder);
  const report = JSON.parse(await readFile(join(folder, file), 'utf8')) as Report;
  expect(report.servers).toBe('the given PostgreSQL and Temporal');
  expect(report.single.deliveries).toBe(40);
  expect(report.fanOut.deliveries).toBe(100);
  expect(report.batches.map(({ deliveries }) => deliveries)).toEqual([200, 1_000]);
  expect(report.twoWorkers.deliveries).toBe(200);
  expect(report.waiting.deliveries).toBe(100);
  for (const measured of [
    ...report.emptyWorkflows.map(({ perSecond }) => perSecond),
    report.single.ratio,
    report.single.deliveriesPerSecond,
    report.fanOut.deliveriesPerSecond,
    report.idle.medianMs,
    ...report.listenedTo.shares,
    report.halfLoad.p99Ms,
    report.noisyNeighbour.alone.p95Ms,
    report.noisyNeighbour.besideHealthy.p95Ms,
    report.noisyNeighbour.beside.p95Ms,
    report.noisyNeighbour.besideMany.p95Ms,
  ]) {
    expect(measured).toBeGreaterThan(0);
  }
  await rm(folder, { recursive: true });
});

it('npm run bench, interrupted, stops what it has started', { timeout: 60_000 }, async () => {
  const database = await createDatabase();
  const child = spawn(process.execPath, [MAIN, '--short'], {
    env: environment(database),
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stderr })) {
    if (line.startsWith('Idle')) child.kill('SIGINT');
  }
  expect(await exited).toEqual([130, null]);
  // Nobody is connected any more.
  await database.drop();
});
