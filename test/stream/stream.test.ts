import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Pool } from '../../src/store/database/pool.js';
import { CHANNEL } from '../../src/store/changes/changes.js';
import type { Delivery, Event, Job, ProblemBody, Webhook } from '../support/api-client.js';
import { connectTo, openPool } from '../support/database.js';
import { Receiver } from '../support/receiver.js';
import { StreamListener } from '../support/stream.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What happens is told as it happens: each with the view that its route gives, and only to those who may see that. */

const posthorn = sharedPosthorn();
const { api } = posthorn;
let receiver: Receiver;
let pool: Pool;
beforeAll(async () => {
  receiver = await Receiver.start();
  pool = openPool(posthorn.databaseUrl, 1);
});

async function given(webhook: Record<string, unknown> = {}) {
  const { app, key } = await api.createApp('standard');
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  return { app, key, endpoint, base: `/v1/apps/${app.id}` };
}

const listen = (appId: string, key: string, query = '', headers: Record<string, string> = {}) =>
  StreamListener.open(`${api.url}/v1/apps/${appId}/stream${query}`, key, headers);

async function keyWith(appId: string, ...scopes: string[]): Promise<{ id: string; key: string }> {
  const path = `/v1/apps/${appId}/keys`;
  const answer = await api.expect<{ api_key: { id: string; key: string } }>(201, 'POST', path, { scopes });
  return answer.api_key;
}

const of = <T>(data: Record<string, unknown>, member: string) => data[member] as T;
const isDelivery = (is: (delivery: Delivery) => boolean) => (data: Record<string, unknown>) =>
  is(of<Delivery>(data, 'delivery'));

