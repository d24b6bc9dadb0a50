import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createSealer } from '../../src/store/secrets/sealer.js';
import { ApiClient, type Answer, type App, type Call, type Event } from '../support/api-client.js';
import { connectTo } from '../support/database.js';
import { dumpOf, findings, formsOf, historiesOf, type Places } from '../support/planted.js';
import { hang, Receiver, type Received } from '../support/receiver.js';
import { selfSigned } from '../support/self-signed.js';
import { stopAfterwards } from '../support/stop-afterwards.js';
import { connectOperator } from '../support/temporal.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/**
 * Secrets are planted, everything is done that could show them, and then all that Posthorn writes is searched: its
 * log, the histories in Temporal, the API's errors, the database. A harmless marker goes the same ways and must be found.
 */

const random = () => randomBytes(12).toString('hex');
const symmetric = () => `whsec_${randomBytes(32).toString('base64')}`;

const encryptionKey = randomBytes(32);
const otherKey = randomBytes(32);
const marker = `marker_${random()}`;

/** What nobody may read, by what it is; more is added when it is known. */
const planted: Record<string, string | Buffer> = {
  'the admin key': `admin/${random()}+${random()}`,
  'the encryption key': encryptionKey,
  'the encryption key as it is set': encryptionKey.toString('base64'),
  'another encryption key': otherKey,
  'an own secret': symmetric(),
  'a secret rotated to': symmetric(),
  'a secret set by PATCH': symmetric(),
  'an ed25519 secret': ed25519Secret(),
  'a secret of any characters': `gehéim "${random()}" ✓\\/☃ ${random()}`,
  'a ScendCore secret': `scend/${random()}+core`,
  'a secret sealed with another key': symmetric(),
  'a secret given while PostgreSQL is away': symmetric(),
  'a bearer token': `tok-${random()}/${random()}+==`,
  'Basic credentials': Buffer.from(`posthorn:${random()}`).toString('base64'),
  'a header with quotes': `"q" \\ <${random()}> & ${random()}`,
  'a header set by PATCH': `patched-${random()}`,
  // What is not valid is secret all the same: somebody mistyped it.
  'a secret that is not valid': `whsec_?${random()}${random()}`,
  'a secret in a wrong place': `whsec_${randomBytes(24).toString('hex')}+/=`,
  'a header value that is not valid': `Bearer ${random()}\u0001${random()}`,
  'a number as secret': `9${'0123456789'.repeat(3)}77`,
  'a key that is not known': `phk_${random()}${random()}`,
};
const secretOf = (what: string) => {
  const value = planted[what];
  if (value === undefined) throw new Error(`not planted: ${what}`);
  return value.toString();
};

/** Remembers what went wrong: every answer that is an error, with its headers. */
class NotingClient extends ApiClient {
  readonly errors: string[] = [];

  override async call<T = unknown>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
    const answer = await super.call<T>(method, path, call);
    if (answer.status >= 400) this.errors.push(JSON.stringify(answer.headers), JSON.stringify(answer.body));
    return answer;
  }
}

let posthorn: TestPosthorn;
let api: NotingClient;
let temporal: Client;
let places: Places;
let workflowTypes: Set<string>;

beforeAll(async () => {
  posthorn = await startTestPosthorn({
    adminKey: secretOf('the admin key'),
    encryptionKey,
    postgresCanGoAway: true,
    logLevel: 'trace',
  });
  planted['the database password'] = new URL(posthorn.databaseUrl).password;
  api = new NotingClient(posthorn.api.url, posthorn.adminKey);
  const operator = await connectOperator();
  temporal = operator.client;

  const open = await driveEverything();
  // Before the last of them end, and after.
  const early = await historiesOf(temporal, posthorn.taskQueue);
  await open.end();
  const late = await historiesOf(temporal, posthorn.taskQueue);
  workflowTypes = late.types;
  places = {
    'the log': posthorn.log,
    'the histories': [...early.texts, ...late.texts],
    'the errors': api.errors,
    'the database': await dumpOf(posthorn.databaseUrl),
  };
}, 180_000);

describe('everything that Posthorn writes', () => {
  it('holds none of the planted secrets, in any form', () => {
    expect(findings(planted, places)).toEqual([]);
  });

  it.each(['the log', 'the histories', 'the errors', 'the database'])(
    'is searched: the marker is found in %s',
    (place) => {
      expect(findings({ 'the marker': marker }, { [place]: places[place] ?? [] })).toContain(
        `the marker, plain, in ${place}`,
      );
    },
  );

  it('comes from every kind of workflow, from failures of every kind, and from every kind of error', () => {
    expect([...workflowTypes].toSorted()).toEqual(
      ['deliverEvent', 'drainEndpoint', 'endpointHealth', 'recoverEndpoint', 'resendEvent'].toSorted(),
    );
    const log = posthorn.log.join('\n');
    for (const trace of [
      'timeout: ',
      'tls: ',
      'connection_refused: ',
      'could not record an outcome yet',
      'the attempt could not be made',
      'a request failed',
    ]) {
      expect(log).toContain(trace);
    }
    for (const status of [400, 401, 404, 409, 415, 422, 503]) {
      expect(api.errors.join('\n')).toContain(`"status":${status},`);
    }
  });
});

