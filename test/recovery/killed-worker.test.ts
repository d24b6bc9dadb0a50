import { expect, it } from 'vitest';
import type { Delivery, Event, Job } from '../support/api-client.js';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Receiver } from '../support/receiver.js';

const EVENTS = 60;

it('SIGKILL in the middle of a recovery: it goes on after the start, and each event is recovered once', async () => {
  const database = await createDatabase();
  const receiver = await Receiver.start(404);
  const environment = {
    DATABASE_URL: database.url,
    POSTHORN_TASK_QUEUE: `chaos-${database.url.slice(-12)}`,
  };
  const before = await PosthornProcess.start('all', environment);
  const { app } = await before.api.createApp('scute');
  const settings = { disable_after_failures: 0, disable_after_hours: 0, drain_per_second: 20 };
  await before.api.expect(200, 'PATCH', `/v1/apps/${app.id}`, { settings });
  const { id } = await before.api.createWebhook(app.id, { url: receiver.url });
  const path = `/v1/apps/${app.id}/webhooks/${id}`;
  const events: Event[] = await Promise.all(
    Array.from({ length: EVENTS }, () => before.api.submit(app.id, { event_type: 'user.created', data: {} })),
  );
  for (const event of events) await before.api.eventThatIs('failed', app.id, event.id);

  receiver.answerAlways(200);
  const { job } = await before.api.expect<{ job: Job }>(202, 'POST', `${path}/recover`, {
    since: '2026-01-01T00:00:00Z',
  });
  expect(job.total).toBe(EVENTS);
  await receiver.gets(EVENTS + 20);
  await before.kill();
  expect(receiver.received.length).toBeLessThan(2 * EVENTS);

  const after = await PosthornProcess.start('all', environment);
  const progress = async () =>
    (await after.api.expect<{ job: Job }>(200, 'GET', `${path}/jobs/${job.id}`)).job;
  await expect.poll(progress, { timeout: 120_000 }).toMatchObject({ status: 'completed' });
  expect(await progress()).toMatchObject({ total: EVENTS, done: EVENTS, failed: 0 });

  const { deliveries } = await after.api.expect<{ deliveries: Delivery[] }>(
    200,
    'GET',
    `${path}/deliveries?limit=100&status=delivered`,
  );
  expect(deliveries.map(({ event_id }) => event_id).toSorted()).toEqual(
    events.map((event) => event.id).toSorted(),
  );
  // Twice only what was being sent when the worker was killed, and so has a second attempt.
  const attempts = deliveries.reduce((sum, { attempt_count }) => sum + attempt_count, 0);
  expect(receiver.received.length).toBeLessThanOrEqual(EVENTS + attempts);
  expect(attempts).toBeLessThan(EVENTS + 10);
  expect(await after.stop()).toBe(0);
}, 200_000);
