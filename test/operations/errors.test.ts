import { randomUUID } from 'node:crypto';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { takesIdempotencyKey, type Route } from '../../src/api/http/route.js';
import type { Call, Event, ProblemBody, Webhook } from '../support/api-client.js';
import { oneOfEverything, type Furnished } from '../support/one-of-everything.js';
import { Receiver } from '../support/receiver.js';
import { allRoutes, callOf, filled, nameOf, parametersOf } from '../support/routes.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const SCOPES = ['webhooks:read', 'webhooks:write', 'events:read', 'events:write'];
const UNKNOWN_ID = '0b0e7c1e-6a0e-8d0c-9d9b-0d6f0b8a1c11';

const posthorn = sharedPosthorn();
const { api } = posthorn;
let receiver: Receiver;
/** An application with one of everything, and another one's key. */
let ids: Furnished['ids'];
let own: Furnished;
let other: { id: string; key: string };
let scuteApp: string;
let scendcoreKey: string;

beforeAll(async () => {
  receiver = await Receiver.start();
  own = await oneOfEverything(api, receiver);
  ({ ids } = own);
  const theirs = await api.createApp('standard');
  other = { id: theirs.app.id, key: theirs.key };
  scuteApp = (await api.createApp('scute')).app.id;
  scendcoreKey = (await api.createApp('scendcore')).key;
});
afterAll(() => {
  // Whatever was sent here, nothing of it was more than Posthorn can answer.
  const failures = posthorn.log.filter((line) => line.includes('"a request failed"'));
  expect(failures).toEqual([]);
});

/** Calls, and checks everything that all errors have in common. */
async function problem(
  status: number,
  code: string,
  method: string,
  path: string,
  call: Call = {},
): Promise<ProblemBody & { headers: Readonly<Record<string, string | string[] | undefined>> }> {
  const { body, headers, ...answer } = await api.call<ProblemBody>(method, path, call);
  expect({ status: answer.status, code: body.code, of: `${method} ${path}` }).toEqual({
    status,
    code,
    of: `${method} ${path}`,
  });
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: expect.any(String) as string,
    title: expect.any(String) as string,
    detail: expect.any(String) as string,
    status,
    request_id: headers['x-request-id'],
  });
  return { ...body, headers };
}

const pointersOf = ({ errors = [] }: ProblemBody) => errors.map(({ pointer }) => pointer);
const parametersIn = ({ errors = [] }: ProblemBody) => errors.map(({ parameter }) => parameter);
const eventsOf = async (appId: string) =>
  (await api.expect<{ events: Event[] }>(200, 'GET', `/v1/apps/${appId}/events?limit=100`)).events;
const webhooksOf = async (appId: string) =>
  (await api.expect<{ webhooks: Webhook[] }>(200, 'GET', `/v1/apps/${appId}/webhooks`)).webhooks;

/** Routes that name no application want an application's key; ScendCore's own, one of such an application. */
const ownKeyOf = ({ access, path }: Route) =>
  access === 'app' && !path.includes(':app_id') ? scendcoreKey : undefined;

const closed = allRoutes.filter(({ access }) => access !== 'public');
const table = (routes: readonly Route[]) => routes.map((route) => [nameOf(route), route] as const);

describe('401', () => {
  it.each(table(closed))('%s: without a key, or with an unknown one', async (_name, route) => {
    const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
    const without = await problem(401, 'unauthorized', route.method.toUpperCase(), path, {
      ...callOf(route),
      key: null,
    });
    expect(without.headers['www-authenticate']).toBe('Bearer');
    await problem(401, 'unauthorized', route.method.toUpperCase(), path, callOf(route, 'phk_unknown'));
  });

  it('a revoked key does not work any more at once, though it has just been used', async () => {
    const { api_key } = await api.expect<{ api_key: { id: string; key: string } }>(
      201,
      'POST',
      `/v1/apps/${own.id}/keys`,
      { name: 'short-lived' },
    );
    await api.with(api_key.key).expect(200, 'GET', `/v1/apps/${own.id}/webhooks`);
    await api.expect(204, 'DELETE', `/v1/apps/${own.id}/keys/${api_key.id}`);
    await problem(401, 'unauthorized', 'GET', `/v1/apps/${own.id}/webhooks`, { key: api_key.key });
  });

  it.each(['/healthz', '/readyz'])('is not for %s', async (path) => {
    expect((await api.call('GET', path, { key: null })).status).toBe(200);
  });
});

