import { Webhook as StandardWebhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import type { Delivery, Webhook } from '../support/api-client.js';
import { allPages } from '../support/pages.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const URL_OF_NOBODY = 'https://example.com/hook';
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const posthorn = sharedPosthorn();
const { api } = posthorn;

async function setUp(profile: string, webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app, key } = await api.createApp(profile);
  const created = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  return { receiver, app, key, webhook: created, path: `/v1/apps/${app.id}/webhooks/${created.id}` };
}
const get = async (path: string) => (await api.expect<{ webhook: Webhook }>(200, 'GET', path)).webhook;
const patch = async (path: string, webhook: unknown) =>
  (await api.expect<{ webhook: Webhook }>(200, 'PATCH', path, { webhook })).webhook;
const act = async (path: string, action: string) =>
  (await api.expect<{ webhook: Webhook }>(200, 'POST', `${path}/${action}`)).webhook;

describe('creating an endpoint', () => {
  it("scute: takes a URL alone, and gives the document's defaults", async () => {
    const { app } = await api.createApp('scute');
    const webhook = await api.createWebhook(app.id, { url: URL_OF_NOBODY });
    expect(webhook).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      app_id: app.id,
      url: URL_OF_NOBODY,
      event_types: ['*'],
      retry_limit: 3,
      schedule: null,
      description: null,
      metadata: {},
      enabled: true,
      rate_limit: null,
      max_in_flight: null,
      status: 'active',
      failure_count: 0,
      last_triggered_at: null,
      disabled_at: null,
      disabled_reason: null,
      created_at: expect.stringMatching(TIME) as string,
      updated_at: webhook.created_at,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string,
    });
  });

  it('standard: retries nine times when nothing is said', async () => {
    const { app } = await api.createApp('standard');
    expect(await api.createWebhook(app.id, { url: URL_OF_NOBODY })).toMatchObject({ retry_limit: 9 });
  });

  it('takes every member, and the key of its application', async () => {
    const { app, key } = await api.createApp('scute');
    const given = {
      url: 'https://example.com:8443/hook?a=b#c',
      event_types: ['verification.*.expired', 'user.*', 'auth.login.failed'],
      retry_limit: 0,
      description: 'Zoë ☃',
      metadata: { team: 'a', tags: [1, null, { b: true }] },
      enabled: false,
    };
    const webhook = await api.with(key).createWebhook(app.id, given);
    expect(webhook).toMatchObject({ ...given, status: 'disabled', disabled_reason: 'manual' });
    expect(webhook.disabled_at).toMatch(TIME);
    const { secret: _secret, ...shown } = webhook;
    expect(await get(`/v1/apps/${app.id}/webhooks/${webhook.id}`)).toEqual(shown);
  });

  it.each([
    '{"__proto__":{"a":1},"constructor":{"prototype":1},"toString":null}',
    '{"nul":"a\\u0000b","emoji":"🙂","Zoë":"☃"}',
    '{"":"","a b":" "}',
    '{"2":"two","1":"one","z":0,"a":0}',
    '{"n":[1e21,0.1,-1,9007199254740992],"deep":[[[[{"a":[]}]]]]}',
    `{"long":"${'x'.repeat(16_000)}"}`,
  ])('metadata come back as they were: %.60s', async (metadata) => {
    const { app } = await api.createApp();
    const text = `{"webhook":{"url":"${URL_OF_NOBODY}","metadata":${metadata}}}`;
    const { status, body } = await api.call<{ webhook: Webhook }>('POST', `/v1/apps/${app.id}/webhooks`, {
      body: text,
    });
    expect(status).toBe(201);
    const path = `/v1/apps/${app.id}/webhooks/${body.webhook.id}`;
    const wanted = JSON.stringify(JSON.parse(metadata));
    expect(JSON.stringify(body.webhook.metadata)).toBe(wanted);
    expect(JSON.stringify((await get(path)).metadata)).toBe(wanted);
    expect(JSON.stringify((await patch(path, { description: 'x' })).metadata)).toBe(wanted);
  });
});