describe('a stream', () => {
  it('tells of an event, its deliveries and its attempts, as their routes show them', async () => {
    const { app, key, base } = await given();
    const stream = await listen(app.id, key);
    expect(stream.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: 1 });
    const accepted = await stream.gets('event.accepted');
    expect(of<Event>(accepted.data, 'event')).toMatchObject({
      id,
      app_id: app.id,
      event_type: 'user.created',
    });
    const delivered = await stream.gets(
      'delivery.updated',
      isDelivery(({ status }) => status === 'delivered'),
    );
    const { delivery } = await api.expect<{ delivery: Delivery }>(
      200,
      'GET',
      `${base}/deliveries/${of<Delivery>(delivered.data, 'delivery').id}`,
    );
    expect(delivery).toMatchObject(delivered.data.delivery as object);
    const finished = await stream.gets('attempt.finished');
    expect(finished.data).toEqual({
      attempt: delivery.attempts?.[0],
      delivery_id: delivery.id,
      event_id: id,
      webhook_id: delivery.webhook_id,
    });
    expect(new Set(stream.messages.map((each) => each.id)).size).toBe(stream.messages.length);
  });

  it('tells of an event that matches no endpoint', async () => {
    const { app, key } = await given({ event_types: ['other'] });
    const stream = await listen(app.id, key);
    await api.submit(app.id, { event_type: 'user.created', data: 1 });
    const { data } = await stream.gets('event.accepted');
    expect(of<Event>(data, 'event').status).toBe('unmatched');
  });

  it('tells of a delivery that is held, let go and cancelled', async () => {
    const { app, key, endpoint, base } = await given();
    const stream = await listen(app.id, key);
    await api.expect(200, 'POST', `${base}/webhooks/${endpoint.id}/pause`);
    await stream.gets('webhook.updated', (data) => of<Webhook>(data, 'webhook').status === 'paused');
    await api.submit(app.id, { event_type: 'a', data: 1 });
    await stream.gets(
      'delivery.updated',
      isDelivery(({ reason }) => reason === 'endpoint_paused'),
    );
    await api.expect(200, 'POST', `${base}/webhooks/${endpoint.id}/resume`);
    await stream.gets(
      'delivery.updated',
      isDelivery(({ status }) => status === 'delivered'),
    );
    const deliver_at = new Date(Date.now() + 3_600_000).toISOString();
    const later = await api.submit(app.id, { event_type: 'a', data: 1, deliver_at });
    await stream.gets(
      'delivery.updated',
      isDelivery(({ reason }) => reason === 'scheduled'),
    );
    await api.expect(202, 'POST', `${base}/events/${later.id}/cancel`);
    await stream.gets(
      'delivery.updated',
      isDelivery(({ reason }) => reason === 'cancelled'),
    );
  });

  it('tells of endpoints and recoveries', { timeout: 40_000 }, async () => {
    const { app, key, endpoint, base } = await given();
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.eventThatIs('delivered', app.id, id);
    const stream = await listen(app.id, key, '?kinds=webhook.updated,job.updated');
    await api.expect(200, 'PATCH', `${base}/webhooks/${endpoint.id}`, { webhook: { description: 'x' } });
    const { data } = await stream.gets('webhook.updated');
    expect(of<Webhook>(data, 'webhook')).toMatchObject({ id: endpoint.id, description: 'x' });
    const recover = { since: new Date(Date.now() - 60_000).toISOString(), status: 'all' };
    await api.expect(202, 'POST', `${base}/webhooks/${endpoint.id}/recover`, recover);
    const done = await stream.gets('job.updated', (each) => of<Job>(each, 'job').status === 'completed');
    expect(done.data).toMatchObject({ webhook_id: endpoint.id, job: { total: 1, done: 1 } });
    expect(new Set(stream.messages.map(({ type }) => type))).toEqual(
      new Set(['webhook.updated', 'job.updated']),
    );
  });

  it('has what its kinds, its endpoint and its event are, and what the key may read', async () => {
    const { app, key, endpoint } = await given();
    const other = await api.createWebhook(app.id, { url: receiver.url });
    const reader = await keyWith(app.id, 'webhooks:read');
    const id = `order-${randomUUID()}`;
    const [all, attempts, ofEndpoint, ofEvent, ofReader] = await Promise.all([
      listen(app.id, key),
      listen(app.id, key, '?kinds=attempt.finished'),
      listen(app.id, key, `?webhook_id=${endpoint.id}`),
      listen(app.id, key, `?event_id=${id}`),
      listen(app.id, reader.key),
    ]);
    await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.submit(app.id, { id, event_type: 'a', data: 1 });
    await api.expect(200, 'PATCH', `/v1/apps/${app.id}/webhooks/${endpoint.id}`, {
      webhook: { description: 'x' },
    });
    await ofReader.gets('webhook.updated');
    for (const webhook of [endpoint, other]) {
      await all.gets(
        'attempt.finished',
        ({ event_id, webhook_id }) => event_id === id && webhook_id === webhook.id,
      );
    }
    await attempts.gets(
      'attempt.finished',
      ({ event_id, webhook_id }) => event_id === id && webhook_id === other.id,
    );
    await ofEndpoint.gets('attempt.finished', ({ event_id }) => event_id === id);
    await ofEvent.gets('attempt.finished');
    expect(new Set(attempts.messages.map(({ type }) => type))).toEqual(new Set(['attempt.finished']));
    expect(ofEndpoint.messages.every(({ data }) => JSON.stringify(data).includes(endpoint.id))).toBe(true);
    expect(JSON.stringify(ofEndpoint.messages)).not.toContain(other.id);
    expect(ofEvent.messages.every(({ data }) => JSON.stringify(data).includes(id))).toBe(true);
    expect(new Set(ofReader.messages.map(({ type }) => type))).toEqual(new Set(['webhook.updated']));
  });

  it("tells nothing of another application's", async () => {
    const [ours, theirs] = await Promise.all([given(), given()]);
    const [stream, other] = await Promise.all([
      listen(ours.app.id, ours.key),
      listen(theirs.app.id, theirs.key),
    ]);
    await api.submit(theirs.app.id, { event_type: 'a', data: 1 });
    await other.gets('attempt.finished');
    await api.submit(ours.app.id, { event_type: 'a', data: 1 });
    await stream.gets('attempt.finished');
    expect(JSON.stringify(stream.messages)).not.toContain(theirs.endpoint.id);
    expect(JSON.stringify(stream.messages)).not.toContain(theirs.app.id);
  });

  it('tells in one process what another one did', async () => {
    const { app, key } = await given();
    const beside = await posthorn.beside({ parts: { api: true, worker: false } });
    const stream = await StreamListener.open(`${beside.api.url}/v1/apps/${app.id}/stream`, key);
    // The others look once a second whom to tell.
    await expect
      .poll(
        async () => {
          await api.submit(app.id, { event_type: 'a', data: 1 });
          return stream.messages.length;
        },
        { timeout: 10_000, interval: 300 },
      )
      .toBeGreaterThan(0);
  });
});

describe('a listener that comes again', () => {
  it('goes on after what it had last', async () => {
    const { app, key } = await given();
    const first = await listen(app.id, key);
    await api.submit(app.id, { event_type: 'a', data: 1 });
    const { id: last } = await first.gets('event.accepted');
    const { id: finished } = await first.gets('attempt.finished');
    await first.leave();
    const again = await listen(app.id, key, '', { 'Last-Event-ID': last });
    expect((await again.gets('attempt.finished')).id).toBe(finished);
    expect(again.messages.map(({ id }) => id)).not.toContain(last);
    expect(again.messages.map(({ type }) => type)).not.toContain('missed');
  });

  it.each(['unknown', '1764492000000-1-00000000', ''])(
    'is told that it has missed something, where %j is not known',
    async (lastId) => {
      const { app, key } = await given();
      const stream = await listen(app.id, key, '', { 'Last-Event-ID': lastId });
      const { id } = await stream.gets('missed');
      await stream.leave();
      // From that on it knows.
      const again = await listen(app.id, key, '', { 'Last-Event-ID': id });
      await api.submit(app.id, { event_type: 'a', data: 1 });
      await again.gets('attempt.finished');
      expect(again.messages.map(({ type }) => type)).not.toContain('missed');
    },
  );
});

