import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ProblemBody } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** ScendCore's own surface, as file 002 documents it. */

const PATH = '/api/v1/webhooks/subscribe';
const EVENTS = ['contact.created', 'opportunity.updated', 'meeting.booked'];

interface Subscription {
  id: string;
  url: string;
  events: string[];
  is_active: boolean;
  failure_count?: number;
  last_triggered_at?: string | null;
}

const { api: admin } = sharedPosthorn();

async function givenTenant() {
  const { app, key } = await admin.createApp('scendcore');
  const tenant = admin.with(key);
  const subscribe = (body: Record<string, unknown>) =>
    tenant.call<{ subscription: Subscription } & ProblemBody>('POST', PATH, { body });
  const list = () =>
    tenant.expect<{ subscriptions: Subscription[]; available_events: string[] }>(200, 'GET', PATH);
  return { app, key, tenant, subscribe, list };
}

describe('subscribing', () => {
  it('answers 201 with the subscription, and nothing else', async () => {
    const { subscribe } = await givenTenant();
    const url = 'https://your-app.com/webhooks/scendcore';
    const { status, body } = await subscribe({ url, events: EVENTS, secret: 'your-webhook-secret' });
    expect(status).toBe(201);
    expect(body).toEqual({
      subscription: { id: expect.any(String) as string, url, events: EVENTS, is_active: true },
    });
  });

  it('lists all of them with their health, and every available event', async () => {
    const { app, subscribe, list } = await givenTenant();
    const receiver = await Receiver.start();
    await subscribe({ url: receiver.url, events: ['contact.created'] });
    expect(await list()).toEqual({
      subscriptions: [
        {
          id: expect.any(String) as string,
          url: receiver.url,
          events: ['contact.created'],
          is_active: true,
          failure_count: 0,
          last_triggered_at: null,
        },
      ],
      available_events: expect.arrayContaining(EVENTS) as string[],
    });
    expect((await list()).available_events).toHaveLength(15);
    const { id } = await admin.submit(app.id, { event_type: 'contact.created', data: {} });
    await admin.eventThatIs('delivered', app.id, id);
    expect((await list()).subscriptions[0]?.last_triggered_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('with a secret signs with it, without one sends no signature header', async () => {
    const { app, subscribe } = await givenTenant();
    const [signed, unsigned] = [await Receiver.start(), await Receiver.start()];
    await subscribe({ url: signed.url, events: EVENTS, secret: 'your-webhook-secret' });
    await subscribe({ url: unsigned.url, events: EVENTS });
    const { id } = await admin.submit(app.id, { event_type: 'contact.created', data: { n: 1 } });
    const [first] = await signed.gets(1);
    const [second] = await unsigned.gets(1);
    const mac = createHmac('sha256', 'your-webhook-secret')
      .update(first?.body ?? '')
      .digest('hex');
    expect(first?.headers['x-scendcore-signature']).toBe(`sha256=${mac}`);
    expect(second?.headers).not.toHaveProperty('x-scendcore-signature');
    expect(second?.headers['x-scendcore-delivery']).toBe(id);
  });

  it.each([
    ['no events', { url: 'https://a.test/', events: [] }, '/events'],
    ['an event that is not available', { url: 'https://a.test/', events: ['contact.eaten'] }, '/events/0'],
    ['an http URL', { url: 'http://a.test/', events: EVENTS }, '/url'],
    ['no URL', { events: EVENTS }, '/url'],
    ['a secret that is too short', { url: 'https://a.test/', events: EVENTS, secret: 'short' }, '/secret'],
    ['an unknown member', { url: 'https://a.test/', events: EVENTS, colour: 1 }, '/colour'],
  ])('with %s is refused, naming it', async (_what, body, pointer) => {
    const { subscribe, list } = await givenTenant();
    const answer = await subscribe(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
    expect((await list()).subscriptions).toEqual([]);
  });
});

describe('who may', () => {
  it('an application of another profile is told so', async () => {
    const { key } = await admin.createApp('standard');
    for (const call of [{ method: 'GET' }, { method: 'POST', body: {} }]) {
      const answer = await admin.with(key).call<ProblemBody>(call.method, PATH, call);
      expect(answer).toMatchObject({ status: 403, body: { code: 'wrong_profile' } });
    }
  });

  it('a key without webhooks:write is refused, for the list too', async () => {
    const { app } = await givenTenant();
    const { api_key } = await admin.expect<{ api_key: { key: string } }>(
      201,
      'POST',
      `/v1/apps/${app.id}/keys`,
      { scopes: ['webhooks:read'] },
    );
    const answer = await admin.with(api_key.key).call<ProblemBody>('GET', PATH);
    expect(answer).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
  });

  it('the administration key has no tenant', async () => {
    expect(await admin.call('GET', PATH)).toMatchObject({ status: 403 });
  });
});

describe('ten active subscriptions', () => {
  it('are the most: the eleventh is refused, also by the other surface', async () => {
    const { app, subscribe, list } = await givenTenant();
    for (let n = 0; n < 10; n += 1) {
      expect((await subscribe({ url: `https://a.test/${n}`, events: EVENTS })).status).toBe(201);
    }
    const refused = await subscribe({ url: 'https://a.test/11', events: EVENTS });
    expect(refused).toMatchObject({ status: 409, body: { code: 'subscription_limit_reached' } });
    const other = await admin.call('POST', `/v1/apps/${app.id}/webhooks`, {
      body: { webhook: { url: 'https://a.test/11' } },
    });
    expect(other.status).toBe(409);
    expect((await list()).subscriptions).toHaveLength(10);
  });

  it('are exactly ten when twenty come at once', async () => {
    const { subscribe, list } = await givenTenant();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => subscribe({ url: `https://a.test/${n}`, events: EVENTS })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 10 }, () => 201),
      ...Array.from({ length: 10 }, () => 409),
    ]);
    expect((await list()).subscriptions).toHaveLength(10);
  });

  it('leave room for a new one when one is disabled, and none for that one to come back', async () => {
    const { app, subscribe } = await givenTenant();
    const made = await Promise.all(
      Array.from({ length: 10 }, (_, n) => subscribe({ url: `https://a.test/${n}`, events: EVENTS })),
    );
    const path = `/v1/apps/${app.id}/webhooks/${made[0]?.body.subscription.id}`;
    await admin.expect(200, 'POST', `${path}/disable`);
    expect((await subscribe({ url: 'https://a.test/new', events: EVENTS })).status).toBe(201);
    const enabled = await admin.call<ProblemBody>('POST', `${path}/enable`);
    expect(enabled).toMatchObject({ status: 409, body: { code: 'subscription_limit_reached' } });
    const patched = await admin.call('PATCH', path, { body: { webhook: { enabled: true } } });
    expect(patched.status).toBe(409);
    expect(await admin.expect(200, 'GET', path)).toMatchObject({ webhook: { enabled: false } });
  });
});