describe('the list of endpoints', () => {
  it('is newest first, and pages over 120 of them without losing or repeating one', async () => {
    const { app } = await api.createApp();
    const created: string[] = [];
    for (let n = 0; n < 120; n += 1) {
      created.push((await api.createWebhook(app.id, { url: URL_OF_NOBODY, description: String(n) })).id);
    }
    const path = `/v1/apps/${app.id}/webhooks`;
    const byDefault = await allPages<Webhook>(api, path, 'webhooks');
    expect(byDefault.map((page) => page.length)).toEqual([50, 50, 20]);
    const seen = byDefault.flat();
    expect(new Set(seen.map(({ id }) => id))).toEqual(new Set(created));
    const times = seen.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted().reverse());

    const byForty = await allPages<Webhook>(api, path, 'webhooks', { limit: '40' });
    expect(byForty.map((page) => page.length)).toEqual([40, 40, 40]);
    expect(byForty.flat()).toEqual(seen);
    for (const webhook of seen) expect(webhook).not.toHaveProperty('secret');
  });

  it('is not disturbed by what is made between two pages', async () => {
    const { app } = await api.createApp();
    const path = `/v1/apps/${app.id}/webhooks`;
    const made: string[] = [];
    for (let n = 0; n < 3; n += 1) made.push((await api.createWebhook(app.id, { url: URL_OF_NOBODY })).id);
    interface Page {
      webhooks: Webhook[];
      next_cursor: string | null;
    }
    const first = await api.expect<Page>(200, 'GET', `${path}?limit=2`);
    await api.createWebhook(app.id, { url: URL_OF_NOBODY });
    const second = await api.expect<Page>(200, 'GET', `${path}?limit=2&cursor=${first.next_cursor}`);
    const ids = [...first.webhooks, ...second.webhooks].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(made.toSorted());
    expect(second.next_cursor).toBeNull();
  });
});

describe('changing an endpoint', () => {
  it.each<[string, unknown]>([
    ['url', 'https://example.com/other'],
    ['event_types', ['user.*']],
    ['retry_limit', 7],
    ['description', 'new'],
    ['description', null],
    ['description', ''],
    ['metadata', { a: 1 }],
    ['metadata', {}],
  ])('%s to %j changes that alone', async (member, value) => {
    const { path } = await setUp('scute', { description: 'old', metadata: { b: 2 } });
    const before = await get(path);
    const after = await patch(path, { [member]: value });
    expect(after).toEqual({ ...before, [member]: value, updated_at: after.updated_at });
    expect(Date.parse(after.updated_at)).toBeGreaterThanOrEqual(Date.parse(before.updated_at));
    expect(await get(path)).toEqual(after);
  });

  it('enabled to false and to true again', async () => {
    const { path } = await setUp('standard');
    const disabled = await patch(path, { enabled: false });
    expect(disabled).toMatchObject({ enabled: false, status: 'disabled', disabled_reason: 'manual' });
    expect(disabled.disabled_at).toMatch(TIME);
    // Disabling it again does not make it later.
    expect((await patch(path, { enabled: false })).disabled_at).toBe(disabled.disabled_at);
    const enabled = { enabled: true, status: 'active', disabled_reason: null, disabled_at: null };
    expect(await patch(path, { enabled: true })).toMatchObject(enabled);
    expect(await act(path, 'disable')).toMatchObject({ enabled: false, disabled_reason: 'manual' });
    expect(await act(path, 'enable')).toMatchObject(enabled);
  });

  it('by two callers at once loses neither change', async () => {
    const { path } = await setUp('standard');
    for (let n = 0; n < 10; n += 1) {
      await Promise.all([patch(path, { description: `d${n}` }), patch(path, { metadata: { n } })]);
      expect(await get(path)).toMatchObject({ description: `d${n}`, metadata: { n } });
    }
  });

  it('its secret holds from the next attempt on', async () => {
    const { receiver, app, path } = await setUp('standard');
    const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const answer = await api.call<{ webhook: Webhook }>('PATCH', path, { body: { webhook: { secret } } });
    expect(answer.status).toBe(200);
    expect(answer.body.webhook).not.toHaveProperty('secret');
    await api.submit(app.id, { event_type: 'a', data: 1 });
    const [post] = await receiver.gets(1);
    new StandardWebhook(secret).verify(post?.body ?? '', post?.headers as Record<string, string>);
  });

  it('its URL and headers holds from the next attempt on, and the schedule stays', async () => {
    const { receiver, app, path } = await setUp('standard', { headers: { 'X-Version': '1' } });
    const other = await Receiver.start();
    receiver.answerAlways(500);
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    const waiting = await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
    await patch(path, { url: other.url, headers: { 'X-Version': '2' }, retry_limit: 0 });
    const [post] = await other.gets(1);
    expect(post?.body).toBe(receiver.received[0]?.body);
    expect([receiver.received[0], post].map((each) => each?.headers['x-version'])).toEqual(['1', '2']);
    const due = Date.parse(waiting.deliveries[0]?.next_attempt_at ?? '');
    expect(Math.abs((post?.at ?? 0) - due)).toBeLessThan(2_000);
    await api.eventThatIs('delivered', app.id, id);
    expect(receiver.received).toHaveLength(1);
  });

  it('its event types holds for the events after', async () => {
    const { app, path } = await setUp('standard', { event_types: ['user.*'] });
    await patch(path, { event_types: ['order.*'] });
    const user = await api.submit(app.id, { event_type: 'user.created', data: 1 });
    const order = await api.submit(app.id, { event_type: 'order.created', data: 1 });
    await api.eventThatIs('unmatched', app.id, user.id);
    await api.eventThatIs('delivered', app.id, order.id);
  });
});