describe('a process that may have missed something', () => {
  const hearing = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'posthorn stream'`;

  it('says so, and goes on', async () => {
    const { app, key } = await given();
    const stream = await listen(app.id, key);
    await pool.query(hearing);
    await stream.gets('missed');
    await api.submit(app.id, { event_type: 'a', data: 1 });
    await stream.gets('attempt.finished');
  });

  it('says so when there was too much to tell of', async () => {
    const { app, key } = await given();
    const stream = await listen(app.id, key);
    await pool.query(`select pg_notify($1, $2)`, [
      CHANNEL,
      JSON.stringify([{ kind: 'many', appId: app.id }]),
    ]);
    await stream.gets('missed');
  });
});

describe('a stream ends', () => {
  it('within two seconds of the revocation of its key', async () => {
    const { app } = await given();
    const { id, key } = await keyWith(app.id, 'events:read');
    const stream = await listen(app.id, key);
    await api.expect(204, 'DELETE', `/v1/apps/${app.id}/keys/${id}`);
    const revokedAt = Date.now();
    await stream.ended;
    expect(Date.now() - revokedAt).toBeLessThan(2_000);
  });

  it('with its application', async () => {
    const { app } = await given();
    const stream = await listen(app.id, posthorn.adminKey);
    await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    await stream.ended;
  });

  it('when its process stops, which does not wait for it', async () => {
    const { app, key } = await given();
    const beside = await posthorn.beside({ parts: { api: true, worker: false } });
    const stream = await StreamListener.open(`${beside.api.url}/v1/apps/${app.id}/stream`, key);
    const begun = Date.now();
    await beside.stop();
    await stream.ended;
    expect(Date.now() - begun).toBeLessThan(5_000);
  });
});

describe('the limits of streams', () => {
  it('are five a key', async () => {
    const { app, key } = await given();
    const other = await keyWith(app.id, 'events:read');
    const open = await Promise.all(Array.from({ length: 5 }, () => listen(app.id, key)));
    const sixth = await api.call<ProblemBody>('GET', `/v1/apps/${app.id}/stream`, { key });
    expect([sixth.status, sixth.body.code, sixth.headers['retry-after']]).toEqual([
      429,
      'too_many_requests',
      '1',
    ]);
    expect((await listen(app.id, other.key)).status).toBe(200);
    await open[0]?.leave();
    await expect.poll(async () => (await listen(app.id, key)).status, { timeout: 5_000 }).toBe(200);
  });

  it('are two hundred a process', { timeout: 60_000 }, async () => {
    const { app } = await given();
    const beside = await posthorn.beside({ parts: { api: true, worker: false } });
    const keys = await Promise.all(Array.from({ length: 41 }, () => keyWith(app.id, 'events:read')));
    const [last, ...others] = keys.map(({ key }) => key);
    const path = `/v1/apps/${app.id}/stream`;
    const openAll = others.flatMap((key) =>
      Array.from({ length: 5 }, () => StreamListener.open(`${beside.api.url}${path}`, key)),
    );
    const open = await Promise.all(openAll);
    expect(open.map(({ status }) => status)).toEqual(Array(200).fill(200));
    const refused = await beside.api.call<ProblemBody>('GET', path, { key: last ?? '' });
    expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([
      503,
      'overloaded',
      '2',
    ]);
    await api.submit(app.id, { event_type: 'a', data: 1 });
    await Promise.all(open.map((stream) => stream.gets('attempt.finished')));
  });

  it.each([
    ['kinds', 'event.deleted'],
    ['kinds', ''],
    ['webhook_id', 'x'],
    ['event_id', 'a b'],
  ])('400: %s=%s', async (parameter, value) => {
    const { app } = await given();
    const path = `/v1/apps/${app.id}/stream?${parameter}=${encodeURIComponent(value)}`;
    const { status, body } = await api.call<ProblemBody>('GET', path);
    expect([status, body.errors?.[0]?.parameter]).toEqual([400, parameter]);
  });
});

describe('while nobody listens', () => {
  it('nothing is told', async () => {
    const client = await connectTo(posthorn.databaseUrl);
    const told: string[] = [];
    client.on('notification', ({ payload = '' }) => told.push(payload));
    await client.query(`listen ${CHANNEL}`);
    const { app } = await given();
    await pool.query('delete from watchers');
    // Processes look once a second.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const { id } = await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.eventThatIs('delivered', app.id, id);
    await client.query('select 1');
    expect(told).toEqual([]);
  });
});