describe('403', () => {
  it.each(table(allRoutes.filter(({ access }) => access === 'admin')))(
    "%s: with an application's key, its own too",
    async (_name, route) => {
      const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
      await problem(403, 'admin_only', route.method.toUpperCase(), path, callOf(route, own.key));
    },
  );

  const scoped = allRoutes.flatMap((route) =>
    route.access === 'app' && route.scopes.length > 0 ? [{ route, scopes: route.scopes }] : [],
  );
  it.each(scoped.map((each) => [nameOf(each.route), each] as const))(
    '%s: with a key that lacks its scope',
    async (_name, { route, scopes }) => {
      const enough = scopes.flatMap<string>((scope) => [scope, scope.replace(':read', ':write')]);
      const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
      for (const scope of SCOPES.filter((each) => !enough.includes(each))) {
        const { api_key } = await api.expect<{ api_key: { key: string } }>(
          201,
          'POST',
          `/v1/apps/${own.id}/keys`,
          { scopes: [scope] },
        );
        await problem(403, 'missing_scope', route.method.toUpperCase(), path, callOf(route, api_key.key));
      }
    },
  );

  it('write implies read', async () => {
    const { api_key } = await api.expect<{ api_key: { key: string } }>(
      201,
      'POST',
      `/v1/apps/${own.id}/keys`,
      { scopes: ['webhooks:write'] },
    );
    await api.with(api_key.key).expect(200, 'GET', `/v1/apps/${own.id}/webhooks`);
  });
});

