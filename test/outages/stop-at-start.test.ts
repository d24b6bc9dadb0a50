import { beforeEach, expect, inject, it } from 'vitest';
import { connectTo, createDatabase, waitingForLocks, type TestDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Proxy } from '../support/proxy.js';

/** Longer than stopping takes on a busy machine, and less than anything that a start waits for. */
const AT_ONCE_MS = 8_000;

let database: TestDatabase;
let settings: Record<string, string>;
beforeEach(async () => {
  database = await createDatabase();
  settings = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: `stop-${database.url.slice(-12)}` };
});

async function stopped(posthorn: PosthornProcess): Promise<void> {
  const askedAt = performance.now();
  const code = await posthorn.stop();
  expect(performance.now() - askedAt).toBeLessThan(AT_ONCE_MS);
  expect(code).toBe(0);
  expect(posthorn.lines.at(-1), posthorn.lines.join('\n')).toContain('"msg":"stopped"');
}

it('SIGTERM while another process migrates ends the start at once', async () => {
  const other = await connectTo(database.url);
  await other.query('select pg_advisory_lock(7081542)');
  // Only what is behind waits for its turn.
  await other.query('delete from schema_migrations');
  const posthorn = PosthornProcess.launch('all', settings);
  await expect.poll(() => waitingForLocks(database.url), { timeout: 30_000 }).toBe(1);
  await stopped(posthorn);
}, 60_000);

it.each(['api', 'all'])(
  'SIGTERM while Temporal does not answer ends the start of %s at once',
  async (command) => {
    const temporal = await Proxy.before(inject('temporalAddress'));
    temporal.hang();
    const posthorn = PosthornProcess.launch(command, { ...settings, TEMPORAL_ADDRESS: temporal.address });
    await temporal.connected(1);
    await stopped(posthorn);
  },
  60_000,
);
