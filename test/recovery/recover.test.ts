import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { deliveryIdOf } from '../../src/domain/delivery-id.js';
import { describe, expect, it } from 'vitest';
import { subscribes, subscriptionRegex } from '../../src/domain/event-type.js';
import type { Answer, Delivery, Event, Job } from '../support/api-client.js';
import { eventType, eventTypePattern } from '../support/arbitraries.js';
import { connectTo } from '../support/database.js';
import { mostInASecond } from '../support/rates.js';
import { hang, Receiver } from '../support/receiver.js';
import { scaled } from '../support/scale.js';
import { sharedOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Recovery of a window: what an endpoint did not get is delivered anew, each event once, at a pace. */

const EVENTS = scaled(500, 20_000);
const PATIENCE_MS = scaled(60_000, 1_200_000);

const posthorn = sharedPosthorn();
const { api } = posthorn;
const operator = sharedOperator();

const SINCE = '2026-01-01T00:00:00Z';

/** An application with an endpoint whose failures do not disable it; events of the type `tick` by default. */
async function given(settings: Record<string, unknown> = {}) {
  const receiver = await Receiver.start(404);
  const { app } = await api.createApp('scute');
  await api.expect(200, 'PATCH', `/v1/apps/${app.id}`, {
    settings: { disable_after_failures: 0, disable_after_hours: 0, ...settings },
  });
  const { id } = await api.createWebhook(app.id, { url: receiver.url });
  const path = `/v1/apps/${app.id}/webhooks/${id}`;
  return {
    receiver,
    app,
    id,
    path,
    submit: (type = 'user.created') => api.submit(app.id, { event_type: type, data: {} }),
    recoverAt: recoverAt(path),
    ...recoveryOf(path),
  };
}

const recoverAt = (path: string) => (body: Record<string, unknown>) =>
  api.call<{ job: Job }>('POST', `${path}/recover`, { body });

/** What is done with the recoveries of one endpoint. */
function recoveryOf(path: string) {
  const job = async (id: string) => (await api.expect<{ job: Job }>(200, 'GET', `${path}/jobs/${id}`)).job;
  return {
    recover: async (body: Record<string, unknown> = {}) =>
      (await api.expect<{ job: Job }>(202, 'POST', `${path}/recover`, { since: SINCE, ...body })).job,
    job,
    jobThat: async (id: string, wanted: Partial<Job>) => {
      await expect.poll(() => job(id), { timeout: PATIENCE_MS }).toMatchObject(wanted);
      return job(id);
    },
    to: (id: string, action: 'pause' | 'resume' | 'cancel') =>
      api.call<{ job: Job; code?: string }>('POST', `${path}/jobs/${id}/${action}`),
  };
}

/** As many events, refused by the receiver, in groups so that Temporal keeps up. */
async function givenRefused(count: number, settings: Record<string, unknown> = {}) {
  const stage = await given(settings);
  const events: Event[] = [];
  while (events.length < count) {
    const group = Math.min(50, count - events.length);
    events.push(...(await Promise.all(Array.from({ length: group }, () => stage.submit()))));
  }
  // What was posted is in the log.
  await stage.receiver.gets(count);
  await settled(stage.app.id);
  stage.receiver.received.length = 0;
  stage.receiver.answerAlways(200);
  return { ...stage, events };
}

/** The same, written to the log as an outage would have left them: submitting 20,000 is another test's matter. */
async function givenRefusedInLog(count: number, settings: Record<string, unknown> = {}) {
  const stage = await given(settings);
  const events: { id: string }[] = Array.from({ length: count }, () => ({ id: randomUUID() }));
  const acceptedAt = new Date();
  const client = await connectTo(posthorn.databaseUrl);
  await client.query(
    `with given as (
       select * from unnest($4::text[], $5::uuid[], $6::text[]) as given (event_id, delivery_id, body)
     ), keys as (
       insert into event_keys (app_id, event_id, content_hash, day, opened_by)
       select $1, event_id, '', $3::timestamptz at time zone 'UTC', '' from given
     ), events as (
       insert into events (day, app_id, id, event_type, body, created_at)
       select $3::timestamptz at time zone 'UTC', $1, event_id, 'user.created', convert_to(body, 'UTF8'), $3 from given
     )
     insert into deliveries (day, id, app_id, event_id, event_type, endpoint_id, trigger, workflow_id, status, reason,
       attempt_count, last_status_code, created_at, completed_at)
     select $3::timestamptz at time zone 'UTC', delivery_id, $1, event_id, 'user.created', $2, 'event',
       'event/' || $1 || '/' || event_id, 'failed', 'refused', 1, 404, $3, $3
     from given`,
    [
      stage.app.id,
      stage.id,
      acceptedAt,
      events.map(({ id }) => id),
      events.map(({ id }) => deliveryIdOf(acceptedAt, id, stage.id)),
      events.map(({ id }) => JSON.stringify({ id, event_type: 'user.created', data: {} })),
    ],
  );
  stage.receiver.answerAlways(200);
  return { ...stage, events };
}

async function settled(appId: string) {
  const pending = async () =>
    (await api.expect<{ events: Event[] }>(200, 'GET', `/v1/apps/${appId}/events?status=pending&limit=1`))
      .events;
  await expect.poll(pending, { timeout: PATIENCE_MS }).toEqual([]);
}

async function deliveriesOf(path: string): Promise<Delivery[]> {
  const all: Delivery[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: { deliveries: Delivery[]; next_cursor: string | null } = await api.expect(
      200,
      'GET',
      `${path}/deliveries?limit=100${query}`,
    );
    all.push(...page.deliveries);
    cursor = page.next_cursor;
  }
  return all;
}

const recovered = async (path: string) =>
  (await deliveriesOf(path)).filter(({ trigger }) => trigger === 'recover');
const idsOf = (bodies: readonly { readonly body: string }[]) =>
  bodies.map(({ body }) => (JSON.parse(body) as { id: string }).id);

describe('failed events', () => {
  it(
    `${EVENTS} of them are delivered, each once, at the pace of the application, slowly at first`,
    async () => {
      const { receiver, path, events, recover, job, jobThat, to } = await scaled<typeof givenRefusedInLog>(
        givenRefused,
        givenRefusedInLog,
      )(EVENTS, {
        drain_per_second: 200,
      });
      const { id, ...begun } = await recover();
      expect(begun).toMatchObject({ status: 'running', total: EVENTS, failed: 0 });
      await receiver.gets(50);
      const meanwhile = await job(id);
      expect(meanwhile).toMatchObject({ status: 'running', total: EVENTS, failed: 0 });
      expect(meanwhile.done).toBeGreaterThan(0);
      expect(meanwhile.done).toBeLessThan(EVENTS);

      expect(await jobThat(id, { status: 'completed' })).toMatchObject({
        total: EVENTS,
        done: EVENTS,
        failed: 0,
      });
      expect(idsOf(receiver.received).toSorted()).toEqual(events.map((event) => event.id).toSorted());
      expect(new Set((await recovered(path)).map(({ event_id }) => event_id)).size).toBe(EVENTS);

      const times = receiver.received.map(({ at }) => at - (receiver.received[0]?.at ?? 0));
      // A tenth of the rate at the beginning, all of it after ten seconds; what a busy machine holds up comes at once.
      expect(times.filter((at) => at < 1_000).length).toBeLessThan(100);
      expect(mostInASecond(times)).toBeLessThan(300);
      expect(times.at(-1)).toBeGreaterThan(4_000);

      for (const action of ['pause', 'resume', 'cancel'] as const) {
        expect(await to(id, action)).toMatchObject({ status: 409, body: { code: 'already_finished' } });
      }
    },
    4 * PATIENCE_MS,
  );

  it('only those in the window; one that fails again is counted', async () => {
    const { receiver, app, submit, recover, jobThat } = await given();
    // One after the other, each answered before the next: no two of the same millisecond.
    const created: string[] = [];
    for (let count = 0; count < 3; count++) created.push((await submit()).created_at);
    await receiver.gets(3);
    await settled(app.id);
    receiver.answerAlways(200);
    receiver.answer(404);
    const [first, second, third] = created;
    const one = await recover({ since: first, until: second });
    expect(one.total).toBe(1);
    await jobThat(one.id, { status: 'completed', done: 0, failed: 1 });
    const last = await recover({ since: third });
    expect(last.total).toBe(1);
    await jobThat(last.id, { status: 'completed', done: 1, failed: 0 });
    const all = await recover();
    expect(all.total).toBe(2);
    await jobThat(all.id, { status: 'completed', done: 2, failed: 0 });
    expect(await recover()).toMatchObject({ total: 0, done: 0, failed: 0 });
  });

  it('a recovered delivery has the whole schedule, and does not count for the health of the endpoint', async () => {
    const { receiver, app, path, events, recover, job, jobThat } = await givenRefused(1, { schedule: [1] });
    receiver.answer(500);
    const { id } = await recover();
    await api.eventWhen(app.id, events[0]?.id ?? '', ({ deliveries }) =>
      deliveries.some(({ trigger, next_attempt_at }) => trigger === 'recover' && next_attempt_at !== null),
    );
    expect(await job(id)).toMatchObject({ status: 'running', done: 0, failed: 0 });
    await jobThat(id, { status: 'completed', done: 1 });
    const [delivery] = await recovered(path);
    expect(delivery).toMatchObject({ status: 'delivered', attempt_count: 2 });
    expect(await api.expect(200, 'GET', path)).toMatchObject({ webhook: { failure_count: 1 } });
  });

  it('not test events, whose deliveries fail too', async () => {
    const { receiver, app, path, recover } = await given();
    await api.expect(202, 'POST', `${path}/test`);
    await receiver.gets(1);
    await settled(app.id);
    for (const status of ['failed', 'missing', 'all']) expect((await recover({ status })).total).toBe(0);
  });
});

describe('an event with an open delivery to the endpoint', () => {
  it('is skipped', async () => {
    const { receiver, app, path, events, recover, jobThat } = await givenRefused(2);
    receiver.answer(hang);
    const [open] = events;
    await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${open?.id}/resend`);
    await receiver.gets(1);
    const { id, total } = await recover();
    expect(total).toBe(1);
    await jobThat(id, { status: 'completed', done: 1 });
    expect((await recovered(path)).map(({ event_id }) => event_id)).toEqual([events[1]?.id]);
  });

  it('is skipped by the second of two recoveries of the same window', async () => {
    const { receiver, path, recover, jobThat } = await givenRefused(40, { drain_per_second: 50 });
    const jobs = await Promise.all([recover(), recover()]);
    const ended = await Promise.all(jobs.map(({ id }) => jobThat(id, { status: 'completed' })));
    expect(ended.map(({ done }) => done).reduce((a, b) => a + b)).toBe(40);
    expect(receiver.received).toHaveLength(40);
    expect(await recovered(path)).toHaveLength(40);
  }, 90_000);
});

describe('events that the endpoint never got', () => {
  it('a new endpoint gets what its event_types match, from before it was made', async () => {
    const { receiver, app, submit } = await given();
    receiver.answerAlways(200);
    const created = [await submit('user.created'), await submit('user.updated')];
    await submit('challenge.created');
    await receiver.gets(3);
    await settled(app.id);
    const late = await Receiver.start();
    const { id } = await api.createWebhook(app.id, { url: late.url, event_types: ['user.*'] });
    const { recover, jobThat } = recoveryOf(`/v1/apps/${app.id}/webhooks/${id}`);
    expect((await recover()).total).toBe(0);
    const missing = await recover({ status: 'missing' });
    expect(missing.total).toBe(2);
    await jobThat(missing.id, { status: 'completed', done: 2 });
    expect(idsOf(late.received)).toEqual(created.map((event) => event.id));
    expect((await recover({ status: 'missing' })).total).toBe(0);
    const all = await recover({ status: 'all' });
    await jobThat(all.id, { status: 'completed', total: 2, done: 2 });
    expect(late.received).toHaveLength(4);
    expect(receiver.received).toHaveLength(3);
  });

  it('the log is searched with patterns as endpoints subscribe with them', async () => {
    const client = await connectTo(posthorn.databaseUrl);
    const patternsAndTypes = fc.tuple(
      fc.array(eventTypePattern, { minLength: 1, maxLength: 3 }),
      fc.array(eventType, { minLength: 1, maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(patternsAndTypes, async ([patterns, types]) => {
        const { rows } = await client.query<{ type: string }>(
          'select type from unnest($1::text[]) as type where type ~ $2',
          [types, subscriptionRegex(patterns)],
        );
        expect(rows.map(({ type }) => type)).toEqual(types.filter((type) => subscribes(patterns, type)));
      }),
      { numRuns: 200 },
    );
  });
});

describe('a recovery that is', () => {
  it('paused hands nothing over until it is resumed; a repeated wish changes nothing', async () => {
    const stage = await givenRefused(30, { drain_per_second: 20 });
    const { receiver, id: endpoint, recover, job, jobThat, to } = stage;
    const { id } = await recover();
    await receiver.gets(3);
    for (let n = 0; n < 2; n += 1) {
      expect(await to(id, 'pause')).toMatchObject({ status: 200, body: { job: { id, status: 'paused' } } });
    }
    // What was handed over before goes on.
    const handedOver = (await madeBy(id)).length;
    await jobThat(id, { status: 'paused', done: handedOver });
    expect(handedOver).toBeLessThan(30);
    await expect.poll(() => activitiesOf(endpoint, id)).toEqual([]);
    expect(await madeBy(id)).toHaveLength(handedOver);
    for (let n = 0; n < 2; n += 1) {
      expect(await to(id, 'resume')).toMatchObject({ status: 200, body: { job: { status: 'running' } } });
    }
    await jobThat(id, { status: 'completed', done: 30 });
    expect(new Set(idsOf(receiver.received)).size).toBe(30);
    expect(receiver.received).toHaveLength(30);
    expect((await job(id)).failed).toBe(0);
  }, 90_000);

  it('cancelled hands nothing over any more', async () => {
    const { receiver, recover, jobThat, to } = await givenRefused(30, { drain_per_second: 20 });
    const { id } = await recover();
    await receiver.gets(3);
    for (let n = 0; n < 2; n += 1) {
      expect(await to(id, 'cancel')).toMatchObject({ status: 200, body: { job: { status: 'cancelled' } } });
    }
    const handedOver = (await madeBy(id)).length;
    expect(handedOver).toBeLessThan(30);
    await jobThat(id, { status: 'cancelled', done: handedOver });
    for (const action of ['pause', 'resume'] as const) {
      expect(await to(id, action)).toMatchObject({ status: 409, body: { code: 'already_finished' } });
    }
  }, 90_000);

  it.each(['running', 'paused'])('%s ends with its endpoint', async (state) => {
    const {
      receiver,
      app,
      id: endpoint,
      path,
      recover,
      to,
    } = await givenRefused(30, { drain_per_second: 5 });
    const { id } = await recover();
    await receiver.gets(2);
    if (state === 'paused') await to(id, 'pause');
    await api.expect(204, 'DELETE', path);
    await operator.client.workflow.getHandle(`recover/${endpoint}/${id}`).result();
    await settled(app.id);
    expect((await madeBy(id)).length).toBeLessThan(30);
  });

  it('unknown to PostgreSQL before it has begun ends at once', async () => {
    const { id: endpointId } = await given();
    await operator.client.workflow.execute('recoverEndpoint', {
      workflowId: `recover/${endpointId}/unknown`,
      taskQueue: posthorn.taskQueue,
      args: [{ jobId: endpointId, endpointId }],
    });
  });

  /** The activities that its workflow waits for. */
  async function activitiesOf(endpoint: string, jobId: string) {
    const handle = operator.client.workflow.getHandle(`recover/${endpoint}/${jobId}`);
    return (await handle.describe()).raw.pendingActivities ?? [];
  }

  async function madeBy(jobId: string) {
    return rowsOf('select id from deliveries where job_id = $1', jobId);
  }
});

it('an Idempotency-Key makes one job of repeated requests, and is refused for another window', async () => {
  const { path, jobThat } = await givenRefused(2);
  const call = (body: unknown): Promise<Answer<{ job: Job }>> =>
    api.call('POST', `${path}/recover`, { body, headers: { 'Idempotency-Key': 'once' } });
  const answers = await Promise.all([call({ since: SINCE }), call({ since: SINCE })]);
  const [id, ...others] = new Set(answers.map(({ body }) => body.job.id));
  expect(answers.map(({ status }) => status)).toEqual([202, 202]);
  expect(others).toEqual([]);
  await jobThat(id ?? '', { status: 'completed', done: 2 });
  // The first answer, as it was.
  expect((await call({ since: SINCE })).body).toEqual(answers[0]?.body);
  expect(await call({ since: SINCE, status: 'all' })).toMatchObject({
    status: 409,
    body: { code: 'idempotency_conflict' },
  });
});

it('a disabled or paused endpoint has none begun', async () => {
  const { path, recoverAt: recover } = await given();
  await api.expect(200, 'POST', `${path}/pause`);
  expect(await recover({ since: SINCE })).toMatchObject({ status: 409, body: { code: 'endpoint_paused' } });
  await api.expect(200, 'POST', `${path}/disable`);
  expect(await recover({ since: SINCE })).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
});

async function rowsOf<T extends object>(statement: string, ...values: unknown[]): Promise<T[]> {
  const client = await connectTo(posthorn.databaseUrl);
  const { rows } = await client.query<T>(statement, values);
  await client.end();
  return rows;
}
