import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startServer } from '../../src/embedded/processes/child.js';

it.each([
  ['its last lines', '', 'line 49'],
  ['the reason of its panic', 'panic: address already in use', 'panic: address already in use'],
])('a server that ended shows %s', async (_what, reason, shown) => {
  const directory = await mkdtemp(join(tmpdir(), 'posthorn-'));
  const says = `console.error(${JSON.stringify(reason)}); for (let n = 0; n < 50; n += 1) console.error('line', n)`;
  const { exited } = await startServer({
    name: 'a server',
    command: process.execPath,
    args: ['-e', says],
    cwd: directory,
    env: {},
    logFile: join(directory, 'server.log'),
    stopSignals: [],
  });
  const { logTail } = await exited;
  expect(logTail).toContain(shown);
  expect(logTail.split('\n')).toHaveLength(15);
  await rm(directory, { recursive: true });
});
