import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Receiver } from '../support/receiver.js';
import { connectOperator } from '../support/temporal.js';

/** A host whose clock is wrong: PostgreSQL's decides. */

const CLOCK = fileURLToPath(new URL('../support/clock-set.mjs', import.meta.url));

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeEach(async () => {
  database = await createDatabase();
});

async function startWithClock(aheadMs: number): Promise<PosthornProcess> {
  return PosthornProcess.start('all', {
    DATABASE_URL: database.url,
    POSTHORN_TASK_QUEUE: `clocks-${database.url.slice(-12)}`,
    NODE_OPTIONS: `--import=${CLOCK}`,
    TEST_CLOCK_AHEAD_MS: `${aheadMs}`,
  });
}

async function trueTime(): Promise<number> {
  const { rows } = await database.query<{ now: Date }>('select clock_timestamp() as now');
  return rows[0]?.now.getTime() ?? NaN;
}

describe.each([
  ['ahead', 90_000],
  ['behind', -90_000],
])("a process whose clock is a minute and a half %s of PostgreSQL's", (_which, aheadMs) => {
  it('delivers to an endpoint with limits, with a short history, and by the true time', async () => {
    const posthorn = await startWithClock(aheadMs);
    const { api } = posthorn;
    const receiver = (await Receiver.start()).answer(500);
    const { app } = await api.createApp('standard');
    const limits = { rate_limit: 5, max_in_flight: 2 };
    const endpoint = await api.createWebhook(app.id, { url: receiver.url, schedule: [2], ...limits });
    const { id, workflow_id } = await api.submit(app.id, { event_type: 'tick', data: {} });

    const event = await api.eventThatIs('delivered', app.id, id);
    expect(receiver.received).toHaveLength(2);
    const now = await trueTime();
    for (const time of [
      event.created_at,
      endpoint.created_at,
      event.deliveries[0]?.attempts[0]?.started_at,
    ]) {
      expect(Math.abs(Date.parse(time ?? '') - now)).toBeLessThan(60_000);
    }
    const operator = await connectOperator();
    const { historyLength } = await operator.client.workflow.getHandle(workflow_id).describe();
    expect(historyLength).toBeLessThan(60);
  }, 120_000);
});
