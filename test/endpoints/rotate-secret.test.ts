import { setTimeout as sleep } from 'node:timers/promises';
import { temporal } from '@temporalio/proto';
import { describe, expect, it } from 'vitest';
import { verifierFor } from '../../src/demo/verifiers.js';
import type { ProblemBody, Webhook } from '../support/api-client.js';
import { connectTo } from '../support/database.js';
import { Receiver, type Received } from '../support/receiver.js';
import { connectOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const PAIR = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const PUBLIC = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
const GENERATED = /^whsec_[A-Za-z0-9+/]{43}=$/;
const own = (n: number) => `whsec_${Buffer.alloc(32, n).toString('base64')}`;

interface Rotated {
  webhook: Webhook;
  secret: string;
}
interface Secret {
  secret: string;
  public_key: string | null;
  previous_expires_at: string | null;
}

const posthorn = sharedPosthorn();
const { api } = posthorn;

/** An event that each profile takes. */
const events: Record<string, Record<string, unknown>> = {
  standard: { event_type: 'user.created' },
  scute: { event_type: 'user.created' },
  scalekit: { event_type: 'user.created', attributes: { object: 'User' } },
  'scalekit-auth': { event_type: 'user.created' },
  scendcore: { event_type: 'contact.created' },
};

async function setUp(profile: string, webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app, key } = await api.createApp(profile);
  const created = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const path = `/v1/apps/${app.id}/webhooks/${created.id}`;
  return {
    receiver,
    app,
    key,
    webhook: created,
    path,
    rotate: (body?: Record<string, unknown>) =>
      api.expect<Rotated>(200, 'POST', `${path}/rotate-secret`, body),
    secret: () => api.expect<Secret>(200, 'GET', `${path}/secret`),
    /** The POST of one more event. */
    sent: async (): Promise<Received> => {
      const before = receiver.received.length;
      await api.submit(app.id, { data: { name: 'Zoë ☃' }, ...events[profile] });
      const post = (await receiver.gets(before + 1)).at(-1);
      if (!post) throw new Error('nothing was received');
      return post;
    },
  };
}

/** Which of the secrets the receivers of a documented system accept a POST with, verifying as their document says. */
async function accepted(profile: string, post: Received, secrets: readonly string[]): Promise<string[]> {
  const headers = post.headers as Record<string, string>;
  const received = { headers, body: Buffer.from(post.body), receivedAt: new Date(post.at) };
  const valid: string[] = [];
  for (const secret of secrets) {
    try {
      await verifierFor(profile).verify(received, secret);
      valid.push(secret);
    } catch {
      // Not this one's.
    }
  }
  return valid;
}

/** As if the grace of every previous secret of an endpoint, or of the first ones alone, were over. */
async function endGrace(endpointId: string, only = 99): Promise<void> {
  const client = await connectTo(posthorn.databaseUrl);
  const { rows } = await client.query<{ app_id: string }>(
    `update endpoints set previous_secrets = (
       select jsonb_agg(case when n <= $2 then value || '{"expires_at": "2026-04-16T12:00:00.000Z"}' else value end
         order by n)
       from jsonb_array_elements(previous_secrets) with ordinality as previous (value, n))
     where id = $1 returning app_id`,
    [endpointId, only],
  );
  // A change through the API: what was remembered of the application is forgotten.
  await api.expect(200, 'PATCH', `/v1/apps/${rows[0]?.app_id}`, { name: 'Acme' });
}

/** A workflow's whole history, as Temporal keeps it. */
async function historyOf(workflowId: string): Promise<Buffer> {
  const { client } = await connectOperator();
  const handle = client.workflow.getHandle(workflowId);
  await handle.result();
  const history = await handle.fetchHistory();
  return Buffer.from(temporal.api.history.v1.History.encode(history).finish());
}

