import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../src/domain/delivery-id.js';
import { DAY_MS, dayOf } from '../../src/domain/day.js';
import { ensurePartitions, partitionOf } from '../../src/store/database/partitions.js';
import type { Pool } from '../../src/store/database/pool.js';
import type { Delivery, Event, ProblemBody } from '../support/api-client.js';
import { fillDay } from '../support/bulk-log.js';
import { connectTo, openPool } from '../support/database.js';
import { allPages } from '../support/pages.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Lists find what is asked for, whatever is not; and what they take, they take from nobody else. */

const OLD_DAY = dayOf(new Date(Date.now() - 3 * DAY_MS));

const posthorn = sharedPosthorn({ databaseConnections: 20 });
const { api } = posthorn;
let receiver: Receiver;
let pool: Pool;
beforeAll(async () => {
  receiver = await Receiver.start();
  pool = openPool(posthorn.databaseUrl, 2);
  await ensurePartitions(pool, new Date(OLD_DAY), 1);
});

/** Two events whose first attempts are under way: one that was made with the opening, one by the queue. */
async function givenInFirstAttempt(appId: string, endpointId: string): Promise<void> {
  for (const queued of [false, true]) {
    const now = new Date();
    const id = `msg_${randomUUID()}`;
    const day = dayOf(now);
    await pool.query(
      `insert into events (day, app_id, id, event_type, body, created_at) values ($1, $2, $3, 'slow', '{}', $4)`,
      [day, appId, id, now],
    );
    await pool.query(
      `insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
         attempt_count, attempt_started_at, queued, created_at)
       values ($1, $2, $3, $4, 'slow', $5, 'event', $6, 'processing', 1, $8, $7, $8)`,
      [day, deliveryIdOf(now, id, endpointId), appId, id, endpointId, `event/${appId}/${id}`, queued, now],
    );
  }
}