it.each([...formsOf(secretOf('a secret of any characters'))])(
  'the search finds a value: %s',
  (form, piece) => {
    const what = 'a secret of any characters';
    const found = findings({ [what]: secretOf(what) }, { 'a text': ['before', `{"a":"${piece}"}`] });
    expect(found).toContain(`${what}, ${form}, in a text`);
  },
);

/** Does all that could show a secret. Some deliveries are open then, until `end`. */
async function driveEverything(): Promise<{ end: () => Promise<void> }> {
  const receiver = await Receiver.start(echo(200));
  const { app, key } = await api.createApp('standard');
  planted['an API key'] = key;
  const webhooks = `/v1/apps/${app.id}/webhooks`;
  const headers = {
    Authorization: `Bearer ${secretOf('a bearer token')}`,
    'X-Upstream-Authorization': `Basic ${secretOf('Basic credentials')}`,
    'X-Quoted': secretOf('a header with quotes'),
  };
  const own = await api.createWebhook(app.id, {
    url: receiver.url,
    secret: secretOf('an own secret'),
    headers,
    retry_limit: 0,
  });
  const path = `${webhooks}/${own.id}`;

  await mistake(app, path, receiver.url);
  const first = await delivered(app, marker);
  await sendBack(app, receiver);
  await rotate(app, path);
  await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${first}/resend`);
  await api.expect(202, 'POST', `${path}/test`);
  await api.expect(202, 'POST', `${path}/recover`, { since: '2026-01-01T00:00:00Z', status: 'all' });
  await otherProfiles();
  const unreachable = await neverDelivered();
  await whilePostgresIsAway(app, path, receiver);
  const sealed = await sealedWithAnotherKey();
  await unreachable.ended();
  await pausedAndResumed(app, path);
  return { end: sealed.end };
}

/** Errors that repeat what they were given would show it. */
async function mistake(app: App, path: string, url: string): Promise<void> {
  const webhooks = `/v1/apps/${app.id}/webhooks`;
  const wrong = secretOf('a secret in a wrong place');
  const invalid = secretOf('a secret that is not valid');
  const events = `/v1/apps/${app.id}/events`;
  const calls: [string, string, Call][] = [
    ...[
      { url, secret: invalid },
      { url, secret: [invalid] },
      { url, secret: { value: invalid } },
      { url, headers: { Authorization: secretOf('a header value that is not valid') } },
      { url, headers: { Authorization: [secretOf('a bearer token')] } },
      { url, headers: { Host: secretOf('a bearer token') } },
      { url, headers: secretOf('a bearer token') },
      { url: wrong },
      { url: `https://posthorn:${wrong}@example.com/` },
      { url, event_types: [wrong] },
      { url, event_types: wrong },
      { url, schedule: wrong },
      { url, schedule: [wrong] },
      { url, enabled: wrong },
      { url, secrets: wrong, [marker]: wrong },
    ].map((webhook): [string, string, Call] => ['POST', webhooks, { body: { webhook } }]),
    ['POST', webhooks, { body: { webhook: wrong } }],
    ['POST', webhooks, { body: JSON.stringify(wrong) }],
    ['POST', webhooks, { body: wrong }],
    ['POST', webhooks, { body: `{"webhook":{"secret":"${wrong}",}}` }],
    ['POST', webhooks, { body: `{"webhook":{"secret":"${wrong}\n"}}` }],
    ['POST', webhooks, { body: `{"webhook":{"secret":${wrong}}}` }],
    ['POST', webhooks, { body: `{"webhook":{"secret":${secretOf('a number as secret')}}}` }],
    ['POST', webhooks, { body: `"${wrong}" ${wrong}` }],
    ['POST', webhooks, { body: wrong, headers: { 'content-type': `text/${wrong}` } }],
    ['PATCH', path, { body: { webhook: { secret: invalid, headers: { A: '\u0001' + wrong } } } }],
    ['POST', `${path}/rotate-secret`, { body: { secret: invalid, grace_seconds: wrong } }],
    ['POST', `${path}/rotate-secret`, { body: { new_secret: wrong } }],
    ['POST', events, { body: { event_type: wrong, data: {}, id: `${wrong}!`, deliver_at: wrong } }],
    [
      'POST',
      events,
      { body: { event_type: 'a', data: {} }, headers: { 'idempotency-key': wrong.repeat(9) } },
    ],
    ['GET', `${webhooks}?limit=${wrong}&cursor=${wrong}&secret=${wrong}`, {}],
    ['GET', `${webhooks}/${wrong}`, {}],
    ['GET', `/v1/${wrong}`, {}],
    ['GET', `/v1/%E0%A4%A/${wrong}`, {}],
    ['PUT', path, { body: { secret: wrong } }],
    ['GET', webhooks, { key: secretOf('a key that is not known') }],
    ['GET', webhooks, { key: null, headers: { authorization: `Basic ${secretOf('Basic credentials')}` } }],
    ['POST', '/v1/apps', { body: { name: 'x', profile: wrong, settings: { schedule: wrong } } }],
    ['POST', `/v1/apps/${app.id}/event-types`, { body: { name: `${wrong}!`, schema: { type: wrong } } }],
  ];
  const accepted: unknown[] = [];
  for (const [method, to, call] of calls) {
    const { status } = await api.call(method, to, call);
    if (status < 400 || status >= 500) accepted.push({ status, method, to, call });
  }
  expect(accepted).toEqual([]);
}