describe('rotating a secret', () => {
  it.each([
    ['standard', 'both'],
    ['scalekit', 'both'],
    // Both are sent; the document's snippet reads the first.
    ['scute', 'old'],
    ['scalekit-auth', 'old'],
    ['scendcore', 'old'],
  ])(
    '%s: receivers accept with the old secret, during the grace with %s, then with the new',
    async (...of) => {
      const [profile, during] = of;
      const { webhook, rotate, sent } = await setUp(profile);
      const old = webhook.secret;
      const before = await sent();
      const { secret } = await rotate();
      expect(secret).toMatch(GENERATED);
      expect(secret).not.toBe(old);
      const both = [old, secret];
      expect(await accepted(profile, before, both)).toEqual([old]);
      expect(await accepted(profile, await sent(), both)).toEqual(during === 'both' ? both : [old]);
      await endGrace(webhook.id);
      expect(await accepted(profile, await sent(), both)).toEqual([secret]);
    },
  );

  it('scute: sends a v1 of each secret, the old one first', async () => {
    const { rotate, sent, webhook } = await setUp('scute');
    const [, old] = String((await sent()).headers['x-webhook-signature']).split(',');
    const { secret } = await rotate();
    const post = await sent();
    const signatures = String(post.headers['x-webhook-signature']).split(',');
    expect(signatures).toHaveLength(3);
    const [time, first, second] = signatures;
    expect(first).not.toBe(old);
    for (const [signature, by] of [
      [first, webhook.secret],
      [second, secret],
    ] as const) {
      const headers = { ...post.headers, 'x-webhook-signature': `${time},${signature}` };
      expect(await accepted('scute', { ...post, headers }, [webhook.secret, secret])).toEqual([by]);
    }
  });

  it('the grace ends by itself, when it says', async () => {
    const { webhook, rotate, secret, sent } = await setUp('standard');
    const asked = Date.now();
    const { secret: next } = await rotate({ grace_seconds: 2 });
    const answered = Date.now();
    const { previous_expires_at } = await secret();
    const ends = Date.parse(previous_expires_at ?? '');
    expect(ends).toBeGreaterThanOrEqual(asked + 2_000);
    expect(ends).toBeLessThanOrEqual(answered + 2_000);
    while ((await secret()).previous_expires_at !== null) await sleep(50);
    expect(Date.now()).toBeGreaterThanOrEqual(ends);
    expect(await accepted('standard', await sent(), [webhook.secret, next])).toEqual([next]);
  });

  it('answers with the endpoint and the secret, which is shown nowhere else', async () => {
    const { webhook, path, rotate, secret, sent } = await setUp('standard');
    const answer = await rotate({ secret: own(1), grace_seconds: 604_800 });
    const { webhook: shown } = await api.expect<{ webhook: Webhook }>(200, 'GET', path);
    expect(answer).toEqual({ webhook: shown, secret: own(1) });
    expect(shown).not.toHaveProperty('secret');
    expect(Date.parse(shown.updated_at)).toBeGreaterThanOrEqual(Date.parse(webhook.updated_at));
    const { previous_expires_at, ...current } = await secret();
    expect(current).toEqual({ secret: own(1), public_key: null });
    expect(Date.parse(previous_expires_at ?? '') - Date.parse(shown.updated_at)).toBe(604_800_000);
    await sent();
    for (const each of [webhook.secret, own(1)]) expect(posthorn.log.join('\n')).not.toContain(each);
  });

  it('lasts a day when nothing is said, with an empty object as with no body', async () => {
    const { rotate, secret } = await setUp('standard');
    for (const body of [undefined, {}]) {
      const { webhook } = await rotate(body);
      const { previous_expires_at } = await secret();
      expect(Date.parse(previous_expires_at ?? '') - Date.parse(webhook.updated_at)).toBe(86_400_000);
    }
  });

  it.each(['standard', 'scendcore'])('%s: without grace the old secret ends at once', async (profile) => {
    const { webhook, rotate, secret, sent } = await setUp(profile);
    const { secret: next } = await rotate({ grace_seconds: 0 });
    expect(await secret()).toMatchObject({ secret: next, previous_expires_at: null });
    expect(await accepted(profile, await sent(), [webhook.secret, next])).toEqual([next]);
  });

  it('again within the grace leaves earlier secrets their own time', async () => {
    const { webhook, rotate, secret, sent } = await setUp('standard');
    const first = webhook.secret;
    const { secret: second } = await rotate({ grace_seconds: 600 });
    const expiresFirst = (await secret()).previous_expires_at;
    const { secret: third } = await rotate({ grace_seconds: 60 });
    const all = [first, second, third];
    // The latest of both, which is the first one's.
    expect(await secret()).toMatchObject({ secret: third, previous_expires_at: expiresFirst });
    expect(await accepted('standard', await sent(), all)).toEqual(all);
    await endGrace(webhook.id, 1);
    expect(await accepted('standard', await sent(), all)).toEqual([second, third]);
    await endGrace(webhook.id);
    expect(await accepted('standard', await sent(), all)).toEqual([third]);
    expect(await secret()).toMatchObject({ previous_expires_at: null });
  });

  it('scendcore: twice, sends the signature of one secret after the other', async () => {
    const { webhook, rotate, sent } = await setUp('scendcore', { secret: 'first-secret' });
    await rotate({ secret: 'second-secret' });
    await rotate({ secret: 'third-secret' });
    const all = ['first-secret', 'second-secret', 'third-secret'];
    expect(await accepted('scendcore', await sent(), all)).toEqual(['first-secret']);
    await endGrace(webhook.id, 1);
    expect(await accepted('scendcore', await sent(), all)).toEqual(['second-secret']);
    await endGrace(webhook.id);
    expect(await accepted('scendcore', await sent(), all)).toEqual(['third-secret']);
  });

  it('many times keeps five previous secrets', async () => {
    const { webhook, rotate, sent } = await setUp('standard');
    const secrets = [webhook.secret, ...[1, 2, 3, 4, 5, 6].map(own)];
    for (const secret of secrets.slice(1)) await rotate({ secret });
    expect(await accepted('standard', await sent(), secrets)).toEqual(secrets.slice(1));
  });

  it('by several callers at once loses no secret', async () => {
    const { webhook, rotate, secret, sent } = await setUp('standard');
    const answers = await Promise.all([1, 2, 3, 4].map((n) => rotate({ secret: own(n) })));
    const secrets = [webhook.secret, ...answers.map((answer) => answer.secret)];
    expect(await accepted('standard', await sent(), secrets)).toEqual(secrets);
    expect(secrets).toContain((await secret()).secret);
  });

  it('to the secret in force, a repeated request, changes nothing', async () => {
    const { path, rotate, secret } = await setUp('standard');
    const first = await rotate({ secret: own(1), grace_seconds: 60 });
    const before = await secret();
    expect(await rotate({ secret: own(1), grace_seconds: 0 })).toEqual(first);
    expect(await secret()).toEqual(before);
    expect(await api.expect(200, 'GET', path)).toEqual({ webhook: first.webhook });
  });

  it('standard: to an ed25519 key and back, both kinds of signature are sent meanwhile', async () => {
    const { webhook, rotate, secret, sent } = await setUp('standard');
    expect((await rotate({ secret: PAIR })).secret).toBe(PAIR);
    expect(await secret()).toMatchObject({ secret: PAIR, public_key: PUBLIC });
    const mixed = await sent();
    expect(mixed.headers['webhook-signature']).toMatch(/^v1,[^ ]+ v1a,[^ ]+$/);
    expect(await accepted('standard', mixed, [webhook.secret])).toEqual([webhook.secret]);
    await endGrace(webhook.id);
    const { secret: next } = await rotate();
    expect(next).toMatch(GENERATED);
    expect(await secret()).toMatchObject({ secret: next, public_key: null });
    const back = await sent();
    expect(back.headers['webhook-signature']).toMatch(/^v1a,[^ ]+ v1,[^ ]+$/);
    expect(await accepted('standard', back, [next])).toEqual([next]);
  });

  it('scendcore: of a subscription without a secret gives it one, which signs at once', async () => {
    const receiver = await Receiver.start();
    const { app, key } = await api.createApp('scendcore');
    const { subscription } = await api
      .with(key)
      .expect<{ subscription: { id: string } }>(201, 'POST', '/api/v1/webhooks/subscribe', {
        url: receiver.url,
        events: ['contact.created'],
      });
    const path = `/v1/apps/${app.id}/webhooks/${subscription.id}`;
    await api.expect(404, 'GET', `${path}/secret`);
    const { secret } = await api.expect<Rotated>(200, 'POST', `${path}/rotate-secret`);
    expect(await api.expect(200, 'GET', `${path}/secret`)).toEqual({
      secret,
      public_key: null,
      previous_expires_at: null,
    });
    await api.submit(app.id, { event_type: 'contact.created', data: {} });
    const [post] = await receiver.gets(1);
    expect(post && (await accepted('scendcore', post, [secret]))).toEqual([secret]);
  });

  it('holds for the next attempt of what has begun: signed by both, the same bytes', async () => {
    const { receiver, app, webhook, rotate } = await setUp('standard', { schedule: [1] });
    receiver.answer(500);
    const event = await api.submit(app.id, { event_type: 'parcel.sent', data: 1 });
    const [first] = await receiver.gets(1);
    const { secret } = await rotate();
    await api.eventThatIs('delivered', app.id, event.id);
    const second = receiver.received[1];
    const both = [webhook.secret, secret];
    expect(first && (await accepted('standard', first, both))).toEqual([webhook.secret]);
    expect(second && (await accepted('standard', second, both))).toEqual(both);
    expect(second?.body).toBe(first?.body);
    const history = await historyOf(event.workflow_id);
    expect(history.includes('parcel.sent')).toBe(true);
    expect(both.filter((each) => history.includes(each))).toEqual([]);
  });

  it('of a disabled endpoint leaves it disabled, and holds when it is enabled', async () => {
    const { path, webhook, rotate, sent } = await setUp('standard', { enabled: false });
    const { webhook: shown, secret } = await rotate();
    expect(shown).toMatchObject({ enabled: false, status: 'disabled', disabled_at: webhook.disabled_at });
    await api.expect(200, 'POST', `${path}/enable`);
    expect(await accepted('standard', await sent(), [secret])).toEqual([secret]);
  });

  it('is ended at once by a PATCH of the secret, also by one to the secret in force', async () => {
    const { path, webhook, rotate, secret, sent } = await setUp('standard');
    await rotate({ secret: own(1) });
    await api.expect(200, 'PATCH', path, { webhook: { description: 'x' } });
    expect((await secret()).previous_expires_at).not.toBeNull();
    await api.expect(200, 'PATCH', path, { webhook: { secret: own(1) } });
    expect(await secret()).toMatchObject({ secret: own(1), previous_expires_at: null });
    expect(await accepted('standard', await sent(), [webhook.secret, own(1)])).toEqual([own(1)]);
  });
});