describe('a list with a filter', () => {
  it(
    'has what fits and nothing else, page by page, of every day and in every state',
    { timeout: 60_000 },
    async () => {
      const { app } = await api.createApp('standard');
      const path = `/v1/apps/${app.id}`;
      const failing = await Receiver.start(500);
      const [good] = await Promise.all([
        api.createWebhook(app.id, { url: receiver.url, event_types: ['good', 'user.created'] }),
        api.createWebhook(app.id, { url: failing.url, event_types: ['retrying'], schedule: [86_400] }),
        api.createWebhook(app.id, { url: failing.url, event_types: ['failing'], schedule: [] }),
        api.createWebhook(app.id, { url: receiver.url, event_types: ['good'] }),
        api.createWebhook(app.id, { url: receiver.url, event_types: ['held'], enabled: false }),
      ]);
      const days = { appId: app.id, endpointId: good.id, day: OLD_DAY };
      await fillDay(pool, { ...days, events: 60, failed: 7, cancelled: 11, retrying: 13, unmatched: 5 });
      const states: [type: string, is: (event: Required<Event>) => boolean][] = [
        ['retrying', ({ deliveries }) => Boolean(deliveries[0]?.next_attempt_at)],
        ['failing', ({ status }) => status === 'failed'],
        ['nobody.wants.it', ({ status }) => status === 'unmatched'],
        ['held', ({ deliveries }) => deliveries[0]?.reason === 'endpoint_disabled'],
        ['later', ({ status }) => status === 'unmatched'],
      ];
      for (const [event_type, is] of states) {
        const { id } = await api.submit(app.id, { event_type, data: 1 });
        await api.eventWhen(app.id, id, is);
      }
      const deliverAt = new Date(Date.now() + DAY_MS).toISOString();
      const scheduled = await api.submit(app.id, { event_type: 'good', data: 1, deliver_at: deliverAt });
      await api.eventWhen(app.id, scheduled.id, ({ deliveries }) => deliveries.length === 2);
      await givenInFirstAttempt(app.id, good.id);

      async function list<T>(of: string, query: Record<string, string> = {}) {
        return (await allPages<T>(api, `${path}/${of}`, of, { limit: '4', ...query })).flat();
      }
      const events = await list<Event>('events');
      expect(events).toHaveLength(60 + 6 + 2);
      for (const status of ['pending', 'failed', 'cancelled', 'delivered', 'unmatched']) {
        const wanted = events.filter((event) => event.status === status);
        expect([status, wanted.length > 0]).toEqual([status, true]);
        expect([status, await list<Event>('events', { status })]).toEqual([status, wanted]);
        const until = wanted[1]?.created_at ?? '';
        const older = wanted.filter(({ created_at }) => created_at < until);
        expect(await list<Event>('events', { status, until })).toEqual(older);
        const since = { status, since: until };
        expect(await list<Event>('events', since)).toEqual(wanted.filter((each) => !older.includes(each)));
      }
      expect(await list<Event>('events', { status: 'pending', event_type: 'held' })).toEqual(
        events.filter(({ event_type }) => event_type === 'held'),
      );

      const deliveries = await list<Delivery>('deliveries');
      const times = deliveries.map(({ created_at }) => created_at);
      expect(times).toEqual(times.toSorted().toReversed());
      // Of each event what it has, but for those that match nothing.
      expect(deliveries).toHaveLength(60 - 12 + 3 + 2 + 2);
      const filters: [query: Record<string, string>, fits: (delivery: Delivery) => boolean][] = [
        ...['pending', 'processing', 'delivered', 'failed'].map(
          (status) => [{ status }, (each: Delivery) => each.status === status] as const,
        ),
        ...['scheduled', 'endpoint_disabled', 'exhausted', 'cancelled'].map(
          (reason) => [{ reason }, (each: Delivery) => each.reason === reason] as const,
        ),
        [{ webhook_id: good.id }, ({ webhook_id }) => webhook_id === good.id],
        [
          { webhook_id: good.id, status: 'failed' },
          (each) => each.webhook_id === good.id && each.status === 'failed',
        ],
        [{ event_id: scheduled.id }, ({ event_id }) => event_id === scheduled.id],
        [{ event_type: 'slow' }, ({ event_type }) => event_type === 'slow'],
        [{ trigger: 'event' }, () => true],
      ] as [Record<string, string>, (delivery: Delivery) => boolean][];
      for (const [query, fits] of filters) {
        const wanted = deliveries.filter(fits);
        expect([query, wanted.length > 0]).toEqual([query, true]);
        expect([query, await list<Delivery>('deliveries', query)]).toEqual([query, wanted]);
      }
      expect(await list<Delivery>('deliveries', { event_id: 'msg_unknown' })).toEqual([]);
    },
  );

  it('has a resend of an old event first', async () => {
    const { app } = await api.createApp('standard');
    const webhook = await api.createWebhook(app.id, { url: receiver.url });
    await fillDay(pool, { appId: app.id, endpointId: webhook.id, day: OLD_DAY, events: 3 });
    const { events } = await api.expect<{ events: Event[] }>(200, 'GET', `/v1/apps/${app.id}/events`);
    const old = events.at(-1)?.id ?? '';
    await pool.query(
      `insert into event_keys (app_id, event_id, content_hash, day, opened_by) values ($1, $2, '', $3, '')`,
      [app.id, old, OLD_DAY],
    );
    await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${old}/resend`);
    const { deliveries } = await api.expect<{ deliveries: Delivery[] }>(
      200,
      'GET',
      `/v1/apps/${app.id}/webhooks/${webhook.id}/deliveries?limit=2`,
    );
    expect(deliveries[0]).toMatchObject({ event_id: old, trigger: 'resend' });
  });
});

describe('twenty-five lists at once that take too long', () => {
  it(
    'are given up or refused; deliveries, submissions and the lists of others go on',
    { timeout: 90_000 },
    async () => {
      const [hostile, other] = await Promise.all([api.createApp('standard'), api.createApp('standard')]);
      const webhook = await api.createWebhook(other.app.id, { url: receiver.url });
      await fillDay(pool, { appId: hostile.app.id, endpointId: webhook.id, day: OLD_DAY, events: 10 });
      // As if reading that day took for ever.
      const client = await connectTo(posthorn.databaseUrl);
      await client.query('begin');
      await client.query(`lock table ${partitionOf('events', OLD_DAY)} in access exclusive mode`);
      const began = Date.now();
      const lists = Array.from({ length: 25 }, () =>
        api.call<ProblemBody>('GET', `/v1/apps/${hostile.app.id}/events?event_type=none`, {
          key: hostile.key,
        }),
      );
      for (let n = 0; n < 5; n += 1) {
        const { id } = await api.submit(other.app.id, { event_type: 'a', data: n });
        await api.eventThatIs('delivered', other.app.id, id, 10_000);
      }
      const path = `/v1/apps/${other.app.id}/webhooks`;
      expect((await api.call('GET', path, { key: other.key })).status).toBe(200);
      const answers = await Promise.all(lists);
      // Each within 3 s, and the machine may have much else to do.
      expect(Date.now() - began).toBeLessThan(20_000);
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(9);
      for (const { headers } of refused) expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      const givenUp = answers.filter((each) => !refused.includes(each));
      expect(givenUp.map(({ status, body }) => [status, body.code])).toEqual(
        Array.from({ length: 16 }, () => [503, 'took_too_long']),
      );
      await client.query('commit');
      const again = await api.call('GET', `/v1/apps/${hostile.app.id}/events?event_type=none`, {
        key: hostile.key,
      });
      expect(again).toMatchObject({ status: 200, body: { events: [] } });
    },
  );
});
