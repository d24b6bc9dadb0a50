import { randomBytes, randomUUID } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withKey } from '../../src/api/http/once.js';
import { takesIdempotencyKey } from '../../src/api/http/route.js';
import { createSealer } from '../../src/store/secrets/sealer.js';
import { forgetIdempotencyKeys } from '../../src/store/apps/idempotency-keys.js';
import type { Pool } from '../../src/store/database/pool.js';
import type { Answer, Event, Webhook } from '../support/api-client.js';
import { connectTo, openPool } from '../support/database.js';
import { Receiver } from '../support/receiver.js';
import { allRoutes, nameOf } from '../support/routes.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const posthorn = sharedPosthorn();
let receiver: Receiver;
let database: Pool;
beforeAll(async () => {
  receiver = await Receiver.start();
  database = openPool(posthorn.databaseUrl, 3);
});
afterAll(() => {
  expect(posthorn.log.filter((line) => line.includes('"a request failed"'))).toEqual([]);
});

/** An application with an endpoint and a delivered event. */
async function given(profile = 'standard') {
  const { app, key } = await posthorn.api.createApp(profile);
  const webhook = await posthorn.api.createWebhook(app.id, { url: receiver.url });
  const event = await posthorn.api.submit(app.id, { event_type: 'contact.created', data: 1 });
  await posthorn.api.eventThatIs('delivered', app.id, event.id);
  return { app, key, webhook, event, path: `/v1/apps/${app.id}` };
}
type Given = Awaited<ReturnType<typeof given>>;

/** What each route creates: a request, another one's body, and how many there are. */
interface Creation {
  readonly path: (setting: Given) => string;
  readonly body: unknown;
  readonly other: unknown;
  readonly count: (setting: Given) => Promise<number>;
  /** What tells one that was created from another. */
  readonly idOf: (body: never) => unknown;
  readonly profile?: string;
}

const countOf = async (statement: string, ...values: unknown[]) => {
  const { rows } = await database.query<{ n: number }>(statement, values);
  return rows[0]?.n ?? -1;
};
const deliveriesOf = ({ app }: Given) =>
  countOf('select count(*)::int as n from deliveries where app_id = $1', app.id);
const webhook = (description: string) => ({ webhook: { url: 'https://example.com/', description } });

const creations: Readonly<Record<string, Creation>> = {
  'POST /v1/apps': {
    path: () => '/v1/apps',
    body: { name: 'Idempotent' },
    other: { name: 'Another' },
    count: () => countOf("select count(*)::int as n from apps where name = 'Idempotent'"),
    idOf: ({ app }: { app: { id: string } }) => app.id,
  },
  'POST /v1/apps/:app_id/keys': {
    path: ({ path }) => `${path}/keys`,
    body: { name: 'one' },
    other: { name: 'two' },
    count: ({ app }) => countOf('select count(*)::int as n from api_keys where app_id = $1', app.id),
    idOf: ({ api_key }: { api_key: { id: string } }) => api_key.id,
  },
  'POST /v1/dashboard-links': {
    path: () => '/v1/dashboard-links',
    body: { ttl_seconds: 60 },
    other: { ttl_seconds: 61 },
    count: () => countOf('select count(*)::int as n from dashboard_links'),
    idOf: ({ expires_at }: { expires_at: string }) => expires_at,
  },
  'POST /v1/apps/:app_id/event-types': {
    path: ({ path }) => `${path}/event-types`,
    body: { name: 'parcel.sent' },
    other: { name: 'parcel.lost' },
    count: ({ app }) => countOf('select count(*)::int as n from event_types where app_id = $1', app.id),
    idOf: ({ event_type }: { event_type: { name: string } }) => event_type.name,
  },
  'POST /v1/apps/:app_id/webhooks': {
    path: ({ path }) => `${path}/webhooks`,
    body: webhook('one'),
    other: webhook('two'),
    count: ({ app }) => countOf('select count(*)::int as n from endpoints where app_id = $1', app.id),
    idOf: (body: { webhook: { id: string } }) => body.webhook.id,
  },
  'POST /api/v1/webhooks/subscribe': {
    profile: 'scendcore',
    path: () => '/api/v1/webhooks/subscribe',
    body: { url: 'https://example.com/', events: ['contact.created'] },
    other: { url: 'https://example.com/other', events: ['contact.created'] },
    count: ({ app }) => countOf('select count(*)::int as n from endpoints where app_id = $1', app.id),
    idOf: ({ subscription }: { subscription: { id: string } }) => subscription.id,
  },
  'POST /v1/apps/:app_id/webhooks/:id/test': {
    path: ({ path, webhook: { id } }) => `${path}/webhooks/${id}/test`,
    body: undefined,
    other: null,
    count: deliveriesOf,
    idOf: ({ event, delivery }: { event: Event; delivery: { id: string } }) => [event.id, delivery.id],
  },
  'POST /v1/apps/:app_id/webhooks/:id/recover': {
    path: ({ path, webhook: { id } }) => `${path}/webhooks/${id}/recover`,
    body: { since: '2026-04-16T12:00:00Z' },
    other: { since: '2026-04-16T12:00:01Z' },
    count: ({ app }) => countOf('select count(*)::int as n from recovery_jobs where app_id = $1', app.id),
    idOf: ({ job }: { job: { id: string } }) => job.id,
  },
  'POST /v1/apps/:app_id/events/:event_id/resend': {
    path: ({ path, event }) => `${path}/events/${event.id}/resend`,
    body: {},
    other: { webhook_id: randomUUID() },
    count: deliveriesOf,
    idOf: ({ deliveries }: { deliveries: { id: string }[] }) => deliveries.map(({ id }) => id),
  },
};