it('a secret that is null counts as left out: another one is made', async () => {
  const { webhook, rotate, secret } = await setUp('scute');
  await rotate({ secret: null });
  expect((await secret()).secret).toMatch(/^whsec_/);
  expect((await secret()).secret).not.toBe(webhook.secret);
});

describe('a rotation that is refused', () => {
  it.each<[string, string, unknown, string]>([
    ['standard', 'a secret of another form', { secret: 'hush-hush-secret' }, '/secret'],
    ['standard', 'a secret that is too short', { secret: 'whsec_aHVzaA==' }, '/secret'],
    ['scalekit', 'an ed25519 key', { secret: PAIR }, '/secret'],
    ['scute', 'a secret of 7 characters', { secret: 'hush-hu' }, '/secret'],
    ['standard', 'grace -1', { grace_seconds: -1 }, '/grace_seconds'],
    ['standard', 'grace 604801', { grace_seconds: 604_801 }, '/grace_seconds'],
    ['standard', 'half a second', { grace_seconds: 0.5 }, '/grace_seconds'],
    ['standard', 'an unknown member', { webhook: {} }, '/webhook'],
    ['standard', 'a list', [], ''],
  ])('%s: with %s changes nothing, and says where', async (profile, _what, body, pointer) => {
    const { path, secret } = await setUp(profile);
    const before = await secret();
    const answer = await api.call<ProblemBody>('POST', `${path}/rotate-secret`, { body });
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
    expect(JSON.stringify(answer.body)).not.toMatch(/hush|aHVzaA|6Xb/);
    expect(await secret()).toEqual(before);
  });

  it("of another application's endpoint, which is not found and stays as it was", async () => {
    const { path, webhook, secret } = await setUp('standard');
    const { app, key } = await api.createApp();
    for (const [caller, of] of [
      [api.with(key), path],
      [api.with(key), `/v1/apps/${app.id}/webhooks/${webhook.id}`],
      [api, `/v1/apps/${app.id}/webhooks/${webhook.id}`],
    ] as const) {
      expect((await caller.call('POST', `${of}/rotate-secret`)).status).toBe(404);
    }
    expect(await secret()).toMatchObject({ secret: webhook.secret, previous_expires_at: null });
  });
});
