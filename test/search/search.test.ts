import { beforeAll, describe, expect, it } from 'vitest';
import {
  endpointsByUrl,
  eventsByIdPrefix,
  eventTypesByPrefix,
  jobById,
} from '../../src/store/search/search.js';
import { findDelivery } from '../../src/store/deliveries/deliveries.js';
import { inTurns } from '../../src/lib/in-turns.js';
import type { ProblemBody } from '../support/api-client.js';
import { explaining } from '../support/explained.js';
import { oneOfEverything, type Furnished } from '../support/one-of-everything.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

interface Result {
  kind: string;
  id: string;
  title: string;
  path: string;
}

const posthorn = sharedPosthorn();
const { api } = posthorn;
let receiver: Receiver;
let own: Furnished;
let base: string;

beforeAll(async () => {
  receiver = await Receiver.start();
  own = await oneOfEverything(api, receiver);
  base = `/v1/apps/${own.id}`;
});

async function search(q: string, key = own.key, app = own.id): Promise<Result[]> {
  const path = `/v1/apps/${app}/search?q=${encodeURIComponent(q)}`;
  const { results } = await api.with(key).expect<{ results: Result[] }>(200, 'GET', path);
  return results;
}

async function keyWith(...scopes: string[]): Promise<string> {
  const { api_key } = await api.expect<{ api_key: { key: string } }>(201, 'POST', `${base}/keys`, { scopes });
  return api_key.key;
}

describe('a search', () => {
  it('finds an event by its id, and by the beginning of it', async () => {
    const id = own.ids.events ?? '';
    const event = { kind: 'event', id, title: 'user.created', path: `${base}/events/${id}` };
    expect(await search(id)).toEqual([event]);
    expect(await search(id.slice(0, -3))).toContainEqual(event);
    expect(await search(id.slice(1))).toEqual([]);
  });

  it('has the event with this very id before those that it begins', async () => {
    for (const id of ['order-17-b', 'order-17', 'order-17-a']) {
      await api.submit(own.id, { id, event_type: 'user.created', data: 1 });
      await api.eventWhen(own.id, id, ({ deliveries }) => deliveries.length > 0);
    }
    expect((await search('order-17')).map(({ id }) => id)).toEqual(['order-17', 'order-17-a', 'order-17-b']);
  });

  it('finds deliveries, webhooks and jobs by their ids, in upper case too', async () => {
    const { deliveries = '', webhooks = '', jobs = '' } = own.ids;
    expect(await search(deliveries)).toEqual([
      {
        kind: 'delivery',
        id: deliveries,
        title: 'user.created, delivered',
        path: `${base}/deliveries/${deliveries}`,
      },
    ]);
    expect(await search(webhooks.toUpperCase())).toEqual([
      { kind: 'webhook', id: webhooks, title: receiver.url, path: `${base}/webhooks/${webhooks}` },
    ]);
    expect(await search(jobs)).toEqual([
      {
        kind: 'job',
        id: jobs,
        title: 'Recovery of failed events',
        path: `${base}/webhooks/${webhooks}/jobs/${jobs}`,
      },
    ]);
  });

  it('gives paths that exist', async () => {
    for (const id of [own.ids.events, own.ids.deliveries, own.ids.webhooks, own.ids.jobs]) {
      const [found] = await search(id ?? '');
      await api.expect(200, 'GET', found?.path ?? '');
    }
  });

  it('finds webhooks by a part of their URL, in whatever case', async () => {
    const { app, key } = await api.createApp('standard');
    for (const path of ['Billing', 'shipping']) {
      await api.createWebhook(app.id, { url: `${receiver.url}/${path}` });
    }
    expect((await search('BILL', key, app.id)).map(({ title }) => title)).toEqual([
      `${receiver.url}/Billing`,
    ]);
    expect(await search('/hook/', key, app.id)).toHaveLength(2);
    expect(await search('%', key, app.id)).toEqual([]);
  });

  it("finds event types by their beginning: the application's own, and those of its catalogue", async () => {
    expect(await search('parcel')).toEqual([
      {
        kind: 'event_type',
        id: 'parcel.sent',
        title: 'parcel.sent',
        path: `${base}/event-types/parcel.sent`,
      },
    ]);
    const { app, key } = await api.createApp('scute');
    const types = await search('User.', key, app.id);
    expect(types.length).toBeGreaterThan(1);
    expect(types.every(({ kind, id }) => kind === 'event_type' && id.startsWith('user.'))).toBe(true);
  });

  it('gives twenty at most, of each kind some', async () => {
    const { app, key } = await api.createApp('standard');
    for (let n = 0; n < 25; n += 1) await api.createWebhook(app.id, { url: `${receiver.url}/x${n}` });
    await api.expect(201, 'POST', `/v1/apps/${app.id}/event-types`, { name: 'http.sent' });
    const found = await search('http', key, app.id);
    expect(found).toHaveLength(20);
    expect(found.filter(({ kind }) => kind === 'event_type')).toHaveLength(1);
  });

  it("gives only what the key's scopes may read", async () => {
    const events = await keyWith('events:read');
    const webhooks = await keyWith('webhooks:write');
    const { events: event = '', deliveries: delivery = '', webhooks: webhook = '', jobs: job = '' } = own.ids;
    for (const [id, may, mayNot] of [
      [event, events, webhooks],
      [delivery, events, webhooks],
      [webhook, webhooks, events],
      [job, webhooks, events],
      ['parcel.', webhooks, events],
    ] as const) {
      expect(await search(id, may)).toHaveLength(1);
      expect(await search(id, mayNot)).toEqual([]);
    }
  });

  it("gives nothing of another application's", async () => {
    const { app, key } = await api.createApp('standard');
    for (const id of Object.values(own.ids)) expect(await search(id, key, app.id)).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['an empty q', '?q='],
    ['spaces', '?q=%20%20'],
    ['more than 200 characters', `?q=${'a'.repeat(201)}`],
    ['a NUL', '?q=a%00b'],
    ['two of them', '?q=a&q=b'],
  ])('400: %s', async (_what, query) => {
    const { status, body } = await api.call<ProblemBody>('GET', `${base}/search${query}`);
    expect([status, body.code, body.errors?.[0]?.parameter]).toEqual([400, 'invalid_parameter', 'q']);
  });

  it('takes 200 characters of any kind', async () => {
    expect(await search("é\\%_'".repeat(40))).toEqual([]);
  });

  it('reads nothing without an index', async () => {
    const { db, plans } = await explaining(posthorn.databaseUrl);
    const { events = '', deliveries = '', webhooks = '', jobs = '' } = own.ids;
    await eventsByIdPrefix(db, own.id, events.slice(0, 6), 20);
    await findDelivery(db, own.id, deliveries);
    await endpointsByUrl(db, own.id, { text: 'hook', id: webhooks }, 20);
    await eventTypesByPrefix(db, own.id, 'parcel', 20);
    await jobById(db, own.id, jobs);
    expect(plans.length).toBeGreaterThanOrEqual(6);
    for (const plan of plans) expect(plan).not.toContain('Seq Scan');
  });
});

describe('in turns', () => {
  it('takes one of each list until there are enough', () => {
    expect(inTurns([[1, 2, 3, 4], [5], [6, 7]], 5)).toEqual([1, 5, 6, 2, 7]);
    expect(inTurns([], 3)).toEqual([]);
  });
});