/** What the receivers know of the secrets that their POSTs are signed with. */
const known = ['an own secret'];

/** A receiver that shows what it got, as some do when they debug, and the secrets that it would accept. */
function echo(status: number) {
  return (response: ServerResponse, { headers }: Received) => {
    const secrets = known.map((what) => secretOf(what));
    response.writeHead(status).end(JSON.stringify({ headers, secrets }));
  };
}

async function sendBack(app: App, receiver: Receiver): Promise<void> {
  receiver.answer(echo(500));
  await ended('failed', app);
  receiver.answer((response, received) => {
    response.writeHead(500);
    response.end(
      Object.entries(received.headers)
        .map(([name, value]) => `${name}: ${String(value)}\n`)
        .join(''),
    );
  });
  await ended('failed', app);
}

async function rotate(app: App, path: string): Promise<void> {
  const rotateTo = async (secret?: string) =>
    (
      await api.expect<{ secret: string }>(200, 'POST', `${path}/rotate-secret`, {
        ...(secret && { secret }),
      })
    ).secret;
  for (const what of ['a secret rotated to', 'an ed25519 secret']) {
    known.push(what);
    await rotateTo(secretOf(what));
    await ended('delivered', app);
  }
  planted['a generated secret'] = await rotateTo();
  known.push('a generated secret');
  await ended('delivered', app);
  await api.expect(200, 'GET', `${path}/secret`);
  const webhook = {
    secret: secretOf('a secret set by PATCH'),
    headers: { 'X-Key': secretOf('a header set by PATCH') },
  };
  // Those of before end at once.
  known.splice(0, known.length, 'a secret set by PATCH');
  await api.expect(200, 'PATCH', path, { webhook });
  await ended('delivered', app);
}

/** A receiver that shows its one secret; nobody else's POSTs come to it. */
async function knowing(what: string): Promise<Receiver> {
  const receiver = await Receiver.start(
    (response) => void response.end(`{"error":${JSON.stringify(secretOf(what))}}`),
  );
  return receiver;
}

async function otherProfiles(): Promise<void> {
  const scute = await api.createApp('scute');
  await api.createWebhook(scute.app.id, {
    url: (await knowing('a secret of any characters')).url,
    secret: secretOf('a secret of any characters'),
  });
  await ended('delivered', scute.app);
  const scendcore = await api.createApp('scendcore');
  planted['a ScendCore key'] = scendcore.key;
  const subscription = {
    url: (await knowing('a ScendCore secret')).url,
    events: ['contact.created'],
    secret: secretOf('a ScendCore secret'),
  };
  const subscribe = (body: unknown) =>
    api.call('POST', '/api/v1/webhooks/subscribe', { body, key: scendcore.key });
  expect(await subscribe(subscription)).toMatchObject({ status: 201 });
  expect(await subscribe({ ...subscription, secret: { no: subscription.secret } })).toMatchObject({
    status: 422,
  });
  await ended('delivered', scendcore.app, 'contact.created');
}

