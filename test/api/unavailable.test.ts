import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ApiClient, Event, ProblemBody } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { Proxy } from '../support/proxy.js';
import { Receiver } from '../support/receiver.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

let database: TestDatabase;
let toTemporal: Proxy;
let toPostgres: Proxy;
let posthorn: TestPosthorn;
let api: ApiClient;
let receiver: Receiver;
let app: string;

beforeAll(async () => {
  toTemporal = await Proxy.before(inject('temporalAddress'));
  database = await createDatabase();
  const databaseUrl = new URL(database.url);
  toPostgres = await Proxy.before(databaseUrl.host);
  databaseUrl.host = toPostgres.address;
  posthorn = await startTestPosthorn({
    temporalAddress: toTemporal.address,
    databaseUrl: databaseUrl.href,
  });
  api = posthorn.api;
  receiver = await Receiver.start();
  app = (await api.createApp()).app.id;
  await api.createWebhook(app, { url: receiver.url });
});
afterAll(async () => {
  await receiver.stop();
  await posthorn.stop();
  await Promise.all([toTemporal.close(), toPostgres.close()]);
  await database.drop();
});

const problem = async (method: string, path: string, body?: unknown) => {
  const answer = await api.call<ProblemBody>(method, path, body === undefined ? {} : { body });
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  return { status: answer.status, code: answer.body.code, event_id: answer.body.event_id };
};
const timed = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const startedAt = performance.now();
  return [await work, performance.now() - startedAt];
};
/** The first answer that is no 503: what a caller who keeps trying gets. */
const inTheEnd = (method: string, path: string, body?: unknown) =>
  vi.waitFor(
    async () => {
      const answer = await api.call<{ event: Event }>(method, path, body === undefined ? {} : { body });
      expect(answer.status).not.toBe(503);
      return answer;
    },
    { timeout: 30_000, interval: 250 },
  );

describe('503, while Temporal cannot be reached:', { timeout: 60_000 }, () => {
  let submittedFor = Infinity;
  let readyFor = Infinity;

  it('an event is not accepted; repeating it with the event_id of the answer delivers it once', async () => {
    const event = { event_type: 'a', data: { n: 1 } };
    toTemporal.cut();
    const [refused, waited] = await timed(problem('POST', `/v1/apps/${app}/events`, event));
    submittedFor = waited;
    expect(refused).toMatchObject({ status: 503, code: 'temporal_unavailable' });
    const id = refused.event_id ?? '';
    expect(id).toMatch(/^msg_/);
    expect(await problem('POST', `/v1/apps/${app}/events`, { ...event, id })).toEqual(refused);

    const [ready, probed] = await timed(
      api.call<{ checks: Record<string, string> }>('GET', '/readyz', { key: null }),
    );
    readyFor = probed;
    expect(ready.status).toBe(503);
    expect(ready.body.checks.postgresql).toBe('ok');
    expect(ready.body.checks.temporal).not.toBe('ok');

    toTemporal.restore();
    for (const _time of ['first', 'again']) {
      const answer = await inTheEnd('POST', `/v1/apps/${app}/events`, { ...event, id });
      expect([answer.status, answer.body.event.id]).toEqual([202, id]);
    }
    const delivered = await api.eventThatIs('delivered', app, id);
    expect(delivered.deliveries).toHaveLength(1);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id]);
    await inTheEnd('GET', '/readyz');
  });

  it('the answer comes within the five seconds, and that of /readyz within the two, that are promised', () => {
    expect(submittedFor).toBeLessThan(6_000);
    expect(readyFor).toBeLessThan(3_000);
  });

  it('is not for a rotation of a secret, which needs none', async () => {
    const other = (await api.createApp()).app.id;
    const { id } = await api.createWebhook(other, { url: receiver.url });
    toTemporal.cut();
    await api.expect(200, 'POST', `/v1/apps/${other}/webhooks/${id}/rotate-secret`);
    toTemporal.restore();
    await inTheEnd('GET', '/readyz');
  });
});

describe('503, while PostgreSQL cannot be reached:', { timeout: 60_000 }, () => {
  it('everything that needs it says so, and goes on when it is back', async () => {
    toPostgres.cut();
    // The application is remembered for a moment: until then events are accepted.
    await expect
      .poll(async () => (await api.call('GET', `/v1/apps/${app}`)).status, { timeout: 10_000 })
      .toBe(503);
    for (const [method, path, body] of [
      ['GET', `/v1/apps/${app}/webhooks`],
      ['POST', `/v1/apps/${app}/events`, { event_type: 'a', data: 1 }],
      ['POST', '/v1/apps', { name: 'Acme' }],
    ] as const) {
      expect(await problem(method, path, body)).toMatchObject({ status: 503, code: 'database_unavailable' });
    }
    expect((await api.call('GET', '/healthz', { key: null })).status).toBe(200);
    expect((await api.call('GET', '/readyz', { key: null })).status).toBe(503);
    toPostgres.restore();
    const { body } = await inTheEnd('POST', `/v1/apps/${app}/events`, { event_type: 'a', data: 2 });
    await api.eventThatIs('delivered', app, body.event.id);
  });
});

it('503, when PostgreSQL has taken too long', async () => {
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('begin; lock table events in access exclusive mode');
  const answer = problem('GET', `/v1/apps/${app}/events`);
  // As its own limit would, after half a minute.
  await vi.waitFor(async () => {
    const { rowCount } = await holder.query(
      `select pg_cancel_backend(pid) from pg_locks where relation = 'events'::regclass and not granted`,
    );
    expect(rowCount).toBeGreaterThan(0);
  });
  expect(await answer).toMatchObject({ status: 503, code: 'took_too_long' });
  await holder.end();
});
