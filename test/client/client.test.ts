import { beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import {
  createPosthorn,
  PosthornProblem,
  StillPending,
  type Delivery,
  type Event,
  type EventWithDeliveries,
  type Posthorn,
} from '../../src/client/index.js';
import { sampleOf } from '../../src/demo/sample.js';
import { profileById, profileIds } from '../../src/profiles/index.js';
import { hang, Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** `posthorn/client` against a real Posthorn. */

const server = sharedPosthorn();
let admin: Posthorn;
beforeAll(() => {
  admin = createPosthorn({ url: server.api.url, key: server.adminKey });
});

/** An application with an endpoint, and the client of its owner. */
async function setUp(webhook: { schedule?: number[] } = {}) {
  const receiver = await Receiver.start();
  const { data } = await admin.api.POST('/v1/apps', { body: { name: 'Shop' } });
  const posthorn = createPosthorn({ url: server.api.url, key: data.api_key.key });
  const appId = data.app.id;
  const created = await posthorn.api.POST('/v1/apps/{app_id}/webhooks', {
    params: { path: { app_id: appId } },
    body: { webhook: { url: receiver.url, ...webhook } },
  });
  return { receiver, posthorn, appId, webhook: created.data.webhook };
}

/** What a call is refused with. */
async function refusal(call: Promise<unknown>): Promise<PosthornProblem> {
  const error = await call.then(
    () => new Error('the call was not refused'),
    (reason: unknown) => reason,
  );
  if (error instanceof PosthornProblem) return error;
  throw error;
}

describe('send', () => {
  it.each(profileIds)('submits an event of the profile %s without an id', async (profile) => {
    const { data } = await admin.api.POST('/v1/apps', {
      body: { name: 'Shop', profile: profile as 'standard' },
    });
    const sample = sampleOf(profileById(profile));
    const event = await admin.send(data.app.id, sample);
    expect(event).toMatchObject({ app_id: data.app.id, event_type: sample.event_type });
  });

  it('delivers, and waitFor tells how', async () => {
    const { receiver, posthorn, appId, webhook } = await setUp();
    const sent = await posthorn.send(appId, { event_type: 'order.paid', data: { order: 17 } });
    expect(sent).toMatchObject({ app_id: appId, event_type: 'order.paid', status: 'pending' });
    const event = await posthorn.waitFor(appId, sent.id);
    expect(event).toMatchObject({ id: sent.id, status: 'delivered', data: { order: 17 } });
    expect(event.deliveries).toMatchObject([{ webhook_id: webhook.id, status: 'delivered' }]);
    expect(await receiver.gets(1)).toHaveLength(1);
  });

  it('takes the id that is given, and the same event again', async () => {
    const { posthorn, appId } = await setUp();
    const event = { id: 'order-17-paid', event_type: 'order.paid', data: { order: 17 } };
    const [first, second] = [await posthorn.send(appId, event), await posthorn.send(appId, event)];
    expect(second.id).toBe('order-17-paid');
    expect(second.created_at).toBe(first.created_at);
    const conflict = await refusal(posthorn.send(appId, { ...event, data: { order: 18 } }));
    expect(conflict).toMatchObject({ status: 409, code: 'event_conflict' });
  });
});

it('sendBatch submits all of them, in their order', async () => {
  const { posthorn, appId } = await setUp();
  const events = ['order.made', 'order.paid'].map((event_type) => ({ event_type, data: null }));
  const sent = await posthorn.sendBatch(appId, events);
  expect(sent.map(({ event_type }) => event_type)).toEqual(['order.made', 'order.paid']);
});

describe('waitFor', () => {
  it('waits through a retry', async () => {
    const { receiver, posthorn, appId } = await setUp({ schedule: [1] });
    receiver.answer(500);
    const { id } = await posthorn.send(appId, { event_type: 'order.paid', data: null });
    const event = await posthorn.waitFor(appId, id);
    expect(event.deliveries[0]?.attempts.map(({ status_code }) => status_code)).toEqual([500, 200]);
  });

  it('gives up after its time, and tells what it saw last', async () => {
    const { receiver, posthorn, appId } = await setUp();
    receiver.answerAlways(hang);
    const { id } = await posthorn.send(appId, { event_type: 'order.paid', data: null });
    const error: unknown = await posthorn.waitFor(appId, id, { timeoutMs: 200 }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StillPending);
    expect((error as StillPending).event).toMatchObject({ id, status: 'pending' });
    expect((error as StillPending).message).toContain(id);
    receiver.answerAlways(200);
  });

  it('ends with its signal', async () => {
    const { posthorn, appId } = await setUp();
    const event = {
      event_type: 'order.paid',
      data: null,
      deliver_at: new Date(Date.now() + 60_000).toISOString(),
    };
    const { id } = await posthorn.send(appId, event);
    const controller = new AbortController();
    const waiting = posthorn.waitFor(appId, id, { signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('events and deliveries', () => {
  it('follow the cursors of their lists', async () => {
    const { posthorn, appId } = await setUp();
    const made = Array.from({ length: 5 }, (_, n) => ({ event_type: 'tick', data: { n } }));
    const sent = await posthorn.sendBatch(appId, made);
    await Promise.all(sent.map(({ id }) => posthorn.waitFor(appId, id)));
    const ids = new Set<string>();
    for await (const event of posthorn.events(appId, { limit: 2 })) ids.add(event.id);
    expect(ids).toEqual(new Set(sent.map(({ id }) => id)));

    const [first] = sent;
    const deliveries: Delivery[] = [];
    for await (const delivery of posthorn.deliveries(appId, { event_id: first?.id ?? '' })) {
      deliveries.push(delivery);
    }
    expect(deliveries).toMatchObject([{ event_id: first?.id, status: 'delivered' }]);
  });

  it('read no page that nobody wants', async () => {
    const { posthorn, appId } = await setUp();
    await posthorn.sendBatch(
      appId,
      Array.from({ length: 3 }, () => ({ event_type: 'tick', data: null })),
    );
    let calls = 0;
    const counting = createPosthorn({
      url: server.api.url,
      key: server.adminKey,
      fetch: (url, init) => {
        calls += 1;
        return fetch(url, init);
      },
    });
    for await (const event of counting.events(appId, { limit: 1 })) {
      expect(event.event_type).toBe('tick');
      break;
    }
    expect(calls).toBe(1);
  });
});

describe('a call that is refused', () => {
  it('throws its problem, with one error a field', async () => {
    const { posthorn, appId } = await setUp();
    const call = posthorn.api.POST('/v1/apps/{app_id}/webhooks', {
      params: { path: { app_id: appId } },
      body: { webhook: { url: 'no url', event_types: ['us*'] } },
    });
    const problem = await refusal(call);
    expect(problem).toMatchObject({ status: 422, code: 'validation_failed', retryAfterSeconds: null });
    expect(problem.errors.map((error) => 'pointer' in error && error.pointer)).toEqual([
      '/webhook/url',
      '/webhook/event_types/0',
    ]);
    expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(problem.message).toContain('POST');
    expect(problem.message).toContain('/webhook/url: ');
  });

  it.each<[string, number, string, (appId: string) => Promise<unknown>]>([
    [
      'a key that is not known',
      401,
      'unauthorized',
      (appId) => createPosthorn({ url: server.api.url, key: 'phk_none' }).waitFor(appId, 'x'),
    ],
    [
      "an application's key on an administration route",
      403,
      'admin_only',
      async () => (await setUp()).posthorn.api.GET('/v1/apps'),
    ],
    ['an event that there is not', 404, 'not_found', (appId) => admin.waitFor(appId, 'none')],
  ])('%s: %d', async (_what, status, code, call) => {
    const { appId } = await setUp();
    expect(await refusal(call(appId))).toMatchObject({ status, code });
  });

  it.each(['..', '.', ''])(
    'is not made where "%s" stands for an id: it would delete what contains that',
    async (id) => {
      const { appId } = await setUp();
      const params = { path: { app_id: appId, id } };
      await expect(admin.api.DELETE('/v1/apps/{app_id}/webhooks/{id}', { params })).rejects.toThrow(
        `"${id}" cannot be the "id" of a path.`,
      );
      expect(
        (await admin.api.GET('/v1/apps/{app_id}', { params: { path: { app_id: appId } } })).data.app.id,
      ).toBe(appId);
    },
  );

  it('nothing is answered where nothing is to be answered', async () => {
    const { posthorn, appId, webhook } = await setUp();
    const params = { path: { app_id: appId, id: webhook.id } };
    const { data, response } = await posthorn.api.DELETE('/v1/apps/{app_id}/webhooks/{id}', { params });
    expect(data).toBeUndefined();
    expect(response.status).toBe(204);
  });
});

it('its types are those of the document', () => {
  expectTypeOf<Awaited<ReturnType<Posthorn['send']>>>().toEqualTypeOf<Event>();
  expectTypeOf<EventWithDeliveries['deliveries'][number]['status']>().toEqualTypeOf<
    'pending' | 'processing' | 'delivered' | 'failed'
  >();
  const wrong = (posthorn: Posthorn) => [
    // @ts-expect-error there is no such path
    posthorn.api.GET('/v1/applications'),
    // @ts-expect-error its path parameter is missing
    posthorn.api.GET('/v1/apps/{app_id}/events'),
    // @ts-expect-error an event has a type
    posthorn.send('app', { data: {} }),
    // @ts-expect-error there is no such status
    posthorn.events('app', { status: 'lost' }),
  ];
  expectTypeOf(wrong).toBeFunction();
});