const remembered = allRoutes.filter((route) => route.idempotencyKey === 'remembered');
const call = (setting: Given, { path, profile }: Creation, key: string, body: unknown) =>
  posthorn.api.call('POST', path(setting), {
    ...(body === undefined ? {} : { body }),
    ...(profile === undefined ? {} : { key: setting.key }),
    headers: { 'Idempotency-Key': key },
  });
const idIn = ({ idOf }: Creation, { body }: Answer) => idOf(body as never);

describe('a route that creates something', () => {
  it.each(remembered.map((route) => [nameOf(route), route] as const))(
    '%s: does so once for a key',
    async (name, route) => {
      const creation = creations[name];
      if (!creation) throw new Error(`${name} is not tried`);
      const setting = await given(creation.profile);
      const before = await creation.count(setting);
      const first = await call(setting, creation, 'once', creation.body);
      expect(first.status).toBe(route.success[0]);
      const made = (await creation.count(setting)) - before;

      const again = await call(setting, creation, 'once', creation.body);
      expect([again.status, idIn(creation, again)]).toEqual([first.status, idIn(creation, first)]);
      expect((await creation.count(setting)) - before).toBe(made);

      if (creation.other !== null) {
        const other = await call(setting, creation, 'once', creation.other);
        expect(other).toMatchObject({
          status: 409,
          body: { code: 'idempotency_conflict', errors: [{ parameter: 'Idempotency-Key' }] },
        });
      }
      expect((await creation.count(setting)) - before).toBe(made);
    },
  );

  it.each(remembered.map((route) => [nameOf(route), route] as const))(
    '%s: does so once for a key that comes ten times at once',
    async (name, route) => {
      const creation = creations[name];
      if (!creation) throw new Error(`${name} is not tried`);
      const setting = await given(creation.profile);
      const key = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => call(setting, creation, key, creation.body)),
      );
      // Or 409, while the first is under way for longer than a repetition waits.
      const done = answers.filter(({ status }) => status === route.success[0]);
      const others = answers.filter(({ status }) => status !== route.success[0]);
      expect(done.length).toBeGreaterThan(0);
      expect(new Set(done.map((answer) => JSON.stringify(idIn(creation, answer)))).size).toBe(1);
      for (const { status, body } of others) {
        expect([status, body]).toMatchObject([409, { code: 'idempotency_conflict' }]);
      }
    },
  );

  it('says in the document that it takes a key; no other does', () => {
    expect(Object.keys(creations).sort()).toEqual(remembered.map(nameOf).sort());
    const others = allRoutes.filter(
      (route) => takesIdempotencyKey(route) && route.idempotencyKey !== 'remembered',
    );
    expect(others.map(nameOf)).toEqual([
      'POST /v1/apps/:app_id/events',
      'POST /v1/apps/:app_id/events/batch',
    ]);
  });
});

