import { beforeEach, expect, it } from 'vitest';
import type { Webhook } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Receiver } from '../support/receiver.js';

/** A worker that is killed between its POST and its report neither disables an endpoint nor fails to disable it. */

let database: TestDatabase;
let environment: Record<string, string>;
beforeEach(async () => {
  database = await createDatabase();
  environment = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: `health-${database.url.slice(-12)}` };
});

it.each([0, 3, 30])(
  'killed %i ms after the receiver has answered',
  async (delayMs) => {
    const before = await PosthornProcess.start('all', environment);
    const event = { event_type: 'contact.created', data: {} };
    const given = async (failures: number) => {
      const receiver = await Receiver.start(500);
      const { app } = await before.api.createApp('scendcore');
      const endpoint = await before.api.createWebhook(app.id, { url: receiver.url });
      for (let n = 0; n < failures; n += 1) {
        await before.api.eventThatIs('failed', app.id, (await before.api.submit(app.id, event)).id);
      }
      return { receiver, app, failures, path: `/v1/apps/${app.id}/webhooks/${endpoint.id}` };
    };
    const stands = [await given(8), await given(9)];

    const answered = stands.map(async ({ receiver, app, failures }) => {
      const { id } = await before.api.submit(app.id, event);
      await receiver.gets(failures + 1);
      return { app, id };
    });
    const last = await Promise.all(answered);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await before.kill();

    const after = await PosthornProcess.start('all', environment);
    for (const { app, id } of last) await after.api.eventThatIs('failed', app.id, id, 60_000);
    const webhooks = async () =>
      Promise.all(
        stands.map(
          async ({ path }) => (await after.api.expect<{ webhook: Webhook }>(200, 'GET', path)).webhook,
        ),
      );
    // The lost activity's time limit, and twice the time after which a dead worker's queue is given up.
    await expect.poll(webhooks, { timeout: 90_000 }).toMatchObject([
      { status: 'active', failure_count: 9 },
      { status: 'disabled', failure_count: 10, disabled_reason: 'consecutive_failures' },
    ]);
    expect(await after.stop()).toBe(0);
  },
  120_000,
);
