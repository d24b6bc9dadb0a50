import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, inject, it } from 'vitest';
import type { Report } from '../../src/bench/report.js';
import { createDatabase } from '../support/database.js';

/** That the benchmark works, with a hundredth of its load; how fast anything is, is not asserted. */

const MAIN = fileURLToPath(new URL('../../dist/bench/main.js', import.meta.url));

it('npm run bench measures everything, every delivery verified', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-bench-test-'));
  const database = await createDatabase();
  const env = {
    ...process.env,
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
  };
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, '--short', '--out', folder], { env });
  expect(stdout).toContain('| empty workflows, started eagerly |');
  const [file = ''] = await readdir(folder);
  const report = JSON.parse(await readFile(join(folder, file), 'utf8')) as Report;
  expect(report.servers).toBe('the given PostgreSQL and Temporal');
  expect(report.single.deliveries).toBe(20);
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
    report.halfLoad.p99Ms,
    report.noisyNeighbour.alone.p95Ms,
    report.noisyNeighbour.beside.p95Ms,
    report.noisyNeighbour.besideMany.p95Ms,
  ]) {
    expect(measured).toBeGreaterThan(0);
  }
  await rm(folder, { recursive: true });
  await database.drop();
});
