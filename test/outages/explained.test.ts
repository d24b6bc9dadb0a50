import { expect, inject, it } from 'vitest';
import type { ApiClient, ExplainedDelivery, Remedy } from '../support/api-client.js';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Proxy } from '../support/proxy.js';
import { hang, Receiver } from '../support/receiver.js';
import { startTestPosthorn } from '../support/test-posthorn.js';

/** What is said of deliveries while a server or the workers are away. */

it('a delivery that is due says that Temporal does not answer, and goes on when it does', async () => {
  const temporal = await Proxy.before(inject('temporalAddress'));
  const { api } = await startTestPosthorn({ temporalAddress: temporal.address });
  const receiver = await Receiver.start();
  receiver.answer(500);
  const { app } = await api.createApp();
  await api.createWebhook(app.id, { url: receiver.url, schedule: [3] });
  const { id } = await api.submit(app.id, { event_type: 'tick', data: {} });
  const delivery = async () => (await api.event(app.id, id)).deliveries[0] as ExplainedDelivery;
  await expect.poll(async () => (await delivery()).explanation.code).toBe('retry_due');
  temporal.cut();
  await expect
    .poll(async () => (await delivery()).explanation.code, { timeout: 20_000 })
    .toBe('temporal_away');
  const { text, next, remedies } = (await delivery()).explanation;
  expect(text).toContain('Temporal does not answer');
  expect(next).toMatchObject({ number: 2, of: 2 });
  expect(remedies).toMatchObject([{ action: 'check_system', method: 'GET', path: '/readyz' }]);
  expect(await api.call('GET', '/readyz')).toMatchObject({ status: 503 });
  temporal.restore();
  await api.eventThatIs('delivered', app.id, id, 60_000);
}, 120_000);

/** An API and a worker, each a process of its own. */
async function apart(name: string) {
  const database = await createDatabase();
  const environment = {
    DATABASE_URL: database.url,
    POSTHORN_TASK_QUEUE: `${name}-${database.url.slice(-12)}`,
  };
  const { api } = await PosthornProcess.start('api', environment);
  const startWorker = () => PosthornProcess.start('worker', environment);
  return { api, environment, startWorker };
}

/** @param profile of Scute's an exchange may take 10 s */
async function sent(api: ApiClient, webhook: Record<string, unknown>, profile = 'scute') {
  const { app } = await api.createApp(profile);
  await api.createWebhook(app.id, webhook);
  const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
  const explained = (code: string, patienceMs?: number) =>
    api.deliveryExplainedBy(code, app.id, id, patienceMs);
  return { app, id, explained };
}

it('where no worker polls the task queue it says so, and that one has to be started', async () => {
  const { api, environment, startWorker } = await apart('none');
  const worker = await startWorker();
  const receiver = await Receiver.start();
  receiver.answer(500);
  // Long enough to kill the worker before attempt 2.
  const { app, id, explained } = await sent(api, { url: receiver.url, schedule: [15] }, 'standard');
  await explained('retry_due');
  await worker.kill();
  // A worker counts as polling for 90 s after its last poll. Nobody has ever polled this process' queue.
  const elsewhere = { ...environment, POSTHORN_TASK_QUEUE: `${environment.POSTHORN_TASK_QUEUE}-other` };
  const other = await PosthornProcess.start('api', elsewhere);
  const { explanation } = await other.api.deliveryExplainedBy('no_worker', app.id, id, 40_000);
  expect(explanation.text).toContain('No worker polls the task queue');
  expect(explanation.next).toMatchObject({ number: 2, of: 2 });
  expect(explanation.remedies.map(({ action }) => action)).toEqual(['start_worker', 'check_system']);
  expect(await other.api.call('GET', explanation.remedies[1]?.path ?? '')).toMatchObject({ status: 503 });
  await startWorker();
  await explained('delivered', 60_000);
}, 120_000);

it('a worker that is lost during an attempt, and one that is lost before a retry', async () => {
  const { api, startWorker } = await apart('lost');
  const receiver = await Receiver.start();
  receiver.answer(500, hang);
  const worker = await startWorker();
  const late = await sent(api, { url: receiver.url, schedule: [20] }, 'standard');
  await late.explained('retry_due');
  const cut = await sent(api, { url: receiver.url, retry_limit: 1 });
  await receiver.gets(2);
  await worker.kill();

  // A worker counts as polling for 90 s after its last poll.
  const overdue = await late.explained('retry_overdue', 45_000);
  expect(overdue.explanation.text).toContain('It waits in the queue for a worker.');
  expect(overdue.explanation.next).toEqual({ at: overdue.next_attempt_at, number: 2, of: 2 });
  expect(overdue.explanation.remedies.at(-1)?.action).toBe('retry_now');
  const lost = await cut.explained('worker_lost', 45_000);
  expect(lost.explanation.text).toMatch(/^Attempt 1 of 2 was begun at .* and left no outcome within /);
  const [retryNow] = lost.explanation.remedies as [Remedy];
  expect(retryNow.action).toBe('retry_now');
  expect(await api.call(retryNow.method ?? 'GET', retryNow.path ?? '')).toMatchObject({ status: 202 });

  await startWorker();
  await late.explained('delivered', 60_000);
  await cut.explained('delivered', 60_000);
}, 180_000);
