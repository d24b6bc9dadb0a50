import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, inject, it } from 'vitest';
import { LOG_PATIENCE_MS } from '../../src/activities/attempt/log-patience.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Proxy } from '../support/proxy.js';
import { Receiver } from '../support/receiver.js';
import { sharedOperator, untilDeliveryKnown } from '../support/temporal.js';
import type { ProblemBody } from '../support/api-client.js';

const operator = sharedOperator();
let database: TestDatabase;
let postgres: Proxy;
let temporal: Proxy;
let receiver: Receiver;
let posthorn: PosthornProcess;
let queue: string;

beforeEach(async () => {
  database = await createDatabase();
  const url = new URL(database.url);
  postgres = await Proxy.before(url.host);
  temporal = await Proxy.before(inject('temporalAddress'));
  url.host = postgres.address;
  receiver = await Receiver.start();
  queue = `outage-${database.url.slice(-12)}`;
  posthorn = await PosthornProcess.start('all', {
    DATABASE_URL: url.href,
    TEMPORAL_ADDRESS: temporal.address,
    POSTHORN_TASK_QUEUE: queue,
  });
});

async function given(profile: string) {
  const { app } = await posthorn.api.createApp(profile);
  await posthorn.api.createWebhook(app.id, { url: receiver.url });
  const submit = () => posthorn.api.submit(app.id, { event_type: 'user.created', data: {} });
  return { app, submit };
}

it('PostgreSQL goes away while a receiver answers: the outcome is recorded later, and sent once', async () => {
  const { app, submit } = await given('standard');
  receiver.answer((response) => {
    postgres.cut();
    response.writeHead(202).end();
  });
  const { id } = await submit();
  await receiver.gets(1);
  // The API says so, and promises nothing.
  const refused = await posthorn.api.call<ProblemBody>('GET', `/v1/apps/${app.id}/events`);
  expect(refused).toMatchObject({ status: 503, body: { code: 'database_unavailable' } });
  expect(refused.headers['retry-after']).toBeDefined();
  postgres.restore();
  const event = await posthorn.api.eventThatIs('delivered', app.id, id, 60_000);
  expect(event.deliveries[0]?.attempts).toMatchObject([
    { number: 1, status_code: 202, possibly_repeated: false },
  ]);
  expect(receiver.received).toHaveLength(1);
}, 90_000);

it('PostgreSQL goes away before a retry: no attempt is burnt, none is sent until the log can have it', async () => {
  const { app, submit } = await given('standard');
  receiver.answer(500);
  const { id } = await submit();
  await posthorn.api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
  postgres.cut();
  await expect
    .poll(() => posthorn.lines.join('\n'), { timeout: 20_000 })
    .toContain('the attempt could not be made');
  expect(receiver.received).toHaveLength(1);
  postgres.restore();
  const event = await posthorn.api.eventThatIs('delivered', app.id, id, 60_000);
  expect(event.deliveries[0]?.attempts.map(({ number, status_code }) => [number, status_code])).toEqual([
    [1, 500],
    [2, 200],
  ]);
  expect(receiver.received).toHaveLength(2);
}, 90_000);

it('PostgreSQL is away from the workers: an accepted event waits in Temporal, is known, and arrives once', async () => {
  const { app, submit } = await given('standard');
  expect(await posthorn.stop()).toBe(0);
  const direct = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: queue };
  const throughProxy = new URL(database.url);
  throughProxy.host = postgres.address;
  const worker = await PosthornProcess.start('worker', { ...direct, DATABASE_URL: throughProxy.href });
  posthorn = await PosthornProcess.start('api', direct);
  postgres.cut();
  const { id } = await submit();
  expect(await posthorn.api.event(app.id, id)).toMatchObject({ status: 'pending', deliveries: [] });
  expect(receiver.received).toHaveLength(0);
  postgres.restore();
  const delivered = await posthorn.api.eventThatIs('delivered', app.id, id, 60_000);
  expect(delivered.deliveries[0]?.attempts).toHaveLength(1);
  expect(receiver.received).toHaveLength(1);
  expect(await worker.stop()).toBe(0);
}, 90_000);

it('Temporal goes away: 503 names the id to repeat with, and repeating it delivers once', async () => {
  const { app } = await given('standard');
  temporal.cut();
  const event = { event_type: 'user.created', data: { n: 1 } };
  const refused = await posthorn.api.call<ProblemBody>('POST', `/v1/apps/${app.id}/events`, { body: event });
  expect(refused.status).toBe(503);
  expect(refused.body).toMatchObject({ code: 'temporal_unavailable' });
  expect(refused.headers['retry-after']).toBeDefined();
  const id = refused.body.event_id ?? '';
  expect(id).toMatch(/^msg_/);
  temporal.restore();
  const path = `/v1/apps/${app.id}/events`;
  await expect
    .poll(async () => (await posthorn.api.call('POST', path, { body: { ...event, id } })).status, {
      timeout: 30_000,
    })
    .toBe(202);
  const delivered = await posthorn.api.eventThatIs('delivered', app.id, id, 30_000);
  expect(delivered.deliveries).toHaveLength(1);
  expect(receiver.received).toHaveLength(1);
}, 120_000);