/** Endpoints that time out, that show an untrusted certificate, that nobody listens at; they fail for good. */
async function neverDelivered(): Promise<{ ended: () => Promise<void> }> {
  const silent = await Receiver.start(hang);
  const untrusted = createServer(selfSigned, (_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(untrusted, 'listening');
  stopAfterwards(async () => {
    untrusted.close();
    await once(untrusted, 'close');
  });
  const gone = await Receiver.start();
  const nobody = gone.url;
  await gone.stop();
  const { app } = await api.createApp('scute');
  const tls = `https://127.0.0.1:${(untrusted.address() as AddressInfo).port}/`;
  for (const url of [silent.url, tls, nobody]) {
    const headers = { Authorization: `Bearer ${secretOf('a bearer token')}` };
    const secret = secretOf('a secret of any characters');
    await api.createWebhook(app.id, { url, secret, headers, schedule: [1] });
  }
  const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
  return {
    ended: async () => void (await api.eventThatIs('failed', app.id, id, 60_000)),
  };
}

/** The outcome of an attempt is kept in a history then; calls fail. */
async function whilePostgresIsAway(app: App, path: string, receiver: Receiver): Promise<void> {
  const { postgres } = posthorn;
  if (!postgres) throw new Error('PostgreSQL cannot go away');
  const id = randomUUID();
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    receiver.answerAlways((response, received) => {
      // What was resent or recovered before may come now.
      if (received.headers['webhook-id'] !== id) return void echo(200)(response, received);
      answer = () => void echo(500)(response, received);
      resolve();
    });
  });
  await api.submit(app.id, { id, event_type: 'a.b', data: {} });
  await asked;
  postgres.cut();
  answer();
  const secret = secretOf('a secret given while PostgreSQL is away');
  const headers = { Authorization: `Bearer ${secretOf('a bearer token')}` };
  for (const [method, to, body] of [
    ['POST', path.slice(0, path.lastIndexOf('/')), { webhook: { url: receiver.url, secret, headers } }],
    ['PATCH', path, { webhook: { secret, headers } }],
    ['POST', `${path}/rotate-secret`, { secret }],
    ['GET', `${path}/secret`, undefined],
  ] as const) {
    expect(await api.call(method, to, { body })).toMatchObject({ status: 503 });
  }
  await vi.waitFor(
    () => expect(posthorn.log.join('\n')).toContain('could not record an outcome yet'),
    20_000,
  );
  postgres.restore();
  await vi.waitFor(async () => {
    expect((await api.call('GET', '/readyz', { key: null })).status).toBe(200);
  }, 20_000);
  await api.eventThatIs('failed', app.id, id, 60_000);
  receiver.answerAlways(echo(200));
}

/** As if the key had been changed without the former one: the attempt waits, and calls that open it fail. */
async function sealedWithAnotherKey(): Promise<{ end: () => Promise<void> }> {
  const { app } = await api.createApp('standard');
  const { id } = await api.createWebhook(app.id, { url: 'https://127.0.0.1:9/' });
  const path = `/v1/apps/${app.id}/webhooks/${id}`;
  const sealed = createSealer(otherKey).seal(secretOf('a secret sealed with another key'), id);
  await sql(`update endpoints set secret = '\\x${sealed.toString('hex')}' where id = '${id}'`);
  const missing = { status: 503, body: { code: 'encryption_key_missing' } };
  expect(await api.call('GET', `${path}/secret`)).toMatchObject(missing);
  expect(await api.call('POST', `${path}/rotate-secret`)).toMatchObject(missing);
  const event = await api.submit(app.id, { event_type: 'a.b', data: {} });
  await vi.waitFor(() => expect(posthorn.log.join('\n')).toContain('the attempt could not be made'), 20_000);
  return {
    end: async () => {
      await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${event.id}/cancel`);
      await api.eventThatIs('cancelled', app.id, event.id);
    },
  };
}

async function pausedAndResumed(app: App, path: string): Promise<void> {
  await api.expect(200, 'POST', `${path}/pause`);
  const held = await api.submit(app.id, { event_type: 'a.b', data: {} });
  await api.eventWhen(app.id, held.id, ({ deliveries }) => deliveries[0]?.reason === 'endpoint_paused');
  expect(
    await api.call('POST', `${path}/recover`, { body: { since: '2026-01-01T00:00:00Z' } }),
  ).toMatchObject({
    status: 409,
  });
  await api.expect(200, 'POST', `${path}/resume`);
  await api.eventThatIs('delivered', app.id, held.id);
}

async function delivered(app: App, eventType?: string): Promise<string> {
  return (await ended('delivered', app, eventType)).id;
}

/** One more event, as soon as it has ended so. */
async function ended(status: string, app: App, eventType = 'user.created'): Promise<Event> {
  const { id } = await api.submit(app.id, { event_type: eventType, data: {} });
  return api.eventThatIs(status, app.id, id);
}

async function sql(statement: string): Promise<void> {
  const client = await connectTo(posthorn.databaseUrl);
  await client.query(statement);
  await client.end();
}

function ed25519Secret(): string {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return `whsk_${Buffer.concat([seed, point]).toString('base64')}`;
}
