import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook as Verifier } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { ownWorkflow, type Event, type ProblemBody } from '../support/api-client.js';
import { connectTo, waitingForLocks } from '../support/database.js';
import { Receiver } from '../support/receiver.js';
import { sharedOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const encryptionKey = randomBytes(32);
const posthorn = sharedPosthorn({ encryptionKey });
const { api } = posthorn;
const operator = sharedOperator();

async function setUp(profile = 'standard', webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp(profile);
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const path = `/v1/apps/${app.id}/events`;
  const send = (events: readonly unknown[], headers: Record<string, string> = {}) =>
    api.call<{ events: Event[] }>('POST', `${path}/batch`, { body: { events }, headers });
  return {
    receiver,
    app,
    endpoint,
    path,
    send,
    refused: async (events: readonly unknown[]) => {
      const { status, body } = await send(events);
      return { ...(body as unknown as ProblemBody), status };
    },
    /** The events of a batch, when they are in the log: it is answered before on a very busy machine. */
    accepted: async (events: readonly unknown[]) => {
      const { status, body } = await send(events);
      expect(status).toBe(202);
      const last = body.events.at(-1)?.id;
      const known = async () => (await api.call('GET', `${path}/${last}`)).status;
      await expect.poll(known, { timeout: 60_000 }).toBe(200);
      return body.events;
    },
    /** One that is delivered, so that the endpoint has earned the fast path. */
    earn: async () => {
      const event = await api.submit(app.id, { event_type: 'warm.up', data: {} });
      await api.eventThatIs('delivered', app.id, event.id);
      receiver.received.length = 0;
    },
    list: async () => (await api.expect<{ events: Event[] }>(200, 'GET', path)).events,
    delivered: (id: string, patienceMs?: number) => api.eventThatIs('delivered', app.id, id, patienceMs),
  };
}
const tick = (more: Record<string, unknown> = {}) => ({ event_type: 'tick', data: {}, ...more });
const ticks = (count: number) => Array.from({ length: count }, (_, n) => tick({ data: { n } }));
const uuids = (count: number) => Array.from({ length: count }, () => `msg_${randomUUID()}`);
const workflowOf = (event: Event) => operator.client.workflow.getHandle(ownWorkflow(event));

describe('a batch', () => {
  it('is answered with its events in order, all known at once, and delivers each once, signed', async () => {
    const { receiver, endpoint, app, send, delivered, earn } = await setUp();
    await earn();
    const id = `msg_${randomUUID()}`;
    const { status, body } = await send([
      tick({ data: { n: 0 } }),
      tick({ id }),
      tick({ event_type: 'tock' }),
    ]);
    expect(status).toBe(202);
    const { events } = body;
    expect(events.map(({ event_type }) => event_type)).toEqual(['tick', 'tick', 'tock']);
    expect(events[1]?.id).toBe(id);
    expect(new Set(events.map((event) => event.created_at)).size).toBe(1);
    for (const event of events) {
      expect(await api.event(app.id, event.id)).toMatchObject({ event_type: event.event_type });
      expect((await delivered(event.id)).deliveries).toMatchObject([
        { status: 'delivered', attempt_count: 1, attempts: [{ number: 1, possibly_repeated: false }] },
      ]);
    }
    const received = await receiver.gets(3);
    const verifier = new Verifier(endpoint.secret);
    for (const { body, headers } of received) verifier.verify(body, headers as Record<string, string>);
    expect(received.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(
      events.map((event) => event.id).toSorted(),
    );
  });

  it('that an endpoint takes at once is one workflow', async () => {
    const { app, accepted, delivered, earn } = await setUp();
    await earn();
    const events = await accepted(ticks(5));
    for (const { id } of events) await delivered(id);
    const ofApp = async () => {
      const types: string[] = [];
      const query = `PosthornApp = '${app.id}'`;
      for await (const { type } of operator.client.workflow.list({ query })) types.push(type);
      return types.toSorted();
    };
    await expect.poll(ofApp).toEqual(['deliverBatch', 'deliverEvent']);
  });

  it('of a thousand goes to an endpoint that nothing was known of, each event once', async () => {
    const { receiver, path, accepted } = await setUp();
    const events = await accepted(ticks(1_000));
    const received = await receiver.gets(1_000);
    await expect
      .poll(() => api.expect<{ events: Event[] }>(200, 'GET', `${path}?status=pending`))
      .toMatchObject({ events: [] });
    expect(received.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(
      events.map(({ id }) => id).toSorted(),
    );
  }, 120_000);

  it('goes to every endpoint that an event matches, and to none for one that matches none', async () => {
    const { receiver, app, accepted, delivered } = await setUp('standard', { event_types: ['a'] });
    const other = await Receiver.start();
    await api.createWebhook(app.id, { url: other.url, event_types: ['a', 'b'] });
    const events = await accepted(['a', 'b', 'c'].map((event_type) => tick({ event_type })));
    expect((await delivered(events[0]?.id ?? '')).deliveries).toHaveLength(2);
    expect((await delivered(events[1]?.id ?? '')).deliveries).toHaveLength(1);
    expect(await api.event(app.id, events[2]?.id ?? '')).toMatchObject({
      status: 'unmatched',
      deliveries: [],
    });
    expect([receiver.received.length, other.received.length]).toEqual([1, 2]);
  });
});

describe('an event that its batch has opened and not carried on', () => {
  /** One that has failed with its batch, which runs, or has ended without carrying it on. */
  async function left(isRunning: boolean) {
    const stage = await setUp();
    await stage.earn();
    const [accepting] = await stage.accepted([tick()]);
    const event = await stage.delivered(accepting?.id ?? '');
    // Delivered with its batch, it has no workflow: nor has one that failed, until the batch has carried it on.
    const log = await connectTo(posthorn.databaseUrl);
    await log.query(
      `update deliveries set status = 'failed', completed_at = null, next_attempt_at = now() + interval '1 hour'
       where id = $1`,
      [event.deliveries[0]?.id],
    );
    const workflowId = `batch/${stage.app.id}/${randomUUID()}`;
    if (isRunning) {
      await operator.client.workflow.start('deliverBatch', { workflowId, taskQueue: 'nobodys', args: [] });
      await log.query('update event_keys set opened_by = $2 where event_id = $1', [event.id, workflowId]);
    } else {
      const { rows } = await log.query<{ opened_by: string }>(
        'select opened_by from event_keys where event_id = $1',
        [event.id],
      );
      await operator.client.workflow.getHandle(rows[0]?.opened_by ?? '').result();
    }
    const ask = (route: string) => api.call<ProblemBody>('POST', `/v1/apps/${stage.app.id}/${route}`);
    return {
      ...stage,
      event,
      end: () => operator.client.workflow.getHandle(workflowId).terminate(),
      cancel: () => ask(`events/${event.id}/cancel`),
      retry: () => ask(`deliveries/${event.deliveries[0]?.id}/retry`),
    };
  }

  it('answers 503 being_opened to cancel and retry while the batch runs', async () => {
    const { cancel, retry, end } = await left(true);
    for (const ask of [cancel, retry]) {
      expect(await ask()).toMatchObject({ status: 503, body: { code: 'being_opened' } });
    }
    await end();
    expect((await cancel()).status).toBe(202);
  });

  it('is carried on by a retry when the batch has ended, and cancelled by a cancellation', async () => {
    const retried = await left(false);
    expect((await retried.retry()).status).toBe(202);
    await retried.receiver.gets(2);
    await retried.delivered(retried.event.id);
    const cancelled = await left(false);
    expect(await cancelled.cancel()).toMatchObject({ status: 202, body: { event: { status: 'cancelled' } } });
    expect(await cancelled.cancel()).toMatchObject({ status: 409, body: { code: 'already_finished' } });
    expect(cancelled.receiver.received).toHaveLength(1);
  });
});

describe('all or nothing:', () => {
  it.each([
    ['no event', [], '/events'],
    ['a form that is wrong', [tick(), { event_type: 'tick' }], '/events/1/data'],
    ['a member that is not known', [tick(), tick({ extra: 1 })], '/events/1/extra'],
    ['an expiry in the past', [tick(), tick({ expires_at: '2020-01-01T00:00:00Z' })], '/events/1/expires_at'],
    ['the same id twice', [tick({ id: 'msg_1' }), tick(), tick({ id: 'msg_1' })], '/events/2/id'],
    ['more than a thousand', ticks(1_001), '/events'],
  ])('%s is 422', async (_what, events, pointer) => {
    const { refused, list } = await setUp();
    const { status, errors } = await refused(events);
    expect({ status, errors }).toMatchObject({ status: 422, errors: [{ pointer }] });
    expect(await list()).toEqual([]);
  });

  it('types and data that are not valid are 422, each with its pointer', async () => {
    const { app, refused, list } = await setUp('scute');
    await api.expect(201, 'POST', `/v1/apps/${app.id}/event-types`, {
      name: 'order.paid',
      schema: { type: 'object', properties: { cents: { type: 'integer' } }, required: ['cents'] },
    });
    const { status, errors } = await refused([
      tick({ event_type: 'user.created' }),
      tick({ event_type: 'nobody.knows' }),
      tick({ event_type: 'order.paid', data: { cents: 1.5 } }),
    ]);
    expect(status).toBe(422);
    expect(errors).toMatchObject([{ pointer: '/events/1/event_type' }, { pointer: '/events/2/data/cents' }]);
    expect(await list()).toEqual([]);
  });

  it('of a thousand events that are not valid it tells of the first twenty', async () => {
    const { refused } = await setUp('scute');
    const { status, detail, errors } = await refused(
      Array.from({ length: 1_000 }, () => tick({ event_type: 'nobody.knows' })),
    );
    expect(status).toBe(422);
    expect(errors?.map(({ pointer }) => pointer)).toEqual(
      Array.from({ length: 20 }, (_, index) => `/events/${index}/event_type`),
    );
    expect(detail.length).toBeLessThan(10_000);
  });

  it('an id that has just been given to another content is 409, singly and in a batch', async () => {
    const { app, send, refused } = await setUp();
    const other = async (id?: string) => {
      const single = await api.call('POST', `/v1/apps/${app.id}/events`, { body: tick({ id, data: 3 }) });
      return [(await refused([tick(), tick({ id, data: 2 })])).status, single.status];
    };
    for (const id of uuids(10)) {
      await api.submit(app.id, tick({ id, data: 1 }));
      expect(await other(id)).toEqual([409, 409]);
    }
    for (const id of uuids(10)) {
      expect((await send([tick({ id, data: 1 })])).status).toBe(202);
      expect(await other(id)).toEqual([409, 409]);
    }
  });

  it('of several contents for an id at the same time one is accepted', async () => {
    const { app, send } = await setUp();
    for (const id of uuids(10)) {
      const answers = await Promise.all([
        send([tick({ id, data: 1 }), tick()]),
        send([tick(), tick({ id, data: 2 })]),
        api.call('POST', `/v1/apps/${app.id}/events`, { body: tick({ id, data: 3 }) }),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409]);
    }
  });

  it('an id that another process gives to another content meanwhile is 409, when that is seen', async () => {
    const { receiver, app, send, earn } = await setUp();
    await earn();
    const [id] = uuids(1);
    const other = await connectTo(posthorn.databaseUrl);
    await other.query('begin; lock table event_keys in exclusive mode');
    const answer = send([tick({ id }), tick()]);
    await expect.poll(() => waitingForLocks(posthorn.databaseUrl)).toBe(1);
    await other.query(
      `insert into event_keys (app_id, event_id, content_hash, day, opened_by)
       values ($1, $2, 'another', now() at time zone 'utc', 'another')`,
      [app.id, id],
    );
    await other.query('commit');
    const { status, body } = await answer;
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'event_conflict', errors: [{ pointer: '/events/0/id' }] });
    const received = await receiver.gets(1);
    expect(received.map(({ headers }) => headers['webhook-id'])).not.toContain(id);
    const lost = posthorn.log.filter((line) => line.includes('is not delivered: another one has its id'));
    expect(lost.map((line) => (JSON.parse(line) as { event_id: string }).event_id)).toEqual([id]);
  });

  it('ids that belong to events with other content are 409, each with its pointer', async () => {
    const { app, refused, list, delivered } = await setUp();
    const ids = uuids(2);
    for (const id of ids) await api.submit(app.id, tick({ id, data: 1 }));
    // The log remembers them.
    for (const id of ids) await delivered(id);
    const answer = await refused([tick({ id: ids[0], data: 2 }), tick(), tick({ id: ids[1], data: 3 })]);
    expect(answer).toMatchObject({
      status: 409,
      code: 'event_conflict',
      errors: [{ pointer: '/events/0/id' }, { pointer: '/events/2/id' }],
    });
    expect((await list()).map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  });

  it('one event that is too large is 413 and named, and so is a request', async () => {
    const { refused, list } = await setUp();
    const large = await refused([tick(), tick({ data: 'x'.repeat(262_144) })]);
    expect(large).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(large.detail).toContain('/events/1');
    const many = Array.from({ length: 8 }, () => tick({ data: 'x'.repeat(200_000) }));
    expect(await refused(many)).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(await list()).toEqual([]);
  });

  it('one of as many bytes as a request may have is taken', async () => {
    const { receiver, accepted, delivered } = await setUp();
    const overhead = JSON.stringify({ events: ticks(1_000).map(() => tick({ data: '' })) }).length;
    const text = 'x'.repeat(Math.floor((1_572_864 - overhead) / 1_000));
    const events = await accepted(Array.from({ length: 1_000 }, () => tick({ data: text })));
    await receiver.gets(1_000);
    await delivered(events.at(-1)?.id ?? '', 60_000);
  }, 120_000);
});

describe('a batch that is repeated', () => {
  it('is answered with the first events, and delivers nothing twice', async () => {
    const { receiver, accepted, delivered } = await setUp();
    const [one, two] = uuids(2);
    const batch = [tick({ id: one }), tick({ id: two, data: [2] })];
    const answers = await Promise.all([accepted(batch), accepted(batch)]);
    for (const { id } of answers[0]) await delivered(id);
    const late = await accepted(batch);
    expect(late.map(({ id, created_at }) => ({ id, created_at }))).toEqual(
      answers[0].map(({ id, created_at }) => ({ id, created_at })),
    );
    expect(late.map(({ status }) => status)).toEqual(['delivered', 'delivered']);
    expect(answers[1].map(({ created_at }) => created_at)).toEqual(late.map(({ created_at }) => created_at));
    expect(receiver.received).toHaveLength(2);
  });

  it('by its Idempotency-Key, likewise', async () => {
    const { receiver, send, delivered } = await setUp();
    const headers = { 'idempotency-key': randomUUID() };
    const first = await send(ticks(3), headers);
    for (const { id } of first.body.events) await delivered(id);
    const second = await send(ticks(3), headers);
    expect(second.body.events.map(({ id }) => id)).toEqual(first.body.events.map(({ id }) => id));
    const other = await send([...ticks(2), tick({ data: 'other' })], headers);
    expect(other).toMatchObject({ status: 409, body: { errors: [{ parameter: 'Idempotency-Key' }] } });
    expect(receiver.received).toHaveLength(3);
  });

  it('with further events delivers those', async () => {
    const { receiver, accepted, delivered } = await setUp();
    const [one, two] = uuids(2);
    for (const { id } of await accepted([tick({ id: one })])) await delivered(id);
    for (const { id } of await accepted([tick({ id: two }), tick({ id: one })])) await delivered(id);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([one, two]);
  });
});

describe('an event of a batch that is not delivered at once', () => {
  it('goes on by its schedule in a workflow of its own', async () => {
    const { receiver, app, accepted, delivered, earn } = await setUp('standard', { schedule: [1, 1] });
    await earn();
    receiver.answer(500);
    const events = await accepted(ticks(3));
    const all = await Promise.all(events.map(({ id }) => delivered(id)));
    const [retried, ...more] = all.filter(({ deliveries }) => deliveries[0]?.attempt_count === 2);
    expect(more).toEqual([]);
    expect(retried?.deliveries[0]?.attempts).toMatchObject([
      { number: 1, status_code: 500 },
      { number: 2, status_code: 200, possibly_repeated: false },
    ]);
    const [first, second] = retried?.deliveries[0]?.attempts ?? [];
    const gap = Date.parse(second?.started_at ?? '') - Date.parse(first?.started_at ?? '');
    expect(gap).toBeGreaterThan(950);
    expect(gap).toBeLessThan(15_000);
    expect(receiver.received).toHaveLength(4);
    expect(await api.event(app.id, retried?.id ?? '')).toMatchObject({ status: 'delivered' });
    await expect
      .poll(async () => (await workflowOf(retried as Event).describe()).status.name)
      .toBe('COMPLETED');
  });

  it('is retried now, cancelled and resent like any other', async () => {
    const { receiver, app, path, accepted, delivered, earn } = await setUp('standard', { schedule: [3_600] });
    await earn();
    receiver.answer(500, 500);
    const events = await accepted(ticks(2));
    const waiting = await Promise.all(
      events.map(({ id }) =>
        api.eventWhen(app.id, id, ({ deliveries: [first] }) => (first?.next_attempt_at ?? null) !== null),
      ),
    );
    const [one, two] = waiting;
    const deliveryId = one?.deliveries[0]?.id ?? '';
    await api.expect(202, 'POST', `/v1/apps/${app.id}/deliveries/${deliveryId}/retry`);
    expect(await delivered(one?.id ?? '')).toMatchObject({ deliveries: [{ attempt_count: 2 }] });
    const { event } = await api.expect<{ event: Event }>(202, 'POST', `${path}/${two?.id}/cancel`);
    expect(event.status).toBe('cancelled');
    await api.expect(202, 'POST', `${path}/${two?.id}/resend`);
    await delivered(two?.id ?? '');
    expect(receiver.received).toHaveLength(4);
  });

  it('is sent once when its answer is slow', async () => {
    const { receiver, accepted, delivered, earn } = await setUp();
    await earn();
    receiver.answer((response) => void sleep(1_500).then(() => response.end()));
    const events = await accepted(ticks(3));
    for (const { id } of events) {
      expect((await delivered(id)).deliveries[0]).toMatchObject({
        attempt_count: 1,
        attempts: [{ number: 1, possibly_repeated: false }],
      });
    }
    expect(receiver.received).toHaveLength(3);
  });

  it('is refused for good, and says so', async () => {
    const { receiver, app, accepted, earn } = await setUp('scute', { retry_limit: 0 });
    await api.expect(201, 'POST', `/v1/apps/${app.id}/event-types`, { name: 'tick' });
    await api.expect(201, 'POST', `/v1/apps/${app.id}/event-types`, { name: 'warm.up' });
    await earn();
    receiver.answer(500);
    const [event] = await accepted([tick()]);
    const failed = await api.eventThatIs('failed', app.id, event?.id ?? '');
    expect(failed.deliveries).toMatchObject([{ status: 'failed', reason: 'exhausted', attempt_count: 1 }]);
    await expect
      .poll(() => api.expect(200, 'GET', `/v1/apps/${app.id}/webhooks/${failed.deliveries[0]?.webhook_id}`))
      .toMatchObject({ webhook: { failure_count: 1 } });
  });

  it('is held while its endpoint is paused', async () => {
    const { receiver, app, endpoint, accepted, delivered } = await setUp();
    const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
    await api.expect(200, 'POST', `${path}/pause`);
    const events = await accepted(ticks(2));
    for (const { id } of events) {
      await api.eventWhen(app.id, id, ({ deliveries: [first] }) => first?.reason === 'endpoint_paused');
    }
    expect(receiver.received).toEqual([]);
    await api.expect(200, 'POST', `${path}/resume`);
    for (const { id } of events) await delivered(id);
    expect(receiver.received).toHaveLength(2);
  });

  it('waits for its time', async () => {
    const { receiver, app, accepted, delivered, earn } = await setUp();
    await earn();
    const deliver_at = new Date(Date.now() + 6_000).toISOString();
    const [later, now] = await accepted([tick({ deliver_at }), tick()]);
    expect(await api.event(app.id, later?.id ?? '')).toMatchObject({
      deliveries: [{ reason: 'scheduled', next_attempt_at: deliver_at, attempt_count: 0 }],
    });
    await delivered(now?.id ?? '');
    await delivered(later?.id ?? '');
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([now?.id, later?.id]);
    expect(receiver.received[1]?.at).toBeGreaterThanOrEqual(Date.parse(deliver_at) - 50);
  });
});

describe('the same event in a batch and alone, at the same time', () => {
  it.each([
    ['that has earned the fast path', true],
    ['that nothing is known of', false],
  ])(
    'is delivered once, to an endpoint %s',
    async (_what, isFast) => {
      const { receiver, app, accepted, delivered, earn } = await setUp();
      if (isFast) await earn();
      const ids = uuids(40);
      await Promise.all(
        ids.flatMap((id, n) => [
          api.submit(app.id, tick({ id, data: n })),
          ...(n % 10 === 0
            ? [accepted(ids.slice(n, n + 10).map((each, at) => tick({ id: each, data: n + at })))]
            : []),
        ]),
      );
      for (const id of ids) expect((await delivered(id)).deliveries).toHaveLength(1);
      expect(receiver.received.map(({ headers }) => headers['webhook-id']).toSorted()).toEqual(
        ids.toSorted(),
      );
    },
    60_000,
  );

  it('a retry that the batch has left is made once', async () => {
    const { receiver, app, accepted, delivered, earn } = await setUp('standard', { schedule: [1] });
    await earn();
    for (let round = 0; round < 5; round += 1) {
      receiver.received.length = 0;
      receiver.answer(500, 500);
      const ids = uuids(2);
      await Promise.all([
        accepted(ids.map((id) => tick({ id }))),
        ...ids.map((id) => api.submit(app.id, tick({ id }))),
      ]);
      for (const id of ids) expect((await delivered(id)).deliveries).toMatchObject([{ attempt_count: 2 }]);
      expect(receiver.received).toHaveLength(4);
    }
  }, 60_000);
});