describe('404', () => {
  const withIds = closed.filter(({ path }) => path.includes(':'));
  it.each(table(withIds))('%s: unknown and malformed ids', async (_name, route) => {
    const method = route.method.toUpperCase();
    const last = parametersOf(route.path).at(-1)?.collection;
    for (const bad of [
      UNKNOWN_ID,
      'ffffffff-ffff-8fff-bfff-ffffffffffff',
      'x',
      '%00',
      "'%20or%201=1",
      '..%2f..',
      '%F0%9F%99%82',
      'a'.repeat(300),
    ]) {
      const path = filled(route.path, (collection) =>
        collection === last ? bad : (ids[collection] ?? UNKNOWN_ID),
      );
      await problem(404, 'not_found', method, path, callOf(route));
    }
    const undecodable = filled(route.path, (collection) =>
      collection === last ? '%E0%A4%A' : (ids[collection] ?? UNKNOWN_ID),
    );
    await problem(404, 'not_found', method, undecodable, callOf(route));
  });

  it.each([
    '/',
    '/v1',
    '/v2/apps',
    '/v1/apps/x/y/z',
    '/V1/appz',
    '/favicon.ico',
    '/v1/apps/../../etc/passwd',
  ])('GET %s: an unknown route', async (path) => {
    await problem(404, 'not_found', 'GET', path);
  });

  it('leaves everything there', async () => {
    const mine = api.with(own.key);
    await mine.expect(200, 'GET', `/v1/apps/${own.id}/webhooks/${ids.webhooks}`);
    await mine.expect(200, 'GET', `/v1/apps/${own.id}/deliveries/${ids.deliveries}`);
    expect((await api.event(own.id, ids.events ?? '')).deliveries).toHaveLength(1);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('405', () => {
  const paths = [...new Set(allRoutes.map(({ path }) => path))];
  it.each(paths)('%s: names the methods that there are', async (path) => {
    const methodsOf = (of: string) =>
      allRoutes.filter((route) => route.path === of).map(({ method }) => method.toUpperCase());
    const methods = methodsOf(path);
    // What could be the id of an event or an endpoint is one for the other methods.
    const others = methodsOf(path.replace(/batch$/, ':event_id').replace(/check$/, ':id'));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
      (each) => ![...methods, ...others].includes(each),
    )) {
      const answer = await problem(
        405,
        'method_not_allowed',
        method,
        filled(path, (collection) => ids[collection] ?? UNKNOWN_ID),
      );
      expect(String(answer.headers.allow).split(', ').sort()).toEqual(methods.sort());
    }
  });
});

describe('400', () => {
  const submit = () => `/v1/apps/${own.id}/events`;

  it.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['white space', ' \n'],
    ['half of it', '{"event_type":"a","data":'],
    ['two of them', '{"event_type":"a","data":1}{}'],
    ['a single quote', "{'event_type':'a'}"],
    ['NaN', '{"event_type":"a","data":NaN}'],
    ['a leading zero', '{"event_type":"a","data":01}'],
    ['a control character', '{"event_type":"a","data":"\u0001"}'],
    ['a form', 'event_type=a&data=1'],
    ['bytes that are no UTF-8', Buffer.from('{"event_type":"a","data":"\xff"}', 'latin1')],
    [
      'a surrogate as UTF-8',
      Buffer.concat([Buffer.from('"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"')]),
    ],
    ['a character cut in two', Buffer.from('{"event_type":"a","data":"☃"}').subarray(0, -4)],
    ['UTF-16', Buffer.from('{"event_type":"a","data":1}', 'utf16le')],
  ])('a body that is %s is not JSON', async (_what, body) => {
    const before = (await eventsOf(own.id)).length;
    await problem(400, 'invalid_json', 'POST', submit(), { body });
    expect(await eventsOf(own.id)).toHaveLength(before);
  });

  it('does not repeat what it could not read', async () => {
    const { detail } = await problem(400, 'invalid_json', 'POST', submit(), { body: '{"key":hush-hush}' });
    expect(detail).not.toContain('hush');
  });

  const lists = allRoutes.filter(({ method, query }) => method === 'get' && query !== undefined);
  it.each(table(lists))('%s: an unknown parameter', async (_name, route) => {
    const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
    const answer = await problem(400, 'invalid_parameter', 'GET', `${path}?colour=red`);
    // A search lacks what it must have, too.
    expect(parametersIn(answer)).toContain('colour');
  });

  const paged = lists.filter(({ query }) => query instanceof z.ZodObject && 'limit' in query.shape);
  it.each(table(paged))('%s: a bad limit or cursor', async (_name, route) => {
    const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
    for (const limit of [
      '0',
      '101',
      '-1',
      '1.5',
      'x',
      '',
      '0x10',
      '1e1',
      '%2010',
      '10%20',
      '1&limit=2',
      '1&limit=1',
    ]) {
      const answer = await problem(400, 'invalid_parameter', 'GET', `${path}?limit=${limit}`);
      expect(parametersIn(answer)).toEqual(['limit']);
    }
    for (const cursor of ['', 'x', '%00', '%FF', Buffer.from("1/' or '1'='1").toString('base64url')]) {
      const answer = await problem(400, 'invalid_parameter', 'GET', `${path}?cursor=${cursor}`);
      expect(parametersIn(answer)).toEqual(['cursor']);
    }
  });

  it.each([
    ['events', 'status', 'done'],
    ['events', 'since', 'yesterday'],
    ['events', 'until', '2026-02-30T00:00:00Z'],
    ['events', 'since', '2026-04-16T12:00:00Z&since=2026-04-16T12:00:00Z'],
    ['events', 'event_type', '%00'],
    ['events', 'event_type', 'a&event_type=b'],
    ['webhooks/$/deliveries', 'status', 'cancelled'],
    ['webhooks/$/deliveries', 'since', '1'],
    ['webhooks/$/deliveries', 'until', ''],
  ])('GET …/%s?%s=%s', async (path, parameter, value) => {
    const of = path.replace('$', ids.webhooks ?? '');
    const answer = await problem(
      400,
      'invalid_parameter',
      'GET',
      `/v1/apps/${own.id}/${of}?${parameter}=${value}`,
    );
    expect(parametersIn(answer)).toEqual([parameter]);
  });

  it.each(['0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59', '1000-01-01T00:00:00Z'])(
    'the time %s is far away, and no error',
    async (time) => {
      await api.expect(200, 'GET', `/v1/apps/${own.id}/events?since=${time}`);
      await api.expect(200, 'GET', `/v1/apps/${own.id}/webhooks/${ids.webhooks}/deliveries?until=${time}`);
    },
  );

  it.each(table(allRoutes.filter(takesIdempotencyKey)))(
    '%s: an Idempotency-Key that is empty, too long, or has what nobody sees',
    async (_name, route) => {
      const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
      for (const key of ['', 'x'.repeat(256), 'a\tb', 'caf\u00e9']) {
        const call = { ...callOf(route, ownKeyOf(route)), headers: { 'Idempotency-Key': key } };
        const answer = await problem(400, 'invalid_parameter', route.method.toUpperCase(), path, call);
        expect(parametersIn(answer)).toEqual(['Idempotency-Key']);
      }
    },
  );
});