describe('what is shown once', () => {
  const twice = async <T>(path: string, body: unknown) => {
    const headers = { 'Idempotency-Key': 'shown' };
    const first = await posthorn.api.call<T>('POST', path, { body, headers });
    return [first.body, (await posthorn.api.call<T>('POST', path, { body, headers })).body] as const;
  };
  interface WithKey {
    api_key: { id: string; key: string | null };
  }

  it('is not shown to a repetition: an application’s first key, and a further one', async () => {
    const { path } = await given();
    for (const [first, again] of [
      await twice<WithKey>('/v1/apps', { name: 'Shown' }),
      await twice<WithKey>(`${path}/keys`, { name: 'shown' }),
    ]) {
      expect(first.api_key.key).toMatch(/^phk_/);
      expect(again).toEqual({ ...first, api_key: { ...first.api_key, key: null } });
    }
  });

  it('is not an endpoint’s secret, which can be read again; it stands nowhere in the clear', async () => {
    const { app } = await posthorn.api.createApp('scute');
    const path = `/v1/apps/${app.id}`;
    const secret = `planted-${randomUUID()}`;
    const [first, again] = await twice<{ webhook: Webhook }>(`${path}/webhooks`, {
      webhook: { url: 'https://example.com/', secret },
    });
    expect(again).toEqual(first);
    expect(again.webhook.secret).toBe(secret);
    const { rows } = await database.query<{ row: string }>(
      `select encode(key_hash || sealed, 'escape') as row from idempotency_keys`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) {
      expect(row).not.toContain('planted');
      expect(row).not.toContain('example.com');
    }
  });
});

