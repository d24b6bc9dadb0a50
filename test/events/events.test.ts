import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Delivery, Event, ProblemBody, Webhook } from '../support/api-client.js';
import { allPages } from '../support/pages.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const { api } = sharedPosthorn();

async function setUp(profile = 'standard', webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp(profile);
  const created = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  return { receiver, app, webhook: created, path: `/v1/apps/${app.id}/events` };
}
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  api.call<{ event: Event }>('POST', path, { body, headers });
/** The event when every one of its deliveries has come to an end. */
const settled = (appId: string, id: string, deliveries: number) =>
  api.eventWhen(
    appId,
    id,
    (event) =>
      event.deliveries.length === deliveries &&
      event.deliveries.every(({ completed_at }) => completed_at !== null),
  );

describe('an event', () => {
  it('is answered with 202 and what it is known by', async () => {
    const { receiver, app, path } = await setUp();
    const { status, body } = await post(path, { event_type: 'user.created', data: { a: 1 } });
    expect(status).toBe(202);
    expect(body).toEqual({
      event: {
        id: expect.stringMatching(/^msg_[A-Za-z0-9_-]{28}$/) as string,
        app_id: app.id,
        event_type: 'user.created',
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        status: 'pending',
        workflow_id: `event/${app.id}/${body.event.id}`,
      },
    });
    await receiver.gets(1);
  });

  it('scute: has a UUID', async () => {
    const { path } = await setUp('scute');
    const { body } = await post(path, { event_type: 'user.created', data: {} });
    expect(body.event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is known directly after its 202, a thousand times in a row', { timeout: 180_000 }, async () => {
    const { receiver, path } = await setUp();
    const unknown: number[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const { body } = await post(path, { event_type: 'tick', data: { n } });
      const read = await api.call<{ event: Event }>('GET', `${path}/${body.event.id}`);
      if (read.status !== 200) unknown.push(n);
      else {
        expect(read.body.event).toMatchObject({
          id: body.event.id,
          created_at: body.event.created_at,
          data: { n },
        });
      }
    }
    expect(unknown).toEqual([]);
    await receiver.gets(1_000);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1_000);
    expect(receiver.received).toHaveLength(1_000);
  });

  it.each([
    '{"2":"b","1":"a","z":0,"a":0}',
    '{"__proto__":{"a":1},"nul":"\\u0000","emoji":"🙂","line":"\\u2028"}',
    '[1e21,0.1,1.0,-0,9007199254740992,"",null,true,[],{}]',
    '"just text"',
    'null',
  ])('brings its data through as parse and stringify leave them: %s', async (data) => {
    const { receiver, app, path } = await setUp();
    const { body } = await post(path, `{"event_type":"a","data":${data}}`);
    const [got] = await receiver.gets(1);
    const wanted = JSON.stringify(JSON.parse(data));
    expect(got?.body.endsWith(`"data":${wanted}}`)).toBe(true);
    expect(JSON.stringify((await api.event(app.id, body.event.id)).data)).toBe(wanted);
  });
});

describe('what is shown of an event', () => {
  it('is one moment: a status that its deliveries and attempts bear out, however often it is read', async () => {
    const { app } = await setUp();
    const torn: unknown[] = [];
    for (let n = 0; n < 60; n += 1) {
      const { id } = await api.submit(app.id, { event_type: 'tick', data: { n } });
      const readers = Array.from({ length: 4 }, () =>
        api.eventWhen(app.id, id, (event) => {
          const [delivery] = event.deliveries;
          const isDone = delivery?.status === 'delivered' && delivery.attempts.length === 1;
          if (event.status === 'delivered' && !isDone) torn.push({ status: event.status, delivery });
          return event.status === 'delivered';
        }),
      );
      await Promise.all(readers);
    }
    expect(torn).toEqual([]);
  });
});

