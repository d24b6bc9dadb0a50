import { beforeAll, describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../src/domain/delivery-id.js';
import type { Pool } from '../../src/store/database/pool.js';
import type { Attempt, Delivery, Event } from '../support/api-client.js';
import { openPool } from '../support/database.js';
import { allPages } from '../support/pages.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** No answer grows with what has become of an event: the newest is shown, the rest is listed. */

const ANSWER_BYTES = 20_000;

const posthorn = sharedPosthorn();
let receiver: Receiver;
let pool: Pool;
beforeAll(async () => {
  receiver = await Receiver.start();
  pool = openPool(posthorn.databaseUrl, 2);
});

/** An event that was delivered once, and resent so often, by so many workflows. */
async function givenResent(resends: number) {
  const { app } = await posthorn.api.createApp('standard');
  const webhook = await posthorn.api.createWebhook(app.id, { url: receiver.url });
  const submitted = await posthorn.api.submit(app.id, { event_type: 'a', data: 1 });
  const event = await posthorn.api.eventThatIs('delivered', app.id, submitted.id);
  const ids = Array.from({ length: resends }, (_, n) =>
    deliveryIdOf(new Date(event.created_at), `resend/${n}`, webhook.id),
  );
  await pool.query(
    `insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status,
       attempt_count, last_status_code, created_at, completed_at)
     select $1::timestamptz at time zone 'utc', id, $2, $3, 'a', $4, 'resend', 'resend/' || n, 'delivered', 1, 200,
       $1::timestamptz + n * interval '1 second', $1
     from unnest($5::uuid[]) with ordinality as resend (id, n)`,
    [event.created_at, app.id, event.id, webhook.id, ids],
  );
  return { app, event, ids, path: `/v1/apps/${app.id}` };
}

/** So many attempts of some deliveries, each answered with as many bytes as are kept. */
async function answer(event: Event, ids: readonly string[], attempts: number, text = 'x'): Promise<void> {
  await pool.query(
    `insert into attempts (day, delivery_id, number, started_at, duration_ms, status_code, slow, possibly_repeated,
       response_body)
     select $1::timestamptz at time zone 'utc', id, n, $1, 5, 500, false, false, repeat($4, $5 / length($4))
     from unnest($2::uuid[]) as id, generate_series(1, $3::int) n`,
    [event.created_at, ids, attempts, text, ANSWER_BYTES],
  );
}

describe('an event with many deliveries and attempts', () => {
  it('shows its newest hundred, and of each its newest twenty attempts, cut; the rest is listed', async () => {
    const { app, event, ids, path } = await givenResent(150);
    const newest = ids.slice(-3);
    await answer(event, newest, 30);

    const shown = await posthorn.api.event(app.id, event.id);
    expect(shown).toMatchObject({ status: 'delivered', deliveries_total: 151 });
    expect(shown.deliveries.map(({ id }) => id)).toEqual(ids.slice(-100));
    for (const { attempts, ...delivery } of shown.deliveries.slice(-3)) {
      expect(delivery).toMatchObject({ attempts_total: 30 });
      expect(attempts.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => n + 11));
      expect(attempts.map(({ response_body }) => response_body?.length)).toEqual(attempts.map(() => 2_000));
    }
    expect(JSON.stringify(shown).length).toBeLessThan(300_000);

    const id = newest[0] ?? '';
    const { delivery } = await posthorn.api.expect<{ delivery: Delivery }>(
      200,
      'GET',
      `${path}/deliveries/${id}`,
    );
    expect(delivery).toMatchObject({ id, attempts_total: 30 });
    expect(delivery.attempts?.map(({ response_body }) => response_body?.length)).toEqual(
      Array.from({ length: 30 }, () => ANSWER_BYTES),
    );
    const attempts = await allPages<Attempt>(posthorn.api, `${path}/deliveries/${id}/attempts`, 'attempts', {
      limit: '12',
    });
    expect(attempts.map(({ length }) => length)).toEqual([12, 12, 6]);
    expect(attempts.flat()).toEqual(delivery.attempts?.toReversed());
    const deliveries = await allPages<Delivery>(posthorn.api, `${path}/deliveries`, 'deliveries', {
      event_id: event.id,
    });
    const all = [event.deliveries[0]?.id, ...ids];
    expect(deliveries.flat().map((each) => each.id)).toEqual(all.toReversed());
  });

  it('shows answers whole while all of it is small, and cuts those that only JSON makes large', async () => {
    const { app, event, ids } = await givenResent(3);
    const lengths = async () =>
      (await posthorn.api.event(app.id, event.id)).deliveries
        .slice(-3)
        .flatMap(({ attempts }) => attempts.map(({ response_body }) => response_body?.length));
    await answer(event, ids, 2);
    expect(await lengths()).toEqual(Array.from({ length: 6 }, () => ANSWER_BYTES));
    await pool.query(
      `update attempts set response_body = repeat(chr(1), 30000) where delivery_id = any ($1)`,
      [ids],
    );
    expect(await lengths()).toEqual(Array.from({ length: 6 }, () => 2_000));
  });
});

describe('an event that was resent a thousand times', () => {
  it('is resent no more: 409; the last time is still answered as it was', { timeout: 60_000 }, async () => {
    const { app, event, path } = await givenResent(999);
    const resend = `${path}/events/${event.id}/resend`;
    const headers = { 'Idempotency-Key': 'the last' };
    const last = await posthorn.api.call<{ deliveries: Delivery[] }>('POST', resend, { headers });
    expect(last).toMatchObject({ status: 202, body: { deliveries: [{ trigger: 'resend' }] } });
    const isOver = ({ deliveries }: Required<Event>) =>
      deliveries.every(({ completed_at }) => completed_at !== null);
    await posthorn.api.eventWhen(app.id, event.id, isOver);

    expect(await posthorn.api.call('POST', resend)).toMatchObject({
      status: 409,
      body: { code: 'resend_limit_reached' },
    });
    const again = await posthorn.api.call<{ deliveries: Delivery[] }>('POST', resend, { headers });
    expect(again.status).toBe(202);
    expect(again.body.deliveries[0]?.id).toBe(last.body.deliveries[0]?.id);
  });
});