it('PostgreSQL goes away while a hundred long answers come: all are recorded later, and none is sent twice', async () => {
  const { app } = await posthorn.api.createApp('standard');
  await posthorn.api.createWebhook(app.id, { url: receiver.url, schedule: [3_600] });
  const { id } = await posthorn.api.submit(app.id, { event_type: 'tick', data: {} });
  await posthorn.api.eventThatIs('delivered', app.id, id);
  receiver.received.length = 0;
  const page = 'x'.repeat(20_480);
  const answers: (() => void)[] = [];
  receiver.answerAlways((response) => void answers.push(() => response.writeHead(500).end(page)));
  const path = `/v1/apps/${app.id}/events`;
  const events = Array.from({ length: 100 }, () => ({ event_type: 'tock', data: {} }));
  await posthorn.api.expect(202, 'POST', `${path}/batch`, { events });
  await receiver.gets(100);
  postgres.cut();
  for (const answer of answers) answer();
  // Each of them has waited for PostgreSQL for as long as an outcome does.
  const unrecorded = () => posthorn.lines.filter((line) => line.includes('could not record an outcome yet'));
  await expect.poll(unrecorded, { timeout: 30_000 }).toHaveLength(100);
  postgres.restore();
  const attempts = async () => {
    const { status, body } = await posthorn.api.call<{ events: { id: string }[] }>(
      'GET',
      `${path}?event_type=tock&limit=100`,
    );
    if (status !== 200) return [];
    const all = await Promise.all(body.events.map((event) => posthorn.api.event(app.id, event.id)));
    return all.flatMap(({ deliveries }) => deliveries.flatMap((delivery) => delivery.attempts));
  };
  const each = { number: 1, status_code: 500, possibly_repeated: false };
  await expect
    .poll(attempts, { timeout: 60_000, interval: 1_000 })
    .toEqual(Array.from({ length: 100 }, () => expect.objectContaining(each) as unknown));
  expect(receiver.received).toHaveLength(100);
}, 120_000);

it('PostgreSQL goes away while a batch is answered, soon and late: each outcome is recorded later, and none is sent twice', async () => {
  const { app, submit } = await given('standard');
  const late = await Receiver.start();
  await posthorn.api.createWebhook(app.id, { url: late.url });
  await posthorn.api.eventThatIs('delivered', app.id, (await submit()).id);
  receiver.answer((response) => {
    postgres.cut();
    response.writeHead(202).end();
  });
  late.answer((response) => void setTimeout(() => response.writeHead(202).end(), 2_000));
  const id = randomUUID();
  const events = [{ id, event_type: 'user.created', data: {} }];
  const accepting = posthorn.api.call('POST', `/v1/apps/${app.id}/events/batch`, { body: { events } });
  await expect
    .poll(() => posthorn.lines.filter((line) => line.includes('could not record an outcome yet')), {
      timeout: 30_000,
    })
    .toHaveLength(2);
  postgres.restore();
  expect((await accepting).status).toBe(202);
  const { deliveries } = await posthorn.api.eventThatIs('delivered', app.id, id, 60_000);
  expect(deliveries.map(({ attempts }) => attempts)).toMatchObject([
    [{ number: 1, status_code: 202, possibly_repeated: false }],
    [{ number: 1, status_code: 202, possibly_repeated: false }],
  ]);
  expect([receiver.received.length, late.received.length]).toEqual([2, 2]);
}, 120_000);

it.each([
  ['PostgreSQL', () => postgres],
  ['Temporal', () => temporal],
])(
  '%s goes away while a first attempt is under way: the delivery goes on from its outcome later',
  async (_name, server) => {
    const { app } = await posthorn.api.createApp('standard');
    await posthorn.api.createWebhook(app.id, { url: receiver.url, schedule: [1] });
    const submit = () => posthorn.api.submit(app.id, { event_type: 'tick', data: {} });
    await posthorn.api.eventThatIs('delivered', app.id, (await submit()).id);
    const isAsked = new Promise<() => void>((resolve) => {
      receiver.answer((response) => resolve(() => void response.writeHead(500).end()));
    });
    const { id, workflow_id } = await submit();
    const answer = await isAsked;
    // It knows then that the attempt is under way.
    await untilDeliveryKnown(operator, workflow_id);
    server().cut();
    answer();
    await expect
      .poll(() => posthorn.lines.filter((line) => line.includes('"status_code":500')), { timeout: 20_000 })
      .toHaveLength(1);
    // It stays away for longer than an outcome waits for PostgreSQL, and than the first three pauses (0.5, 1 and 2 s)
    // between attempts to tell the workflow: neither may be what carries the delivery on.
    await sleep(LOG_PATIENCE_MS + 2_000);
    server().restore();
    const { deliveries } = await posthorn.api.eventThatIs('delivered', app.id, id, 60_000);
    expect(deliveries[0]?.attempts).toMatchObject([
      { number: 1, status_code: 500, possibly_repeated: false },
      { number: 2, status_code: 200, possibly_repeated: false },
    ]);
    expect(receiver.received).toHaveLength(3);
  },
  120_000,
);