describe('400, an Idempotency-Key', () => {
  it.each(table(allRoutes.filter((route) => !takesIdempotencyKey(route))))(
    '%s: where nobody would keep to it',
    async (_name, route) => {
      const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
      const call = { ...callOf(route, ownKeyOf(route)), headers: { 'Idempotency-Key': 'k' } };
      const answer = await problem(400, 'invalid_parameter', route.method.toUpperCase(), path, call);
      expect(parametersIn(answer)).toEqual(['Idempotency-Key']);
    },
  );
});

describe('a recovery', () => {
  const recover = (body: unknown) =>
    problem(422, 'validation_failed', 'POST', `/v1/apps/${own.id}/webhooks/${ids.webhooks}/recover`, {
      body,
    });

  it.each([
    ['/since', {}],
    ['/since', { since: 'yesterday' }],
    ['/since', { since: '2999-01-01T00:00:00Z' }],
    ['/until', { since: '2026-04-16T12:00:00Z', until: '2026-04-16T11:59:59Z' }],
    ['/until', { since: '2026-04-16T12:00:00Z', until: 0 }],
    ['/status', { since: '2026-04-16T12:00:00Z', status: 'pending' }],
    ['/colour', { since: '2026-04-16T12:00:00Z', colour: 'red' }],
  ])('wants a window: %s of %j', async (pointer, body) => {
    expect(pointersOf(await recover(body))).toEqual([pointer]);
  });

  it.each(['0000-01-01T00:00:00Z', '1000-01-01T00:00:00Z'])(
    'a window from %s to the end of time is no error',
    async (since) => {
      const path = `/v1/apps/${other.id}/webhooks/${await webhookOf(other.id)}/recover`;
      const body = { since, until: '9999-12-31T23:59:59-23:59' };
      expect(await api.expect(202, 'POST', path, body)).toMatchObject({ job: { total: 0 } });
    },
  );

  it("another endpoint's job is unknown", async () => {
    const elsewhere = await webhookOf(own.id);
    for (const [method, action] of [
      ['GET', ''],
      ['POST', '/pause'],
    ] as const) {
      const path = `/v1/apps/${own.id}/webhooks/${elsewhere}/jobs/${ids.jobs}${action}`;
      await problem(404, 'not_found', method, path);
    }
  });

  /** An endpoint that gets nothing. */
  const webhookOf = async (appId: string) =>
    (await api.createWebhook(appId, { url: receiver.url, event_types: ['nothing.at.all'] })).id;
});