describe('a key', () => {
  const headers = { 'Idempotency-Key': 'mine' };

  it('is the application’s, and the route’s', async () => {
    const [one, two] = [await given(), await given()];
    const ids = new Set<string>();
    for (const path of [`${one.path}/keys`, `${two.path}/keys`]) {
      const answer = await posthorn.api.call<{ api_key: { id: string } }>('POST', path, { headers });
      expect(answer.status).toBe(201);
      ids.add(answer.body.api_key.id);
    }
    expect(ids.size).toBe(2);
    const body = { name: 'parcel.sent' };
    expect((await posthorn.api.call('POST', `${one.path}/event-types`, { body, headers })).status).toBe(201);
  });

  it('is taken by what was created alone: what was refused may be tried again', async () => {
    const { path } = await given();
    const body = { name: 'parcel.sent' };
    await posthorn.api.expect(201, 'POST', `${path}/event-types`, body);
    const refused = await posthorn.api.call('POST', `${path}/event-types`, { body, headers });
    expect(refused).toMatchObject({ status: 409, body: { code: 'event_type_exists' } });
    await posthorn.api.expect(204, 'DELETE', `${path}/event-types/parcel.sent`);
    expect((await posthorn.api.call('POST', `${path}/event-types`, { body, headers })).status).toBe(201);
    expect((await posthorn.api.call('POST', `${path}/event-types`, { body, headers })).status).toBe(201);
  });

  it('gives the first answer also where the request would be refused now', async () => {
    const { path, webhook: endpoint, event } = await given();
    await posthorn.api.expect(201, 'POST', `${path}/event-types`, { name: 'parcel.sent' });
    const resend = { body: { webhook_id: endpoint.id }, headers };
    const first = await posthorn.api.call('POST', `${path}/events/${event.id}/resend`, resend);
    expect(first.status).toBe(202);
    await posthorn.api.expect(200, 'POST', `${path}/webhooks/${endpoint.id}/pause`);
    expect(await posthorn.api.call('POST', `${path}/events/${event.id}/resend`, resend)).toMatchObject({
      status: 202,
      body: first.body,
    });
  });

  it('makes no difference by how the same content is written, or that there is none', async () => {
    const { path } = await given();
    const create = (body: string | undefined) =>
      posthorn.api.call<{ api_key: { id: string } }>('POST', `${path}/keys`, {
        ...(body === undefined ? {} : { body }),
        headers,
      });
    const first = await create(undefined);
    expect((await create(' { } ')).body.api_key.id).toBe(first.body.api_key.id);
  });

  it('given twice in a request is no key', async () => {
    const { path } = await given();
    const answer = await request(`${posthorn.api.url}${path}/keys`, {
      method: 'POST',
      headers: [
        'authorization',
        `Bearer ${posthorn.adminKey}`,
        'idempotency-key',
        'a',
        'Idempotency-Key',
        'b',
      ],
    });
    expect([answer.statusCode, await answer.body.json()]).toMatchObject([
      400,
      { errors: [{ parameter: 'Idempotency-Key', detail: 'is given twice' }] },
    ]);
  });

  it('whose first request is under way is waited for a little, then refused, and then answered', async () => {
    const { app, path } = await given();
    const blocker = await connectTo(posthorn.databaseUrl);
    await blocker.query('begin');
    await blocker.query('select from apps where id = $1 for update', [app.id]);
    const create = () => posthorn.api.call<{ api_key: { id: string } }>('POST', `${path}/keys`, { headers });
    let isAnswered = false;
    const first = create().finally(() => (isAnswered = true));
    // It holds its key's lock as soon as it waits for the application's.
    await expect
      .poll(() => countOf("select count(*)::int as n from pg_locks where locktype = 'advisory' and granted"))
      .toBeGreaterThan(0);
    const second = await create();
    expect([second.status, second.body, isAnswered]).toMatchObject([
      409,
      { code: 'idempotency_conflict' },
      false,
    ]);
    expect(second.headers['retry-after']).toBeDefined();
    await blocker.query('rollback');
    const { body } = await first;
    expect((await create()).body.api_key.id).toBe(body.api_key.id);
  });

  it('is forgotten after 24 hours', async () => {
    const { path } = await given();
    const create = () => posthorn.api.call<{ api_key: { id: string } }>('POST', `${path}/keys`, { headers });
    const first = await create();
    const age = (hours: number) =>
      database.query(`update idempotency_keys set created_at = now() - $1 * interval '1 hour'`, [hours]);
    await age(23.9);
    expect((await create()).body.api_key.id).toBe(first.body.api_key.id);
    await age(24.1);
    const another = await create();
    expect(another.body.api_key.id).not.toBe(first.body.api_key.id);
    expect((await create()).body.api_key.id).toBe(another.body.api_key.id);
    const kept = await countOf(
      "select count(*)::int as n from idempotency_keys where created_at > now() - interval '1 hour'",
    );
    expect(await forgetIdempotencyKeys(database)).toBeGreaterThan(0);
    expect(await countOf('select count(*)::int as n from idempotency_keys')).toBe(kept);
  });
});

describe('what is begun in Temporal', () => {
  const sealer = createSealer(randomBytes(32));
  const keyed = (content: unknown, scope: readonly unknown[] = ['a route', randomUUID()]) =>
    withKey<string>({ pool: database, sealer }, { key: 'k', scope, content }, (answer) => answer);

  it('is known by one id, which outlives who died before the answer', async () => {
    const scope = ['a route', randomUUID()];
    const ids = await Promise.all([1, 2, 3].map(() => keyed({ a: 1 }, scope).id()));
    expect(new Set(ids).size).toBe(1);
    expect(await keyed({ a: 1 }, scope).first()).toBeNull();
    const repetition = keyed({ a: 1 }, scope);
    expect(await repetition.id()).toBe(ids[0]);
    await expect(keyed({ a: 2 }, scope).id()).rejects.toMatchObject({ code: 'idempotency_conflict' });
    await expect(keyed({ a: 2 }, scope).first()).rejects.toMatchObject({ status: 409 });
    await repetition.answered('done');
    expect(await keyed({ a: 1 }, scope).first()).toEqual({ answer: 'done' });
  });

  it('or written in PostgreSQL, and rolled back, leaves nothing', async () => {
    const scope = ['a route', randomUUID()];
    const failing = keyed({}, scope).inTransaction(() => Promise.reject(new Error('it died')));
    await expect(failing).rejects.toThrow('it died');
    expect(await keyed({}, scope).first()).toBeNull();
    expect(await keyed({}, scope).inTransaction(() => Promise.resolve('made'))).toBe('made');
    expect(await keyed({}, scope).inTransaction(() => Promise.resolve('again'))).toBe('made');
  });
});
