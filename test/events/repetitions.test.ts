import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, Event, ProblemBody } from '../support/api-client.js';
import { sharedPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/**
 * What time, settings and event types have against an event may change after it was accepted. Repeating it is safe all
 * the same, also while the log does not have it: here nobody works on the events.
 */

const parts = { api: true, worker: false };
const posthorn = sharedPosthorn({ parts });
const { api } = posthorn;
/** Another process, which takes smaller events. */
let beside: Awaited<ReturnType<TestPosthorn['beside']>>;
const SMALL = 1_000;
beforeAll(async () => {
  beside = await posthorn.beside({ parts, maxEventBytes: SMALL });
});

const newId = () => `msg_${Math.random().toString(36).slice(2).padEnd(24, '0')}`;
const inASecond = () => new Date(Date.now() + 1_000).toISOString();
const passed = (time: string) => sleep(Date.parse(time) - Date.now() + 5);
const single = (to: ApiClient, appId: string, event: unknown, headers = {}) =>
  to.call<{ event: Event } & ProblemBody>('POST', `/v1/apps/${appId}/events`, { body: event, headers });
const batch = (to: ApiClient, appId: string, events: unknown[]) =>
  to.call<{ events: Event[] } & ProblemBody>('POST', `/v1/apps/${appId}/events/batch`, { body: { events } });

describe('an event whose time is over', () => {
  const expiring = () => ({ id: newId(), event_type: 'tick', data: 1, expires_at: inASecond() });

  it('is answered as when it was accepted, by every process', async () => {
    const { app } = await api.createApp();
    const event = expiring();
    const first = await single(api, app.id, event);
    expect(first.status).toBe(202);
    await passed(event.expires_at);
    for (const each of [api, beside.api]) {
      expect(await single(each, app.id, event)).toMatchObject({ status: 202, body: first.body });
    }
  });

  it('and whose id comes from its `Idempotency-Key` is too', async () => {
    const { app } = await api.createApp();
    const { id: _none, ...event } = expiring();
    const key = { 'Idempotency-Key': newId() };
    const first = await single(api, app.id, event, key);
    await passed(event.expires_at);
    expect(await single(beside.api, app.id, event, key)).toMatchObject({ status: 202, body: first.body });
  });

  it('is a conflict with other content, and refused when it was never accepted', async () => {
    const { app } = await api.createApp();
    const event = expiring();
    await single(api, app.id, event);
    await passed(event.expires_at);
    const other = await single(beside.api, app.id, { ...event, data: 2 });
    expect(other).toMatchObject({ status: 409, body: { code: 'event_conflict' } });
    const never = await single(api, app.id, { ...event, id: newId() });
    expect(never).toMatchObject({ status: 422, body: { errors: [{ pointer: '/expires_at' }] } });
  });
});

describe('a batch of which the time of some is over', () => {
  const given = async () => {
    const { app } = await api.createApp();
    const event = { id: newId(), event_type: 'tick', data: 1, expires_at: inASecond() };
    const lasting = { id: newId(), event_type: 'tick', data: 1 };
    return { appId: app.id, event, lasting };
  };

  it('is answered as when it was accepted, by every process', async () => {
    const { appId, event, lasting } = await given();
    const first = await batch(api, appId, [event, lasting]);
    expect(first.status).toBe(202);
    await passed(event.expires_at);
    for (const each of [api, beside.api]) {
      const again = await batch(each, appId, [event, lasting]);
      expect(again).toMatchObject({ status: 202, body: first.body });
    }
    // This process knows what it has accepted in it, too.
    const [accepted] = first.body.events;
    expect(await single(api, appId, event)).toMatchObject({ status: 202, body: { event: accepted } });
  }, 60_000);

  it('is accepted where those came singly in time', async () => {
    const { appId, event, lasting } = await given();
    const first = await single(api, appId, event);
    await passed(event.expires_at);
    const together = await batch(beside.api, appId, [lasting, event]);
    expect(together.status).toBe(202);
    expect(together.body.events).toMatchObject([{ id: lasting.id }, first.body.event]);
  });

  it('is refused for those that were never accepted', async () => {
    const { appId, event, lasting } = await given();
    await single(api, appId, event);
    await passed(event.expires_at);
    const never = await batch(beside.api, appId, [event, lasting, { ...event, id: newId() }]);
    expect(never).toMatchObject({ status: 422, body: { errors: [{ pointer: '/events/2/expires_at' }] } });
    expect(never.body.errors).toHaveLength(1);
  });
});

describe('an event that could not be accepted any more', () => {
  const repeated = async (change: (types: string) => Promise<unknown>) => {
    const { app } = await api.createApp('scute');
    const types = `/v1/apps/${app.id}/event-types`;
    await api.expect(201, 'POST', types, { name: 'parcel.sent' });
    const [one, another] = [1, 2].map((data) => ({
      id: crypto.randomUUID(),
      event_type: 'parcel.sent',
      data,
    }));
    const first = await single(api, app.id, one);
    const firstBatch = await batch(api, app.id, [another]);
    expect([first.status, firstBatch.status]).toEqual([202, 202]);
    await change(types);
    for (const each of [api, beside.api]) {
      expect(await single(each, app.id, one)).toMatchObject({ status: 202, body: first.body });
      expect(await batch(each, app.id, [another])).toMatchObject({ status: 202, body: firstBatch.body });
    }
    expect((await single(api, app.id, { ...one, id: crypto.randomUUID() })).status).toBe(422);
  };

  it('because its type was deleted is answered as when it was accepted', async () => {
    await repeated((types) => api.expect(204, 'DELETE', `${types}/parcel.sent`));
  }, 60_000);

  it('because its type has another schema is too', async () => {
    await repeated(async (types) => {
      await api.expect(204, 'DELETE', `${types}/parcel.sent`);
      await api.expect(201, 'POST', types, { name: 'parcel.sent', schema: { type: 'string' } });
    });
  }, 60_000);

  it('because events must be smaller now is too', async () => {
    const { app } = await api.createApp();
    const [one, another] = [1, 2].map(() => ({ id: newId(), event_type: 'tick', data: 'x'.repeat(SMALL) }));
    const first = await single(api, app.id, one);
    const firstBatch = await batch(api, app.id, [another]);
    expect(await single(beside.api, app.id, one)).toMatchObject({ status: 202, body: first.body });
    expect(await batch(beside.api, app.id, [another])).toMatchObject({ status: 202, body: firstBatch.body });
    expect((await single(beside.api, app.id, { ...one, id: newId() })).status).toBe(413);
    expect((await batch(beside.api, app.id, [{ ...one, id: newId() }])).status).toBe(413);
  }, 60_000);
});