describe('415', () => {
  const body = JSON.stringify({ event_type: 'a', data: 1 });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/vnd.api+json',
    'application/jsonp',
    'multipart/form-data; boundary=x',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
  ])('a body sent as %s', async (type) => {
    await problem(415, 'unsupported_media_type', 'POST', `/v1/apps/${own.id}/events`, {
      body,
      headers: { 'content-type': type },
    });
  });

  it('a body without a type, or compressed', async () => {
    const url = `${api.url}/v1/apps/${own.id}/events`;
    const headers = { authorization: `Bearer ${own.key}` };
    const untyped = await request(url, { method: 'POST', headers, body });
    expect(untyped.statusCode).toBe(415);
    await untyped.body.dump();
    await problem(415, 'unsupported_media_type', 'POST', `/v1/apps/${own.id}/events`, {
      body,
      headers: { 'content-encoding': 'gzip' },
    });
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    '%s is taken',
    async (type) => {
      const answer = await api.call('POST', `/v1/apps/${other.id}/events`, {
        body,
        headers: { 'content-type': type },
      });
      expect(answer.status).toBe(202);
    },
  );

  it('is not for a call that needs no body', async () => {
    await api.expect(200, 'POST', `/v1/apps/${own.id}/webhooks/${ids.webhooks}/enable`);
    await api.expect(201, 'POST', `/v1/apps/${own.id}/keys`);
  });
});

describe('413', () => {
  const LIMIT = 262_144;
  const frame = `{"type":"big","timestamp":"2026-04-16T12:00:00Z","data":""}`.length;
  let app: string;
  let target: Receiver;
  beforeAll(async () => {
    app = (await api.createApp('standard')).app.id;
    target = await Receiver.start();
    await api.createWebhook(app, { url: target.url });
  });
  const submit = (body: unknown) => api.call<{ event: Event }>('POST', `/v1/apps/${app}/events`, { body });

  it('an event of 256 KiB as it would be sent is taken and arrives; one byte more is not', async () => {
    const data = 'x'.repeat(LIMIT - frame);
    const { status } = await submit({ event_type: 'big', data });
    expect(status).toBe(202);
    const post = (await target.gets(1)).at(-1);
    expect(Buffer.byteLength(post?.body ?? '')).toBe(LIMIT);
    await problem(413, 'payload_too_large', 'POST', `/v1/apps/${app}/events`, {
      body: { event_type: 'big', data: `${data}x` },
    });
  });

  it('what counts are bytes, not characters', async () => {
    const data = '☃'.repeat(Math.ceil((LIMIT - frame) / 3));
    await problem(413, 'payload_too_large', 'POST', `/v1/apps/${app}/events`, {
      body: { event_type: 'big', data },
    });
  });

  it('256 KiB of nothing but quotes arrive byte for byte', async () => {
    const data = `"${'\\"'.repeat((LIMIT - frame) / 2)}"`;
    const already = target.received.length;
    const { status } = await submit(`{"event_type":"big","data":${data}}`);
    expect(status).toBe(202);
    const post = (await target.gets(already + 1)).at(-1);
    expect(post?.body.endsWith(`,"data":${data}}`)).toBe(true);
  });

  it('256 KiB of which every character came escaped are taken', async () => {
    const { status } = await submit(`{"event_type":"big","data":"${'\\u0061'.repeat(LIMIT - frame)}"}`);
    expect(status).toBe(202);
  });

  it.each(table(closed.filter(({ body, maxBodyBytes }) => body !== undefined && maxBodyBytes === undefined)))(
    '%s: a body that is no submission has at most 128 KiB',
    async (_name, route) => {
      const path = filled(route.path, (collection) => ids[collection] ?? UNKNOWN_ID);
      const method = route.method.toUpperCase();
      const key = ownKeyOf(route);
      const body = (bytes: number) => `{"colour":1${' '.repeat(bytes - 12)}}`;
      await problem(413, 'payload_too_large', method, path, { ...callOf(route, key), body: body(131_073) });
      await problem(422, 'validation_failed', method, path, { ...callOf(route, key), body: body(131_072) });
    },
  );

  it('an event type may have a schema of 65,536 characters, whatever they are', async () => {
    const description = '\u2603'.repeat(65_000);
    await api.expect(201, 'POST', `/v1/apps/${app}/event-types`, { name: 'snow', schema: { description } });
  });

  it.each([1_572_865, 8_000_000])('a request of %i bytes, whatever is in it', async (bytes) => {
    const text = `{"event_type":"big","data":1${' '.repeat(bytes - 28)}}`;
    await problem(413, 'payload_too_large', 'POST', `/v1/apps/${app}/events`, { body: text });
  });

  it('nothing of what was too large is known', async () => {
    const events = await eventsOf(app);
    expect(events.length).toBeLessThanOrEqual(3);
  });
});

