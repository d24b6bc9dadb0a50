import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Delivery, ProblemBody } from '../support/api-client.js';
import { eventInput } from '../support/fixtures.js';
import { mostInASecond } from '../support/rates.js';
import { Receiver, type Reply } from '../support/receiver.js';
import { connectOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What can be done about deliveries that wait: retry now, cancel, pause and resume, limits, times. */

const posthorn = sharedPosthorn();
const { api } = posthorn;

async function given(webhook: Record<string, unknown> = {}, settings: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp('standard', { settings });
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  return {
    receiver,
    app,
    endpoint,
    path,
    submit: (event: Record<string, unknown> = {}) =>
      api.submit(app.id, { event_type: 'tick', data: {}, ...event }),
    to: (state: string) => api.expect(200, 'POST', `${path}/${state}`),
    /** The event's delivery, as soon as it is as wanted. */
    delivery: async (id: string, wanted: (delivery: Delivery) => boolean): Promise<Delivery> => {
      const event = await api.eventWhen(app.id, id, ({ deliveries: [first] }) => !!first && wanted(first));
      return event.deliveries[0] as Delivery;
    },
    retry: (id: string) =>
      api.call<{ delivery: Delivery } & ProblemBody>('POST', `/v1/apps/${app.id}/deliveries/${id}/retry`),
    cancel: (id: string) =>
      api.call<{ event: { status: string } } & ProblemBody>('POST', `/v1/apps/${app.id}/events/${id}/cancel`),
  };
}

const waits = ({ next_attempt_at }: Delivery) => next_attempt_at !== null;
/** Answers after a while, and knows how many wait for their answer at the same time. */
function slow(milliseconds: number) {
  const state = { open: 0, most: 0 };
  const reply: Reply = (response) => {
    state.open += 1;
    state.most = Math.max(state.most, state.open);
    void sleep(milliseconds).then(() => {
      state.open -= 1;
      response.writeHead(200).end();
    });
  };
  return { state, reply };
}
describe('retry now', () => {
  it('makes the next attempt within a second, and the later ones by the schedule', async () => {
    const { receiver, app, submit, delivery, retry } = await given({ schedule: [3_600, 2, 3_600] });
    receiver.answerAlways(500);
    const { id } = await submit();
    const waiting = await delivery(id, waits);
    const before = Date.now();
    const answer = await retry(waiting.id);
    expect(answer).toMatchObject({ status: 202, body: { delivery: { attempt_count: 2 } } });
    expect((await receiver.gets(2))[1]?.at).toBeLessThan(before + 1_000);
    await receiver.gets(3);
    const gap = (receiver.received[2]?.at ?? 0) - (receiver.received[1]?.at ?? 0);
    expect(gap).toBeGreaterThan(1_900);
    expect(gap).toBeLessThan(4_000);
    await delivery(
      id,
      ({ attempt_count, next_attempt_at }) => attempt_count === 3 && next_attempt_at !== null,
    );
    receiver.answerAlways(200);
    await retry(waiting.id);
    const { deliveries } = await api.eventThatIs('delivered', app.id, id);
    expect(deliveries[0]?.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect((await retry(waiting.id)).body.code).toBe('already_finished');
  });

  it('asked for a hundred times, also while an attempt is in flight, never makes two at once', async () => {
    const { receiver, app, submit, delivery, retry } = await given({ schedule: [3_600, 3_600, 3_600] });
    receiver.answer(500);
    const { state, reply } = slow(300);
    receiver.answerAlways(reply);
    receiver.answer(500);
    const { id } = await submit();
    const waiting = await delivery(id, waits);
    const answers = await Promise.all(Array.from({ length: 100 }, () => retry(waiting.id)));
    expect(answers.map(({ status }) => status).every((status) => status === 202 || status === 409)).toBe(
      true,
    );
    await api.eventThatIs('delivered', app.id, id);
    expect(state.most).toBe(1);
    expect(receiver.received).toHaveLength(2);
  });

  it('says why it cannot be: the endpoint is paused, or disabled', async () => {
    const { receiver, submit, delivery, retry, to } = await given({ schedule: [3_600] });
    receiver.answerAlways(500);
    const { id } = await submit();
    const waiting = await delivery(id, waits);
    await to('pause');
    expect(await retry(waiting.id)).toMatchObject({ status: 409, body: { code: 'endpoint_paused' } });
    await to('disable');
    expect(await retry(waiting.id)).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('cancelling an event', () => {
  it('before it is opened sends nothing, also to an endpoint that answers fast', async () => {
    const { receiver, app, submit, delivery } = await given();
    const earned = await submit();
    await delivery(earned.id, ({ status }) => status === 'delivered');
    const operator = await connectOperator();
    const input = eventInput({ id: app.id, profile: 'standard' });
    // As one that waits in Temporal's queue while no worker has a slot for it.
    const handle = await operator.client.workflow.start('deliverEvent', {
      workflowId: `event/${app.id}/${input.eventId}`,
      taskQueue: posthorn.taskQueue,
      startDelay: '1 second',
      args: [input],
    });
    await handle.cancel();
    expect(await handle.result()).toMatchObject({ status: 'cancelled', deliveries: [{ attempts: 0 }] });
    expect(await delivery(input.eventId, ({ status }) => status === 'failed')).toMatchObject({
      reason: 'cancelled',
      attempt_count: 0,
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('stops it before the next attempt, once', async () => {
    const { receiver, submit, delivery, cancel } = await given({ schedule: [3_600] });
    receiver.answerAlways(500);
    const { id } = await submit();
    await delivery(id, waits);
    expect(await cancel(id)).toMatchObject({ status: 202, body: { event: { status: 'cancelled' } } });
    expect(await cancel(id)).toMatchObject({ status: 409, body: { code: 'already_finished' } });
    expect(receiver.received).toHaveLength(1);
  });

  it('that was held, or is scheduled, ends it too', async () => {
    const { receiver, submit, delivery, cancel, to } = await given();
    await to('pause');
    const held = await submit();
    await delivery(held.id, ({ reason }) => reason === 'endpoint_paused');
    expect(await cancel(held.id)).toMatchObject({ status: 202, body: { event: { status: 'cancelled' } } });
    const later = await submit({ deliver_at: new Date(Date.now() + 3_600_000).toISOString() });
    await delivery(later.id, ({ reason }) => reason === 'scheduled');
    expect(await cancel(later.id)).toMatchObject({ status: 202, body: { event: { status: 'cancelled' } } });
    await to('resume');
    expect(receiver.received).toHaveLength(0);
  });
});

describe('pausing', () => {
  it('during a backoff burns no attempt and sends none until it is resumed', async () => {
    const { receiver, app, path, submit, delivery, to } = await given({ schedule: [1, 3_600] });
    receiver.answer(500);
    const { id } = await submit();
    await delivery(id, waits);
    expect(await to('pause')).toMatchObject({ webhook: { status: 'paused', enabled: true } });
    const held = await delivery(id, ({ reason }) => reason === 'endpoint_paused');
    expect(held).toMatchObject({ status: 'pending', attempt_count: 1, next_attempt_at: null });
    // A test event goes out all the same.
    await api.expect(202, 'POST', `${path}/test`);
    await receiver.gets(2);
    await to('resume');
    const { deliveries } = await api.eventThatIs('delivered', app.id, id);
    expect(deliveries[0]).toMatchObject({ attempt_count: 2 });
    expect(receiver.received).toHaveLength(3);
  });

  it('and resuming before the next attempt is due changes nothing', async () => {
    const { receiver, app, submit, delivery, to } = await given({ schedule: [2] });
    receiver.answer(500);
    const { id } = await submit();
    const { next_attempt_at } = await delivery(id, waits);
    await to('pause');
    await to('resume');
    await api.eventThatIs('delivered', app.id, id);
    const late = (receiver.received[1]?.at ?? 0) - Date.parse(next_attempt_at ?? '');
    expect(late).toBeGreaterThan(-50);
    expect(late).toBeLessThan(2_000);
  });

  it('a resume that races with deliveries being held strands none: 300 times', async () => {
    const rounds = await Promise.all(
      Array.from({ length: 15 }, () => given({}, { drain_per_second: 1_000 })),
    );
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(
        rounds.map(async ({ app, submit, to }) => {
          await to('pause');
          const [event] = await Promise.all([submit(), sleep(Math.random() * 30).then(() => to('resume'))]);
          await api.eventThatIs('delivered', app.id, event.id);
        }),
      );
    }
    for (const { receiver } of rounds) {
      expect(receiver.received).toHaveLength(20);
    }
  }, 120_000);
});

describe('what waits', () => {
  it('for its endpoint expires after hold_hours, visibly', async () => {
    const { receiver, app, submit } = await given({ enabled: false }, { hold_hours: 1 / 3_600 });
    const { id } = await submit();
    const { deliveries } = await api.eventThatIs('failed', app.id, id);
    expect(deliveries[0]).toMatchObject({ status: 'failed', reason: 'expired', attempt_count: 0 });
    expect(receiver.received).toHaveLength(0);
  });

  it('for its next attempt ends with its endpoint', async () => {
    const { receiver, app, path, submit, delivery } = await given({ schedule: [3_600] });
    receiver.answerAlways(500);
    const waiting = await submit();
    await delivery(waiting.id, waits);
    await api.expect(204, 'DELETE', path);
    const { deliveries } = await api.eventThatIs('failed', app.id, waiting.id);
    expect(deliveries[0]).toMatchObject({ reason: 'endpoint_deleted', attempt_count: 1 });
  });
});

describe('limits', () => {
  it('max_in_flight: no more at the same time, and all arrive', async () => {
    const { receiver, app, submit } = await given({ max_in_flight: 3 });
    const { state, reply } = slow(100);
    receiver.answerAlways(reply);
    const events = await Promise.all(Array.from({ length: 30 }, () => submit()));
    for (const { id } of events) await api.eventThatIs('delivered', app.id, id);
    expect(receiver.received).toHaveLength(30);
    expect(state.most).toBeLessThanOrEqual(3);
  });

  it('rate_limit: no more in a second, and all arrive', async () => {
    const { receiver, app, submit } = await given({ rate_limit: 20 });
    const events = await Promise.all(Array.from({ length: 60 }, () => submit()));
    for (const { id } of events) await api.eventThatIs('delivered', app.id, id);
    const times = receiver.received.map(({ at }) => at);
    expect(times).toHaveLength(60);
    // What was let go in its time may arrive a little later, and so closer to the next.
    expect(mostInASecond(times)).toBeLessThanOrEqual(30);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(2_500);
  });

  it('says what it waits for, and goes on when the limit is taken away', async () => {
    const { app, path, submit, delivery } = await given({ rate_limit: 0.1 });
    const first = await submit();
    await api.eventThatIs('delivered', app.id, first.id);
    const second = await submit();
    await delivery(second.id, ({ reason }) => reason === 'at_capacity');
    await api.expect(200, 'PATCH', path, { webhook: { rate_limit: null } });
    await api.eventThatIs('delivered', app.id, second.id);
  });
});

describe('times', () => {
  it('deliver_at: not before', async () => {
    const { receiver, app, submit, delivery } = await given();
    const at = new Date(Date.now() + 2_000);
    const { id } = await submit({ deliver_at: at.toISOString() });
    const scheduled = await delivery(id, () => true);
    expect(scheduled).toMatchObject({
      status: 'pending',
      reason: 'scheduled',
      next_attempt_at: at.toISOString(),
    });
    await api.eventThatIs('delivered', app.id, id);
    const late = (receiver.received[0]?.at ?? 0) - at.getTime();
    expect(late).toBeGreaterThan(-50);
    expect(late).toBeLessThan(2_000);
  });

  it('deliver_at: sent now, if somebody wants it', async () => {
    const { app, submit, delivery, retry } = await given();
    const { id } = await submit({ deliver_at: new Date(Date.now() + 3_600_000).toISOString() });
    const scheduled = await delivery(id, () => true);
    expect((await retry(scheduled.id)).status).toBe(202);
    await api.eventThatIs('delivered', app.id, id);
  });

  it('expires_at: no attempt after it, and none is announced', async () => {
    const { receiver, app, submit } = await given({ schedule: [1, 3_600] });
    receiver.answerAlways(500);
    const { id } = await submit({ expires_at: new Date(Date.now() + 60_000).toISOString() });
    const { deliveries } = await api.eventThatIs('failed', app.id, id);
    expect(deliveries[0]).toMatchObject({ reason: 'expired', attempt_count: 2, next_attempt_at: null });
  });

  it('expires_at: ends what is held', async () => {
    const { app, submit } = await given({ enabled: false });
    const { id } = await submit({ expires_at: new Date(Date.now() + 2_000).toISOString() });
    const { deliveries } = await api.eventThatIs('failed', app.id, id);
    expect(deliveries[0]).toMatchObject({ reason: 'expired', attempt_count: 0 });
  });

  it.each([
    [{ expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
    [{ expires_at: 'soon' }, '/expires_at'],
    [{ deliver_at: 'tomorrow' }, '/deliver_at'],
    [{ deliver_at: '2999-01-01T00:00:00Z' }, '/deliver_at'],
    [{ deliver_at: '2020-01-02T00:00:00Z', expires_at: '2020-01-01T00:00:00Z' }, '/expires_at'],
  ])('%j is refused', async (times, pointer) => {
    const { app } = await given();
    const answer = await api.call<ProblemBody>('POST', `/v1/apps/${app.id}/events`, {
      body: { event_type: 'tick', data: {}, ...times },
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('are part of what makes two submissions the same', async () => {
    const { app, submit } = await given();
    const deliver_at = new Date(Date.now() + 3_600_000).toISOString();
    await submit({ id: 'a', deliver_at });
    await submit({ id: 'a', deliver_at });
    const other = await api.call<ProblemBody>('POST', `/v1/apps/${app.id}/events`, {
      body: { event_type: 'tick', data: {}, id: 'a' },
    });
    expect(other).toMatchObject({ status: 409, body: { code: 'event_conflict' } });
    await api.call('POST', `/v1/apps/${app.id}/events/a/cancel`);
  });
});