describe('the same event id', () => {
  it('fifty times at once is one event, delivered once, and each is answered with it', async () => {
    const { receiver, app, path } = await setUp();
    const event = { event_type: 'a', data: { n: 1 }, id: `order_${randomUUID()}` };
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(path, event)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 202));
    expect(new Set(answers.map(({ body }) => body.event.created_at)).size).toBe(1);
    expect(new Set(answers.map(({ body }) => body.event.id))).toEqual(new Set([event.id]));
    const delivered = await api.eventThatIs('delivered', app.id, event.id);
    expect(delivered.deliveries).toHaveLength(1);
    const later = await post(path, event);
    expect(later.body.event).toMatchObject({ created_at: delivered.created_at, status: 'delivered' });
    expect(receiver.received).toHaveLength(1);
  });

  it('of fifty contents at once is one of them; the others are 409', async () => {
    const { receiver, app, path } = await setUp();
    const id = `order_${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => post(path, { event_type: 'a', data: { n }, id })),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
    const winner = answers.findIndex(({ status }) => status === 202);
    const delivered = await api.eventThatIs('delivered', app.id, id);
    expect(delivered.data).toEqual({ n: winner });
    expect(receiver.received).toHaveLength(1);
  });

  it('with the keys of its data in another order is the same event', async () => {
    const { receiver, app, path } = await setUp();
    const id = 'same';
    const first = await post(path, `{"event_type":"a","data":{"a":1,"b":{"c":[1,2],"d":null}},"id":"${id}"}`);
    const again = await post(
      path,
      `{"id":"${id}","data":{"b":{"d":null,"c":[1.0,2]},"a":1e0},"event_type":"a"}`,
    );
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body.event.created_at).toBe(first.body.event.created_at);
    await api.eventThatIs('delivered', app.id, id);
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    ['other data', { data: { a: 2 } }],
    ['data in another order', { data: { a: 1, list: [2, 1] } }],
    ['another type', { event_type: 'b' }],
    ['a member more', { data: { a: 1, list: [1, 2], b: null } }],
  ])('with %s is a conflict, before and after its delivery', async (_what, change) => {
    const { receiver, app, path } = await setUp();
    const event = { event_type: 'a', data: { a: 1, list: [1, 2] }, id: 'once' };
    await post(path, event);
    for (const _time of ['before', 'after']) {
      const answer = await api.call<ProblemBody>('POST', path, { body: { ...event, ...change } });
      expect([answer.status, answer.body.code]).toEqual([409, 'event_conflict']);
      expect(answer.body.errors).toEqual([{ pointer: '/id', detail: expect.any(String) as string }]);
      await api.eventThatIs('delivered', app.id, event.id);
    }
    expect((await api.event(app.id, event.id)).data).toEqual(event.data);
    expect(receiver.received).toHaveLength(1);
  });

  it('in two applications is two events', async () => {
    const [one, two] = [await setUp(), await setUp()];
    for (const { app } of [one, two]) await api.submit(app.id, { event_type: 'a', data: app.id, id: 'same' });
    await Promise.all([one.receiver.gets(1), two.receiver.gets(1)]);
    expect((await api.event(one.app.id, 'same')).data).toBe(one.app.id);
  });
});

it('scute: ids that differ in case are one UUID, which is answered and sent in lower case', async () => {
  const { receiver, app, path } = await setUp('scute');
  const id = randomUUID();
  const event = { event_type: 'user.created', data: { n: 1 } };
  const answers = [];
  for (const spelling of [id.toUpperCase(), id, `${id.slice(0, 18).toUpperCase()}${id.slice(18)}`]) {
    answers.push(await post(path, { ...event, id: spelling }));
  }
  expect(answers.map(({ status, body }) => [status, body.event.id])).toEqual([
    [202, id],
    [202, id],
    [202, id],
  ]);
  await api.eventThatIs('delivered', app.id, id);
  expect((await api.event(app.id, id.toUpperCase())).id).toBe(id);
  await api.expect(202, 'POST', `${path}/${id.toUpperCase()}/resend`);
  const bodies = (await receiver.gets(2)).map(({ body }) => JSON.parse(body) as unknown);
  expect(bodies).toMatchObject([{ id }, { id }]);
});

it('an id in a path may be spelt in upper case', async () => {
  const { app, webhook } = await setUp();
  const path = `/v1/apps/${app.id.toUpperCase()}/webhooks/${webhook.id.toUpperCase()}`;
  expect(await api.expect(200, 'GET', path)).toMatchObject({ webhook: { id: webhook.id, app_id: app.id } });
});

describe('Idempotency-Key', () => {
  const event = { event_type: 'user.created', data: { n: 1 } };

  it.each(['standard', 'scute'])(
    '%s: the same key is the same event, in the form of its ids',
    async (profile) => {
      const { receiver, app, path } = await setUp(profile);
      const headers = { 'Idempotency-Key': 'order 4711 / paid' };
      const answers = await Promise.all(Array.from({ length: 10 }, () => post(path, event, headers)));
      const ids = new Set(answers.map(({ body }) => body.event.id));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 202));
      expect(ids.size).toBe(1);
      const [id = ''] = ids;
      expect(id).toMatch(profile === 'scute' ? /^[0-9a-f-]{36}$/ : /^msg_/);
      await api.eventThatIs('delivered', app.id, id);
      const other = await post(path, event, { 'Idempotency-Key': 'order 4712' });
      expect(ids.has(other.body.event.id)).toBe(false);
      const conflict = await post(path, { ...event, data: { n: 2 } }, headers);
      expect(conflict.status).toBe(409);
      await receiver.gets(2);
      expect(receiver.received).toHaveLength(2);
    },
  );

  it("is the application's own", async () => {
    const [one, two] = [await setUp(), await setUp()];
    const headers = { 'Idempotency-Key': 'k' };
    const [first, second] = [await post(one.path, event, headers), await post(two.path, event, headers)];
    expect(first.body.event.id).not.toBe(second.body.event.id);
  });

  it('beside an id says nothing: the id decides', async () => {
    const { receiver, app, path } = await setUp();
    const first = await post(path, { ...event, id: 'mine' }, { 'Idempotency-Key': 'k1' });
    const again = await post(path, { ...event, id: 'mine' }, { 'Idempotency-Key': 'k2' });
    expect([first.body.event.id, again.body.event.id]).toEqual(['mine', 'mine']);
    expect(again.body.event.created_at).toBe(first.body.event.created_at);
    const other = await post(path, { ...event, data: 2, id: 'yours' }, { 'Idempotency-Key': 'k1' });
    expect([other.status, other.body.event.id]).toEqual([202, 'yours']);
    await api.eventThatIs('delivered', app.id, 'mine');
    await api.eventThatIs('delivered', app.id, 'yours');
    expect(receiver.received).toHaveLength(2);
  });
});

describe('the list of events', () => {
  it('is newest first, filtered by type, status and time, in pages', async () => {
    const { receiver, app, path } = await setUp('scute', { event_types: ['user.*'] });
    receiver.answer(200, 404, 200, 404);
    const ids: string[] = [];
    for (const event_type of [
      'user.created',
      'user.updated',
      'user.created',
      'user.updated',
      'challenge.failed',
    ]) {
      const { id } = await api.submit(app.id, { event_type, data: {} });
      await api.eventWhen(app.id, id, ({ status }) => status !== 'pending');
      ids.unshift(id);
    }
    const list = async (query: Record<string, string> = {}) =>
      (await allPages<Event>(api, path, 'events', query)).flat();
    const all = await list();
    expect(all.map(({ id }) => id)).toEqual(ids);
    expect(all.map(({ status }) => status)).toEqual([
      'unmatched',
      'failed',
      'delivered',
      'failed',
      'delivered',
    ]);
    expect(all[0]).toEqual({
      id: ids[0],
      app_id: app.id,
      event_type: 'challenge.failed',
      created_at: all[0]?.created_at,
      status: 'unmatched',
      workflow_id: `event/${app.id}/${ids[0]}`,
    });
    expect(await list({ limit: '2' })).toEqual(all);
    expect(await list({ event_type: 'user.updated', limit: '1' })).toEqual([all[1], all[3]]);
    expect(await list({ status: 'delivered', limit: '1' })).toEqual([all[2], all[4]]);
    expect(await list({ status: 'failed', event_type: 'user.created' })).toEqual([]);
    expect(await list({ status: 'cancelled' })).toEqual([]);
    const time = all[2]?.created_at ?? '';
    expect(await list({ since: time })).toEqual(all.filter(({ created_at }) => created_at >= time));
    expect(await list({ until: time })).toEqual(all.filter(({ created_at }) => created_at < time));
  });

  it('shows an event that waits as pending', async () => {
    const { app, path } = await setUp('standard', { enabled: false });
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.eventWhen(app.id, id, ({ deliveries }) => deliveries.length > 0);
    const { events } = await api.expect<{ events: Event[] }>(200, 'GET', `${path}?status=pending`);
    expect(events.map((event) => event.id)).toEqual([id]);
  });
});

describe('?live=true', () => {
  interface Live {
    event: Required<Event> & {
      live: {
        workflow_status: string;
        pending_attempts: { retries: number; next_attempt_at: string; last_failure: string | null }[];
      };
    };
  }
  const look = async (path: string, id: string) =>
    (await api.expect<Live>(200, 'GET', `${path}/${id}?live=true`)).event;

  it('adds what Temporal knows of an event that is done', async () => {
    const { app, path } = await setUp();
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    const plain = await api.eventThatIs('delivered', app.id, id);
    expect(plain).not.toHaveProperty('live');
    await expect
      .poll(async () => (await look(path, id)).live)
      .toMatchObject({ workflow_status: 'completed', pending_attempts: [] });
  });

  it('adds the attempt that waits, due when the log says so', async () => {
    const { receiver, app, path } = await setUp('scute');
    receiver.answer(500);
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
    await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
    await vi.waitFor(async () => {
      const { live, deliveries } = await look(path, id);
      expect(live.workflow_status).toBe('running');
      expect(live.pending_attempts).toMatchObject([{ retries: 1 }]);
      const announced = Date.parse(deliveries[0]?.next_attempt_at ?? '');
      expect(Math.abs(Date.parse(live.pending_attempts[0]?.next_attempt_at ?? '') - announced)).toBeLessThan(
        1_000,
      );
    }, 20_000);
  });
});

describe('a test event', () => {
  const send = (appId: string, webhookId: string) =>
    api.call<{ event: Event; delivery: Delivery }>('POST', `/v1/apps/${appId}/webhooks/${webhookId}/test`);

  it('standard: arrives marked, at this endpoint alone, whatever it subscribed to', async () => {
    const { receiver, app, webhook } = await setUp('standard', { event_types: ['order.*'] });
    const other = await Receiver.start();
    await api.createWebhook(app.id, { url: other.url });
    const { status, body } = await send(app.id, webhook.id);
    expect(status).toBe(202);
    expect(body.event).toMatchObject({ app_id: app.id, workflow_id: `event/${app.id}/${body.event.id}` });
    expect(body.delivery).toMatchObject({ event_id: body.event.id, webhook_id: webhook.id, trigger: 'test' });
    const [got] = await receiver.gets(1);
    expect(got?.headers['x-posthorn-test']).toBe('true');
    const delivered = await api.eventThatIs('delivered', app.id, body.event.id);
    expect(delivered.deliveries.map(({ id }) => id)).toEqual([body.delivery.id]);
    expect(other.received).toEqual([]);
  });

  it('scute: arrives as webhook.test, as its document has it', async () => {
    const { receiver, app, webhook } = await setUp('scute', { event_types: ['user.created'] });
    await send(app.id, webhook.id);
    const [got] = await receiver.gets(1);
    expect(JSON.parse(got?.body ?? '')).toMatchObject({ event_type: 'webhook.test', api_version: 'v1' });
    expect(got?.headers['x-posthorn-test']).toBeUndefined();
  });

  it('is tried once, and does not count as a failure', async () => {
    const { receiver, app, webhook } = await setUp('scute');
    receiver.answerAlways(500);
    const { body } = await send(app.id, webhook.id);
    const failed = await api.eventThatIs('failed', app.id, body.event.id);
    expect(failed.deliveries[0]).toMatchObject({
      reason: 'exhausted',
      attempt_count: 1,
      next_attempt_at: null,
    });
    const path = `/v1/apps/${app.id}/webhooks/${webhook.id}`;
    expect((await api.expect<{ webhook: Webhook }>(200, 'GET', path)).webhook.failure_count).toBe(0);
    expect(receiver.received).toHaveLength(1);
  });

  it('to a disabled endpoint is refused', async () => {
    const { app, webhook, path } = await setUp('standard', { enabled: false });
    expect((await send(app.id, webhook.id)).status).toBe(409);
    expect(await api.expect(200, 'GET', path)).toMatchObject({ events: [] });
  });
});

describe('a resend', () => {
  async function delivered(profile = 'standard') {
    const { receiver, app, webhook, path } = await setUp(profile);
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: { name: 'Zoë' } });
    await api.eventThatIs('delivered', app.id, id);
    const resend = (body?: unknown, headers: Record<string, string> = {}) =>
      api.call<{ deliveries: Delivery[] }>('POST', `${path}/${id}/resend`, {
        ...(body === undefined ? {} : { body }),
        headers,
      });
    return { receiver, app, webhook, id, resend };
  }

  it('is the same bytes with a new signature time, in one new delivery', async () => {
    const { receiver, app, webhook, id, resend } = await delivered();
    const { status, body } = await resend();
    expect(status).toBe(202);
    expect(body.deliveries).toMatchObject([{ event_id: id, webhook_id: webhook.id, trigger: 'resend' }]);
    const event = await settled(app.id, id, 2);
    const [first, second] = await receiver.gets(2);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(id);
    const again = event.deliveries.find(({ trigger }) => trigger === 'resend');
    expect(again).toMatchObject({ id: body.deliveries[0]?.id, status: 'delivered', attempt_count: 1 });
    const signedAt = Math.floor(Date.parse(again?.attempts[0]?.started_at ?? '') / 1000);
    expect(Number(second?.headers['webhook-timestamp'])).toBe(signedAt);
  });

  it('to all goes to every enabled endpoint that matches now', async () => {
    const { receiver, app, webhook, id, resend } = await delivered();
    const late = await Receiver.start();
    const added = await api.createWebhook(app.id, { url: late.url, event_types: ['user.*'] });
    await api.createWebhook(app.id, { url: late.url, event_types: ['order.*'] });
    await api.createWebhook(app.id, { url: late.url, enabled: false });
    const { body } = await resend({});
    expect(body.deliveries.map(({ webhook_id }) => webhook_id).sort()).toEqual([webhook.id, added.id].sort());
    await settled(app.id, id, 3);
    expect([receiver.received.length, late.received.length]).toEqual([2, 1]);
  });

  it('to one goes to that one, and to nobody else', async () => {
    const { receiver, app, webhook, id, resend } = await delivered();
    const other = await Receiver.start();
    await api.createWebhook(app.id, { url: other.url });
    const { body } = await resend({ webhook_id: webhook.id });
    expect(body.deliveries.map(({ webhook_id }) => webhook_id)).toEqual([webhook.id]);
    await settled(app.id, id, 2);
    expect([receiver.received.length, other.received.length]).toEqual([2, 0]);
  });

  it('is tried once, does not count as a failure, and decides the status of the event', async () => {
    const { receiver, app, webhook, id, resend } = await delivered('scute');
    receiver.answer(500);
    await resend();
    const failed = await settled(app.id, id, 2);
    expect(failed.status).toBe('failed');
    const again = failed.deliveries.find(({ trigger }) => trigger === 'resend');
    expect(again).toMatchObject({ reason: 'exhausted', attempt_count: 1, next_attempt_at: null });
    const path = `/v1/apps/${app.id}/webhooks/${webhook.id}`;
    expect((await api.expect<{ webhook: Webhook }>(200, 'GET', path)).webhook.failure_count).toBe(0);
    await resend();
    expect((await settled(app.id, id, 3)).status).toBe('delivered');
  });

  it('with the same Idempotency-Key is done once', async () => {
    const { receiver, app, id, resend } = await delivered();
    const headers = { 'Idempotency-Key': 'again' };
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => resend(undefined, headers)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.flatMap(({ body }) => body.deliveries.map((each) => each.id))).size).toBe(1);
    await settled(app.id, id, 2);
    await resend(undefined, headers);
    await resend(undefined, { 'Idempotency-Key': 'another' });
    await settled(app.id, id, 3);
    expect(receiver.received).toHaveLength(3);
  });

  it('to an unknown endpoint, or of an unknown event, is 404', async () => {
    const { app, id, resend } = await delivered();
    const other = await setUp();
    expect((await resend({ webhook_id: randomUUID() })).status).toBe(404);
    expect((await resend({ webhook_id: other.webhook.id })).status).toBe(404);
    expect((await resend({ webhook_id: 'x' })).status).toBe(422);
    expect((await api.call('POST', `/v1/apps/${app.id}/events/msg_unknown/resend`)).status).toBe(404);
    expect((await api.event(app.id, id)).deliveries).toHaveLength(1);
  });

  it('of an event that nothing matches is refused', async () => {
    const { app, path } = await setUp('standard', { event_types: ['order.*'] });
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: 1 });
    const answer = await api.call<ProblemBody>('POST', `${path}/${id}/resend`);
    expect(answer).toMatchObject({ status: 409, body: { code: 'nothing_to_resend' } });
  });
});

describe('a disabled endpoint', () => {
  it('holds its deliveries, and enabling it lets each go once', async () => {
    const { receiver, app, webhook } = await setUp();
    const path = `/v1/apps/${app.id}/webhooks/${webhook.id}`;
    await api.expect(200, 'POST', `${path}/disable`);
    const ids: string[] = [];
    for (let n = 0; n < 20; n += 1) ids.push((await api.submit(app.id, { event_type: 'a', data: n })).id);
    for (const id of ids) {
      const held = await api.eventWhen(
        app.id,
        id,
        ({ deliveries }) => deliveries[0]?.reason === 'endpoint_disabled',
      );
      expect(held.status).toBe('pending');
      expect(held.deliveries).toMatchObject([
        { status: 'pending', attempt_count: 0, next_attempt_at: null, completed_at: null, attempts: [] },
      ]);
    }
    expect(receiver.received).toEqual([]);
    await Promise.all([
      api.expect(200, 'POST', `${path}/enable`),
      api.expect(200, 'POST', `${path}/enable`),
      api.expect(200, 'PATCH', path, { webhook: { enabled: true } }),
    ]);
    for (const id of ids) {
      const { deliveries } = await api.eventThatIs('delivered', app.id, id);
      expect(deliveries).toMatchObject([{ attempt_count: 1, reason: null, attempts: [{ number: 1 }] }]);
    }
    expect(receiver.received.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(ids.toSorted());
  });

  it('holds a retry that falls due meanwhile, and does not use it up', async () => {
    const { receiver, app, webhook } = await setUp();
    const path = `/v1/apps/${app.id}/webhooks/${webhook.id}`;
    receiver.answer(500);
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
    await api.expect(200, 'POST', `${path}/disable`);
    const held = await api.eventWhen(
      app.id,
      id,
      ({ deliveries }) => deliveries[0]?.reason === 'endpoint_disabled',
    );
    expect(held.deliveries[0]).toMatchObject({ status: 'pending', attempt_count: 1 });
    expect(receiver.received).toHaveLength(1);
    await api.expect(200, 'POST', `${path}/enable`);
    const delivered = await api.eventThatIs('delivered', app.id, id);
    expect(delivered.deliveries[0]?.attempts.map(({ number }) => number)).toEqual([1, 2]);
  });
});