describe('422, an event:', () => {
  const cases: [string, string, string[]][] = [
    ['9007199254740993', '{"event_type":"user.created","data":{"n":[1,9007199254740993]}}', ['/data/n/1']],
    ['1e400', '{"event_type":"user.created","data":{"a/b":{"c~d":1e400}}}', ['/data/a~1b/c~0d']],
    [
      'two of them',
      '{"data":[1e400,{"a":12345678901234567890}],"event_type":"user.created"}',
      ['/data/0', '/data/1/a'],
    ],
    ['nesting', `{"event_type":"user.created","data":${'['.repeat(500)}${']'.repeat(500)}}`, ['/data/0']],
    [
      'deep nesting',
      `{"event_type":"user.created","data":${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}}`,
      ['/data/a'],
    ],
    ['a key twice', '{"event_type":"user.created","data":{"a":1,"b":{"c":1,"\\u0063":2}}}', ['/data/b/c']],
    ['two types', '{"event_type":"user.created","data":1,"event_type":"user.updated"}', ['/event_type']],
    ['half a surrogate', '{"event_type":"user.created","data":["\\ud83d"]}', ['/data/0']],
    ['half a surrogate in a key', '{"event_type":"user.created","data":{"\\ude42":1}}', ['/data/\ufffd']],
    [
      'more members than are parsed',
      `{"event_type":"user.created","data":{${Array.from({ length: 100_000 }, (_, n) => `"${n}":0`).join(',')}}}`,
      [''],
    ],
    ['an unknown type', '{"event_type":"order.created","data":{}}', ['/event_type']],
    ['a malformed type', '{"event_type":"user.","data":{}}', ['/event_type']],
    ['no type and no data', '{}', ['/event_type', '/data']],
    ['a malformed id', '{"event_type":"user.created","data":{},"id":"evt_1"}', ['/id']],
    [
      'an unknown member',
      '{"event_type":"user.created","data":{},"webhook":1,"__proto__":1}',
      ['/webhook', '/__proto__'],
    ],
    [
      'attributes that the profile has none of',
      '{"event_type":"user.created","data":{},"attributes":{"a":1}}',
      ['/attributes/a'],
    ],
    ['a list', '[]', ['']],
    ['null', 'null', ['']],
    ['a number', '1e400', ['']],
  ];
  it.each(cases)('%s', async (_what, body, pointers) => {
    const answer = await problem(422, 'validation_failed', 'POST', `/v1/apps/${scuteApp}/events`, { body });
    expect(pointersOf(answer).sort()).toEqual(pointers.sort());
    for (const { detail } of answer.errors ?? []) expect(detail).not.toBe('');
    expect(await eventsOf(scuteApp)).toEqual([]);
  });

  it('a number of very many digits holds nobody up', async () => {
    const startedAt = performance.now();
    const body = `{"event_type":"user.created","data":1.${'0'.repeat(100_000)}1}`;
    const answer = await problem(422, 'validation_failed', 'POST', `/v1/apps/${scuteApp}/events`, { body });
    expect(pointersOf(answer)).toEqual(['/data']);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('422, an endpoint:', () => {
  const url = 'https://example.com/hook';
  const cases: [string, Record<string, unknown>, string[]][] = [
    ['retry_limit 11', { url, retry_limit: 11 }, ['/webhook/retry_limit']],
    ['retry_limit -1', { url, retry_limit: -1 }, ['/webhook/retry_limit']],
    ['retry_limit 1.5', { url, retry_limit: 1.5 }, ['/webhook/retry_limit']],
    ['event_types []', { url, event_types: [] }, ['/webhook/event_types']],
    ['event_types us*', { url, event_types: ['us*'] }, ['/webhook/event_types/0']],
    ['event_types user.', { url, event_types: ['user.'] }, ['/webhook/event_types/0']],
    ['event_types **', { url, event_types: ['user.*', '**'] }, ['/webhook/event_types/1']],
    ['an unknown event type', { url, event_types: ['order.created'] }, ['/webhook/event_types/0']],
    ['no URL', {}, ['/webhook/url']],
    ['http://', { url: 'http://example.com/hook' }, ['/webhook/url']],
    ['a private address', { url: 'https://10.0.0.1/' }, ['/webhook/url']],
    ['the metadata service', { url: 'https://169.254.169.254/' }, ['/webhook/url']],
    ['a private address as a number', { url: 'https://167772161/' }, ['/webhook/url']],
    ['http:// to a private address', { url: 'http://192.168.0.1/' }, ['/webhook/url']],
    ['credentials in the URL', { url: 'https://user:pass@example.com/' }, ['/webhook/url']],
    ['a URL that PostgreSQL cannot hold', { url: 'https://example.com/\0' }, ['/webhook/url']],
    ['a header of the connection', { url, headers: { Host: 'x' } }, ['/webhook/headers/Host']],
    ['a header of the body', { url, headers: { 'content-type': 'x' } }, ['/webhook/headers/content-type']],
    [
      'a header of the profile',
      { url, headers: { 'X-Webhook-Signature': 'x' } },
      ['/webhook/headers/X-Webhook-Signature'],
    ],
    ['a header with a line break', { url, headers: { 'X-A': 'a\r\nb' } }, ['/webhook/headers/X-A']],
    ['port 0', { url: 'https://example.com:0/' }, ['/webhook/url']],
    ['an empty label', { url: 'https://a..b/' }, ['/webhook/url']],
    ['a leading dot', { url: 'https://.example.com/' }, ['/webhook/url']],
    ['an invisible character', { url: 'https://exam\u200bple.com/' }, ['/webhook/url']],
    ['no slashes', { url: 'https:example.com' }, ['/webhook/url']],
    ['a backslash', { url: 'https://example.com\\hook' }, ['/webhook/url']],
    ["Azure's wire server", { url: 'https://168.63.129.16/' }, ['/webhook/url']],
    ['a secret of spaces', { url, secret: ' '.repeat(12) }, ['/webhook/secret']],
    ['a secret with a line break at its end', { url, secret: 'whatever-it-is\n' }, ['/webhook/secret']],
    ['a short secret', { url, secret: 'short' }, ['/webhook/secret']],
    ['metadata that are a list', { url, metadata: [] }, ['/webhook/metadata']],
    ['an unknown member', { url, colour: 'red' }, ['/webhook/colour']],
    [
      "a member that is the server's",
      { url, id: UNKNOWN_ID, failure_count: 3 },
      ['/webhook/id', '/webhook/failure_count'],
    ],
    [
      'much at once',
      { url: 1, retry_limit: 11, enabled: 'no' },
      ['/webhook/url', '/webhook/retry_limit', '/webhook/enabled'],
    ],
  ];
  it.each(cases)('%s is not made', async (_what, webhook, pointers) => {
    const answer = await problem(422, 'validation_failed', 'POST', `/v1/apps/${scuteApp}/webhooks`, {
      body: { webhook },
    });
    expect(pointersOf(answer).sort()).toEqual(pointers.sort());
    expect(await webhooksOf(scuteApp)).toEqual([]);
  });

  it.each([
    ['{"webhook":{"url":"https://example.com/","url":"https://example.org/"}}', ['/webhook/url']],
    ['{"webhook":{"url":"https://example.com/","metadata":{"a":1,"a":2}}}', ['/webhook/metadata/a']],
    ['{"webhook":{"url":"https://example.com/","description":"\\udc00"}}', ['/webhook/description']],
    ['{"webhook":{"url":"https://example.com/","metadata":{"a":"\\ud800"}}}', ['/webhook/metadata/a']],
  ])('%s is not made', async (body, pointers) => {
    const answer = await problem(422, 'validation_failed', 'POST', `/v1/apps/${scuteApp}/webhooks`, { body });
    expect(pointersOf(answer)).toEqual(pointers);
    expect(await webhooksOf(scuteApp)).toEqual([]);
  });

  it('a change of which half is wrong changes nothing', async () => {
    const path = `/v1/apps/${own.id}/webhooks/${ids.webhooks}`;
    const before = await api.expect(200, 'GET', path);
    const body = { webhook: { description: 'new', retry_limit: 11, enabled: false } };
    const answer = await problem(422, 'validation_failed', 'PATCH', path, { body });
    expect(pointersOf(answer)).toEqual(['/webhook/retry_limit']);
    expect(await api.expect(200, 'GET', path)).toEqual(before);
  });
});

describe('422, an application:', () => {
  it.each<[string, unknown, string[]]>([
    ['no name', {}, ['/name']],
    ['an empty name', { name: '  ' }, ['/name']],
    ['a name with a NUL', { name: 'a\0b' }, ['/name']],
    ['an unknown profile', { name: 'a', profile: 'acme' }, ['/profile']],
    ['an unknown setting', { name: 'a', settings: { colour: 1 } }, ['/settings/colour']],
    ['an unknown member', { name: 'a', id: 'x' }, ['/id']],
  ])('%s', async (_what, body, pointers) => {
    const count = async () =>
      (await api.expect<{ apps: unknown[] }>(200, 'GET', '/v1/apps?limit=100')).apps.length;
    const before = await count();
    const answer = await problem(422, 'validation_failed', 'POST', '/v1/apps', { body });
    expect(pointersOf(answer)).toEqual(pointers);
    expect(await count()).toBe(before);
  });

  it('a key with an unknown scope, or none', async () => {
    const path = `/v1/apps/${own.id}/keys`;
    expect(
      pointersOf(await problem(422, 'validation_failed', 'POST', path, { body: { scopes: ['all'] } })),
    ).toEqual(['/scopes/0']);
    await problem(422, 'validation_failed', 'POST', path, { body: { scopes: [] } });
  });
});

describe('409', () => {
  it('event_conflict: an id that was used before, with other content', async () => {
    const id = randomUUID();
    await api.submit(scuteApp, { event_type: 'user.created', data: { n: 1 }, id });
    const answer = await problem(409, 'event_conflict', 'POST', `/v1/apps/${scuteApp}/events`, {
      body: { event_type: 'user.created', data: { n: 2 }, id },
    });
    expect(pointersOf(answer)).toEqual(['/id']);
    expect((await api.event(scuteApp, id)).data).toEqual({ n: 1 });
  });

  it('endpoint_disabled: a test or a resend to an endpoint that is disabled', async () => {
    const { id } = await api.createWebhook(own.id, { url: receiver.url, enabled: false });
    const before = receiver.received.length;
    await problem(409, 'endpoint_disabled', 'POST', `/v1/apps/${own.id}/webhooks/${id}/test`);
    await problem(409, 'endpoint_disabled', 'POST', `/v1/apps/${own.id}/events/${ids.events}/resend`, {
      body: { webhook_id: id },
    });
    const { deliveries } = await api.expect<{ deliveries: unknown[] }>(
      200,
      'GET',
      `/v1/apps/${own.id}/webhooks/${id}/deliveries`,
    );
    expect(deliveries).toEqual([]);
    expect(receiver.received).toHaveLength(before);
  });
});
