import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { ApiClient, Event, ProblemBody } from '../support/api-client.js';
import { connectTo, createDatabase, waitingForLocks, type TestDatabase } from '../support/database.js';
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
let endpoint: string;

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
  endpoint = (await api.createWebhook(app, { url: receiver.url })).id;
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
/** Opens as many of this process's connections to PostgreSQL as it may have. */
const fillPool = () =>
  Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      api.call('PATCH', `/v1/apps/${app}`, { body: { name: `Acme ${n}` } }),
    ),
  );
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

/** Two seconds, and one for a busy machine. */
const PROMISED_MS = 3_000;

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

  it('the answer comes within the two seconds that are promised, and that of /readyz too', () => {
    expect(submittedFor).toBeLessThan(PROMISED_MS);
    expect(readyFor).toBeLessThan(PROMISED_MS);
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

describe(
  '503 within two seconds, while a server takes connections and does not answer:',
  { timeout: 90_000 },
  () => {
    it('Temporal: an event is not accepted; repeating it with the event_id of the answer delivers it once', async () => {
      receiver.received.length = 0;
      const event = { event_type: 'a', data: { n: 2 } };
      await inTheEnd('POST', `/v1/apps/${app}/events`, event);
      await receiver.gets(1);
      toTemporal.hang();
      const [refused, waited] = await timed(problem('POST', `/v1/apps/${app}/events`, event));
      expect(refused).toMatchObject({ status: 503, code: 'temporal_unavailable' });
      expect(waited).toBeLessThan(PROMISED_MS);
      const [ready, probed] = await timed(problem('GET', '/readyz'));
      expect(ready.status).toBe(503);
      expect(probed).toBeLessThan(PROMISED_MS);
      toTemporal.restore();
      const { body } = await inTheEnd('POST', `/v1/apps/${app}/events`, { ...event, id: refused.event_id });
      expect(body.event.id).toBe(refused.event_id);
      await api.eventThatIs('delivered', app, body.event.id);
      expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toHaveLength(2);
    });

    it('PostgreSQL, on connections that are open and on new ones; then it goes on', async () => {
      await fillPool();
      toPostgres.hang();
      const requests: [string, string, unknown?][] = [
        ['GET', `/v1/apps/${app}/webhooks/${endpoint}`],
        ['PATCH', `/v1/apps/${app}`, { name: 'Acme' }],
        ['GET', '/readyz'],
      ];
      const first = await Promise.all(requests.map((request) => timed(problem(...request))));
      for (const [answer, waited] of first) {
        expect(answer.status).toBe(503);
        expect(['database_unavailable', 'not_ready']).toContain(answer.code);
        expect(waited).toBeLessThan(PROMISED_MS);
      }
      // Where nothing waits for it any more, too.
      for (const request of requests) {
        const [, waited] = await timed(problem(...request));
        expect(waited).toBeLessThan(PROMISED_MS);
      }
      toPostgres.restore();
      expect((await inTheEnd('PATCH', `/v1/apps/${app}`, { name: 'Acme' })).status).toBe(200);
      await inTheEnd('GET', '/readyz');
    });

    it('PostgreSQL: an event, with an id of its own too, is accepted or not; it is delivered once in the end', async () => {
      receiver.received.length = 0;
      const ids = ['hang-1', 'hang-2', 'hang-3'];
      await inTheEnd('POST', `/v1/apps/${app}/events`, { event_type: 'a', data: 0, id: 'hang-0' });
      toPostgres.hang();
      const answers = await Promise.all(
        ids.map((id) =>
          timed(api.call('POST', `/v1/apps/${app}/events`, { body: { event_type: 'a', data: 0, id } })),
        ),
      );
      for (const [{ status }, waited] of answers) {
        expect([202, 503]).toContain(status);
        expect(waited).toBeLessThan(PROMISED_MS);
      }
      toPostgres.restore();
      for (const id of ids) {
        await inTheEnd('POST', `/v1/apps/${app}/events`, { event_type: 'a', data: 0, id });
        await api.eventThatIs('delivered', app, id, 60_000);
      }
      expect(receiver.received.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual([
        'hang-0',
        ...ids,
      ]);
    });

    it('both', async () => {
      await inTheEnd('GET', '/readyz');
      toPostgres.hang();
      toTemporal.hang();
      const event = { event_type: 'a', data: 0, id: 'both' };
      const [refused, waited] = await timed(problem('POST', `/v1/apps/${app}/events`, event));
      expect(refused.status).toBe(503);
      expect(waited).toBeLessThan(PROMISED_MS);
      toPostgres.restore();
      toTemporal.restore();
      await inTheEnd('POST', `/v1/apps/${app}/events`, event);
      await inTheEnd('GET', '/readyz');
    });

    it('PostgreSQL, which vanished without a word and was replaced: the new one is found soon', async () => {
      await fillPool();
      toPostgres.lose();
      const [, waited] = await timed(inTheEnd('PATCH', `/v1/apps/${app}`, { name: 'Acme' }));
      expect(waited).toBeLessThan(15_000);
    });
  },
);

it('PostgreSQL that is slow and alive is waited for', async () => {
  const holder = await connectTo(database.url);
  await holder.query('begin; lock table apps in access exclusive mode');
  const answer = api.call('PATCH', `/v1/apps/${app}`, { body: { name: 'Acme' } });
  await expect.poll(() => waitingForLocks(database.url)).toBe(1);
  // Longer than the two seconds after which a server that does not answer is given up.
  await sleep(4_000);
  await holder.query('commit');
  expect((await answer).status).toBe(200);
});

describe('503, while PostgreSQL is read-only:', { timeout: 90_000 }, () => {
  /** One whose own sessions may write, as those of who runs it. */
  const asOperator = async (statement: string) => {
    const url = new URL(database.url);
    url.searchParams.set('options', '-c default_transaction_read_only=off');
    const client = await connectTo(url.href);
    await client.query(statement);
    await client.end();
  };
  /** Sessions begin so from now on, and those of before end: as at a failover. */
  const failOver = async (setting: 'on' | 'off', options: { endSessions: boolean }) => {
    const name = new URL(database.url).pathname.slice(1);
    await asOperator(`alter database ${name} set default_transaction_read_only = ${setting}`);
    if (!options.endSessions) return;
    await asOperator(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
  };

  it('changes say so, and /readyz; an event is accepted, and delivered once when the log can be written', async () => {
    receiver.received.length = 0;
    await failOver('on', { endSessions: true });
    await expect.poll(async () => (await api.call('GET', `/v1/apps/${app}`)).status).toBe(200);
    const changes: [string, string, unknown?][] = [
      ['PATCH', `/v1/apps/${app}`, { name: 'Acme' }],
      ['POST', '/v1/apps', { name: 'Acme' }],
      ['POST', `/v1/apps/${app}/webhooks`, { webhook: { url: receiver.url } }],
      ['POST', `/v1/apps/${app}/webhooks/${endpoint}/pause`],
      ['POST', `/v1/apps/${app}/keys`, { scopes: ['events:read'] }],
      ['DELETE', `/v1/apps/${app}/webhooks/${endpoint}`],
    ];
    for (const change of changes) {
      expect(await problem(...change)).toMatchObject({ status: 503, code: 'database_unavailable' });
    }
    const ready = await api.call<{ checks: Record<string, string> }>('GET', '/readyz', { key: null });
    expect([ready.status, ready.body.checks.postgresql]).toEqual([503, 'is read-only']);
    const events = [
      { event_type: 'a', data: 1 },
      { event_type: 'a', data: 1, id: 'while-read-only' },
    ];
    const ids: string[] = [];
    for (const body of events) {
      const accepted = await api.expect<{ event: Event }>(202, 'POST', `/v1/apps/${app}/events`, body);
      ids.push(accepted.event.id);
    }
    expect((await api.event(app, 'while-read-only')).status).toBe('pending');
    expect(receiver.received).toEqual([]);

    await failOver('off', { endSessions: false });
    for (const id of ids) await api.eventThatIs('delivered', app, id, 60_000);
    expect(receiver.received.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(ids.toSorted());
  });

  it('connections that lead to what is read-only are left at the first refusal', async () => {
    await failOver('on', { endSessions: true });
    await expect.poll(async () => (await api.call('GET', `/v1/apps/${app}`)).status).toBe(200);
    // Reads open ten of them, and keep them.
    const reads = Array.from({ length: 30 }, () => api.call('GET', `/v1/apps/${app}/webhooks/${endpoint}`));
    await Promise.all(reads);
    await failOver('off', { endSessions: false });
    const refusals = [];
    for (let tries = 0; tries < 10; tries += 1) {
      const { status } = await api.call('PATCH', `/v1/apps/${app}`, { body: { name: 'Acme' } });
      if (status === 200) break;
      refusals.push(status);
    }
    // One more may be under way while the others are closed.
    expect(refusals.length).toBeLessThanOrEqual(2);
  });
});

it('503 overloaded, while all connections to PostgreSQL are taken', async () => {
  const holder = await connectTo(database.url);
  await holder.query('begin; lock table endpoints in access exclusive mode');
  const path = `/v1/apps/${app}/webhooks/${endpoint}`;
  const reads = Array.from({ length: 10 }, () => api.call('GET', path));
  await expect.poll(() => waitingForLocks(database.url)).toBeGreaterThanOrEqual(10);
  expect(await problem('GET', path)).toMatchObject({ status: 503, code: 'overloaded' });
  expect(posthorn.log.some((line) => line.includes('connections to PostgreSQL were in use'))).toBe(true);
  await holder.query('commit');
  for (const read of reads) expect((await read).status).toBe(200);
});

it('503, when PostgreSQL has taken too long', async () => {
  const holder = await connectTo(database.url);
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
});