describe('deleting an endpoint', () => {
  it('leaves nothing of it: 204, then 404 everywhere, and no deliveries to it', async () => {
    const { receiver, app, webhook, path } = await setUp('standard');
    const { status, body } = await api.call('DELETE', path);
    expect([status, body]).toEqual([204, undefined]);
    for (const [method, rest] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['GET', '/secret'],
      ['POST', '/rotate-secret'],
      ['GET', '/deliveries'],
      ['POST', '/test'],
      ['POST', '/enable'],
      ['POST', '/disable'],
    ] as const) {
      const call = method === 'PATCH' ? { body: { webhook: {} } } : {};
      expect((await api.call(method, `${path}${rest}`, call)).status).toBe(404);
    }
    const list = await api.expect<{ webhooks: Webhook[] }>(200, 'GET', `/v1/apps/${app.id}/webhooks`);
    expect(list.webhooks.map(({ id }) => id)).not.toContain(webhook.id);
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.eventThatIs('unmatched', app.id, id);
    expect(receiver.received).toEqual([]);
  });

  it('ends what still waits for it, as endpoint_deleted', async () => {
    const { receiver, app, path } = await setUp('standard');
    receiver.answerAlways(500);
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
    await api.expect(204, 'DELETE', path);
    const failed = await api.eventThatIs('failed', app.id, id);
    expect(failed.deliveries[0]).toMatchObject({ reason: 'endpoint_deleted', next_attempt_at: null });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('the secret', () => {
  it('is shown at its route, and nowhere else', async () => {
    const { key, webhook, path } = await setUp('scute');
    const answer = await api.with(key).expect(200, 'GET', `${path}/secret`);
    expect(answer).toEqual({ secret: webhook.secret, public_key: null, previous_expires_at: null });
    for (const shown of [await get(path), await patch(path, {}), await act(path, 'disable')]) {
      expect(shown).not.toHaveProperty('secret');
      expect(JSON.stringify(shown)).not.toContain(webhook.secret);
    }
    expect(posthorn.log.join('\n')).not.toContain(webhook.secret);
  });

  it("scute: may be any text of the caller's", async () => {
    const secret = 'geheim ☃ 🙂';
    const { webhook, path } = await setUp('scute', { secret });
    expect(webhook.secret).toBe(secret);
    expect(await api.expect(200, 'GET', `${path}/secret`)).toMatchObject({ secret });
  });

  it("standard: may be the caller's own, and signs", async () => {
    const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
    const { receiver, app } = await setUp('standard', { secret });
    await api.submit(app.id, { event_type: 'a', data: 1 });
    const [post] = await receiver.gets(1);
    new StandardWebhook(secret).verify(post?.body ?? '', post?.headers as Record<string, string>);
  });

  it('standard: may be an ed25519 key, whose public half is shown', async () => {
    const secret =
      'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
    const { receiver, app, path } = await setUp('standard', { secret });
    expect(await api.expect(200, 'GET', `${path}/secret`)).toMatchObject({
      secret,
      public_key: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=',
    });
    await api.submit(app.id, { event_type: 'a', data: 1 });
    const [post] = await receiver.gets(1);
    expect(post?.headers['webhook-signature']).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
  });
});

describe('custom headers', () => {
  it('are sent, never shown, and stored sealed', async () => {
    const headers = {
      Authorization: 'Bearer receivers-own-token',
      'X-Tenant': 'a b',
      'User-Agent': 'mine/1',
    };
    const { receiver, app, webhook, path } = await setUp('standard', { headers });
    await api.submit(app.id, { event_type: 'a', data: 1 });
    const [post] = await receiver.gets(1);
    expect(post?.headers).toMatchObject({
      authorization: headers.Authorization,
      'x-tenant': 'a b',
      'user-agent': 'mine/1',
      'content-type': 'application/json',
    });
    for (const shown of [webhook, await get(path), await patch(path, {})]) {
      expect(JSON.stringify(shown)).not.toContain('receivers-own-token');
    }
    expect(posthorn.log.join('\n')).not.toContain('receivers-own-token');
    await patch(path, { headers: {} });
    await api.submit(app.id, { event_type: 'a', data: 2 });
    const [, second] = await receiver.gets(2);
    expect(second?.headers.authorization).toBeUndefined();
    expect(second?.headers['user-agent']).toMatch(/^Posthorn\//);
  });
});

describe("an endpoint's deliveries", () => {
  it('are listed newest first, filtered by status and time, in pages', async () => {
    const { receiver, app, webhook, path } = await setUp('scute');
    receiver.answer(200, 404, 200, 404, 200);
    const events: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { id } = await api.submit(app.id, { event_type: 'user.created', data: { n } });
      await api.eventWhen(app.id, id, ({ status }) => status !== 'pending');
      events.unshift(id);
    }
    const list = async (query: Record<string, string> = {}) =>
      (await allPages<Delivery>(api, `${path}/deliveries`, 'deliveries', query)).flat();
    const all = await list();
    expect(all.map(({ event_id }) => event_id)).toEqual(events);
    expect(all[0]).toMatchObject({
      webhook_id: webhook.id,
      event_type: 'user.created',
      trigger: 'event',
      status: 'delivered',
      attempt_count: 1,
      last_status_code: 200,
    });
    expect(await list({ limit: '2' })).toEqual(all);
    expect(await list({ limit: '1', status: 'failed' })).toEqual([all[1], all[3]]);
    expect(await list({ status: 'delivered' })).toEqual([all[0], all[2], all[4]]);
    expect(await list({ status: 'pending' })).toEqual([]);
    const [third] = all.slice(2);
    const time = third?.created_at ?? '';
    expect(await list({ since: time })).toEqual(all.filter(({ created_at }) => created_at >= time));
    expect(await list({ until: time })).toEqual(all.filter(({ created_at }) => created_at < time));
    expect(await list({ since: time, until: time })).toEqual([]);
    expect(await api.expect(200, 'GET', `/v1/apps/${app.id}/deliveries/${third?.id}`)).toMatchObject({
      delivery: { ...third, attempts: [{ number: 1, status_code: 200 }], attempts_total: 1 },
    });
  });

  it('show in the endpoint: when it was last triggered, and how many failed in a row', async () => {
    const { receiver, app, path } = await setUp('scute');
    receiver.answer(404, 404, 200);
    const counts: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      const before = Date.now();
      const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
      await api.eventWhen(app.id, id, ({ status }) => status !== 'pending');
      const webhook = await get(path);
      counts.push(webhook.failure_count);
      expect(Date.parse(webhook.last_triggered_at ?? '')).toBeGreaterThanOrEqual(before - 5);
      expect(webhook.enabled).toBe(true);
    }
    expect(counts).toEqual([1, 2, 0]);
  });
});
