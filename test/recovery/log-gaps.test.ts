import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { forEachConcurrent } from '../../src/lib/for-each-concurrent.js';
import type { deliverEvent, resendEvent } from '../../src/workflows/index.js';
import { ownWorkflow, type Event } from '../support/api-client.js';
import type { EventStatusAnswer } from '../../src/workflows/messages.js';
import { eventInput } from '../support/fixtures.js';
import { logAndTemporal, PATIENCE_MS, waits } from '../support/log-and-temporal.js';
import { Receiver, type Reply } from '../support/receiver.js';

/** A log that was restored to an earlier moment has lost what was written since: nothing is lost by that. */

const { posthorn, api, operator, database, stateOf, given } = logAndTemporal();

/** As a restore to the moment before an event was opened leaves it. */
async function lose(...eventIds: readonly string[]): Promise<void> {
  await database.query(
    `with delivery as (
       delete from deliveries where event_id = any ($1) returning id
     ), attempt as (
       delete from attempts a using delivery where a.delivery_id = delivery.id
     ), event as (
       delete from events where id = any ($1)
     )
     delete from event_keys where event_id = any ($1)`,
    [eventIds],
  );
}

/** Answers when the test says so. */
function held(): { reply: Reply; answer: (status: number) => void; asked: Promise<void> } {
  let answer: (status: number) => void = () => undefined;
  let tellAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    tellAsked = resolve;
  });
  const reply: Reply = (response) => {
    answer = (status) => response.writeHead(status).end();
    tellAsked();
  };
  return { reply, answer: (status) => answer(status), asked };
}

/** Once their batch has given those that were not delivered a workflow each. */
async function untilBatchEnded(eventId: string): Promise<void> {
  const { rows } = await database.query<{ opened_by: string }>(
    'select opened_by from event_keys where event_id = $1',
    [eventId],
  );
  await expect.poll(() => stateOf(rows[0]?.opened_by ?? '')).toBe('COMPLETED');
}

const closed = async (workflowId: string) =>
  (await operator.client.workflow.getHandle(workflowId).describe()).closeTime !== undefined;

describe('an event that the log has lost', () => {
  it('is delivered by its schedule, marked where it may repeat, with the same bytes', async () => {
    const { receiver, submit, when, delivered } = await given({ schedule: [2] });
    receiver.answer(500);
    const event = await submit();
    const { deliveries: before } = await when(event.id, waits);
    await lose(event.id);
    const { deliveries, data, created_at } = await delivered(event.id);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]).toMatchObject({ id: before[0]?.id, attempt_count: 2, trigger: 'event' });
    expect(deliveries[0]?.attempts).toMatchObject([
      { number: 1, error: expect.stringContaining('not_in_log') as string },
      { number: 2, status_code: 200, possibly_repeated: true },
    ]);
    expect({ data, created_at }).toEqual({ data: { n: 1 }, created_at: event.created_at });
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  });

  it('is not marked where nothing had been sent', async () => {
    const { receiver, submit, when, delivered } = await given();
    const event = await submit({ deliver_at: new Date(Date.now() + 3_000).toISOString() });
    await when(event.id, waits);
    await lose(event.id);
    const { deliveries } = await delivered(event.id);
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1, possibly_repeated: false }]);
    expect(receiver.received).toHaveLength(1);
  });

  it('while an attempt is in flight is not sent again: what came of it is written', async () => {
    const { receiver, submit, delivered } = await given();
    const { reply, answer, asked } = held();
    receiver.answer(reply);
    const event = await submit();
    await asked;
    await lose(event.id);
    answer(200);
    const { deliveries } = await delivered(event.id);
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1, status_code: 200 }]);
    expect(receiver.received).toHaveLength(1);
  });

  it('to several endpoints is written with those of its deliveries that have ended', async () => {
    const { receiver, app, endpoint, submit, delivered } = await given({ schedule: [2] });
    const fast = await Receiver.start();
    await api.createWebhook(app.id, { url: fast.url });
    receiver.answer(500);
    const event = await submit();
    await api.eventWhen(
      app.id,
      event.id,
      ({ deliveries }) => deliveries.some(waits) && deliveries.some(({ status }) => status === 'delivered'),
    );
    await lose(event.id);
    const { deliveries } = await delivered(event.id);
    expect(deliveries).toHaveLength(2);
    const attempts = deliveries.map(({ webhook_id, attempt_count }) => [webhook_id, attempt_count]);
    expect(new Map(attempts as [string, number][]).get(endpoint.id)).toBe(2);
    expect(fast.received).toHaveLength(1);
  });

  it('and held is tried when its hold ends: nobody could release it', async () => {
    const { receiver, path, submit, when, delivered } = await given({}, { hold_hours: 4 / 3_600 });
    await api.expect(200, 'POST', `${path}/pause`);
    const event = await submit();
    await when(event.id, ({ reason }) => reason === 'endpoint_paused');
    await lose(event.id);
    await api.expect(200, 'POST', `${path}/resume`);
    await delivered(event.id);
    expect(receiver.received).toHaveLength(1);
  });

  it('is cancelled when somebody wants that, and the log says so', async () => {
    const { receiver, app, submit, when } = await given({ schedule: [3_600] });
    receiver.answerAlways(500);
    const event = await submit();
    await when(event.id, waits);
    await lose(event.id);
    await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${event.id}/cancel`);
    const { deliveries } = await api.eventThatIs('cancelled', app.id, event.id);
    expect(deliveries[0]).toMatchObject({ status: 'failed', reason: 'cancelled' });
  });

  it('is taken from its batch, where it came with others', async () => {
    const { receiver, app, when, delivered } = await given({ schedule: [10] });
    receiver.answer(500, 500);
    const { events } = await api.expect<{ events: Event[] }>(202, 'POST', `/v1/apps/${app.id}/events/batch`, {
      events: [1, 2].map((n) => ({ event_type: 'tick', data: { n } })),
    });
    for (const { id } of events) await when(id, waits);
    await untilBatchEnded(events[0]?.id ?? '');
    for (const event of events) {
      const handle = operator.client.workflow.getHandle(ownWorkflow(event));
      const waiting = () => handle.query<EventStatusAnswer>('status').catch(() => null);
      await expect.poll(waiting).toMatchObject({ deliveries: [{ state: 'waiting', attempt: 2 }] });
    }
    await lose(...events.map(({ id }) => id));
    for (const { id, created_at } of events) {
      const event = await delivered(id);
      expect(event.created_at).toBe(created_at);
      expect(event.deliveries[0]?.attempts.at(-1)).toMatchObject({ number: 2, possibly_repeated: true });
    }
    expect(receiver.received.map(({ body }) => body).toSorted()).toEqual(
      [...new Set(receiver.received.map(({ body }) => body))].flatMap((body) => [body, body]).toSorted(),
    );
  });

  it('before its own workflow carries it on is opened anew from its batch', async () => {
    const { app, submit, delivered } = await given();
    const first = await submit();
    await delivered(first.id);
    const input = eventInput(app);
    const { envelope: _inTheBatch, ...carried } = input;
    const { appId, acceptedAt, ...batched } = input;
    const batch = `batch/${app.id}/${randomUUID()}`;
    await operator.client.workflow.execute('deliverBatch', {
      workflowId: batch,
      taskQueue: posthorn.taskQueue,
      args: [{ appId, acceptedAt, events: [batched] }],
    });
    await lose(input.eventId);
    const result = await operator.client.workflow.execute<typeof deliverEvent>('deliverEvent', {
      workflowId: `event/${app.id}/${input.eventId}`,
      taskQueue: posthorn.taskQueue,
      args: [{ ...carried, openedBy: batch }],
    });
    expect(result).toMatchObject({ status: 'delivered' });
    const { deliveries } = await delivered(input.eventId);
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1, possibly_repeated: true }]);
  });

  it('is resent, as its own workflow has it', async () => {
    const { receiver, app, endpoint, submit, delivered } = await given();
    const event = await submit();
    await delivered(event.id);
    await lose(event.id);
    const result = await operator.client.workflow.execute<typeof resendEvent>('resendEvent', {
      workflowId: `resend/${app.id}/${randomUUID()}`,
      taskQueue: posthorn.taskQueue,
      args: [{ appId: app.id, eventId: event.id, endpointIds: [endpoint.id] }],
    });
    expect(result).toMatchObject({ status: 'delivered' });
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  });

  it('whose body nobody has waits, and is told of a bounded number of times', async () => {
    const { app } = await given();
    const { envelope: _nowhere, ...carried } = eventInput(app);
    const workflowId = `event/${app.id}/${carried.eventId}`;
    const handle = await operator.client.workflow.start('deliverEvent', {
      workflowId,
      taskQueue: posthorn.taskQueue,
      args: [{ ...carried, openedBy: `batch/${app.id}/${randomUUID()}` }],
    });
    const told = () =>
      posthorn.log.filter((line) => line.includes(carried.eventId) && line.includes('it waits'));
    await expect.poll(() => told().length).toBeGreaterThan(1);
    const tries = told().map((line) => (JSON.parse(line) as { tries: number }).tries);
    expect(tries).toEqual(tries.map((_, index) => 2 ** index));
    expect(await closed(workflowId)).toBe(false);
    await handle.terminate();
  });

  it('whose body nobody has any more waits in another run when its own has become long', async () => {
    const { receiver, app, when } = await given({ schedule: [3_600] });
    receiver.answer(500);
    const { events } = await api.expect<{ events: Event[] }>(202, 'POST', `/v1/apps/${app.id}/events/batch`, {
      events: [{ event_type: 'tick', data: { n: 1 } }],
    });
    const event = await when(events[0]?.id ?? '', waits);
    await untilBatchEnded(event.id);
    const handle = operator.client.workflow.getHandle(event.workflow_id);
    const state = () => handle.query<EventStatusAnswer>('status').catch(() => null);
    await expect.poll(state).toMatchObject({ deliveries: [{ state: 'waiting' }] });
    const { rows } = await database.query<{ opened_by: string }>(
      'select opened_by from event_keys where event_id = $1',
      [event.id],
    );
    const { workflowService } = operator.client;
    const batch = { workflowId: rows[0]?.opened_by ?? '' };
    await workflowService.deleteWorkflowExecution({ namespace: 'default', workflowExecution: batch });
    await expect.poll(() => stateOf(batch.workflowId)).toBe(null);
    await lose(event.id);
    await handle.signal('hurry', event.deliveries[0]?.id);
    await expect.poll(state).toMatchObject({ deliveries: [{ last: 'the log does not know this delivery' }] });
    const { runId } = await handle.describe();
    await forEachConcurrent(50, Array.from({ length: 4_000 }), () => handle.signal('release', randomUUID()));
    await expect.poll(async () => (await handle.describe()).runId).not.toBe(runId);
    await expect.poll(state).toMatchObject({
      deliveries: [{ attempt: 2, last: 'the log does not know this delivery' }],
    });
    await handle.terminate();
  });
});

describe('a log that has gone back', () => {
  it('by an attempt has it repeated, marked', async () => {
    const { receiver, submit, when, delivered } = await given({ schedule: [1, 3] });
    receiver.answer(500, 500);
    const event = await submit();
    const { deliveries } = await when(
      event.id,
      (delivery) => waits(delivery) && delivery.attempt_count === 2,
    );
    const id = deliveries[0]?.id;
    await database.query('delete from attempts where delivery_id = $1 and number = 2', [id]);
    await database.query('update deliveries set attempt_count = 1, next_attempt_at = now() where id = $1', [
      id,
    ]);
    const { deliveries: after } = await delivered(event.id);
    expect(after[0]?.attempts).toMatchObject([
      { number: 1, possibly_repeated: false },
      { number: 2, status_code: 200, possibly_repeated: true },
    ]);
  });

  it('to before an application was made has its events wait until it is known again', async () => {
    const { receiver, app, submit, when, delivered } = await given({ schedule: [1] });
    receiver.answer(500);
    const waiting = await submit();
    await when(waiting.id, waits);
    for (const table of ['apps', 'api_keys', 'endpoints']) {
      const column = table === 'apps' ? 'id' : 'app_id';
      await database.query(
        `create table saved_${table} as select * from ${table} where ${column} = '${app.id}'`,
      );
    }
    await database.query('delete from apps where id = $1', [app.id]);
    const isTold = (text: string) => posthorn.log.some((line) => line.includes(text));
    await expect.poll(() => isTold('PostgreSQL does not know the endpoint: it waits')).toBe(true);
    const input = eventInput(app);
    const workflowId = `event/${app.id}/${input.eventId}`;
    await operator.client.workflow.start('deliverEvent', {
      workflowId,
      taskQueue: posthorn.taskQueue,
      args: [input],
    });
    await expect.poll(() => isTold('PostgreSQL does not know the application')).toBe(true);
    expect(await closed(workflowId)).toBe(false);
    expect(await closed(waiting.workflow_id)).toBe(false);
    for (const table of ['apps', 'api_keys', 'endpoints']) {
      await database.query(`insert into ${table} select * from saved_${table}`);
      await database.query(`drop table saved_${table}`);
    }
    await delivered(input.eventId);
    await delivered(waiting.id);
    expect(receiver.received).toHaveLength(3);
  });

  it('ends what is for a deleted application or endpoint: that it was deleted is known', async () => {
    const { receiver, app, path } = await given({ schedule: [1] });
    receiver.answerAlways(500);
    const other = await given({ schedule: [2] });
    other.receiver.answerAlways(500);
    const event = await other.submit();
    await other.when(event.id, waits);
    await api.expect(204, 'DELETE', other.path);
    expect((await api.eventThatIs('failed', other.app.id, event.id)).deliveries[0]?.reason).toBe(
      'endpoint_deleted',
    );
    await api.expect(204, 'DELETE', path);
    await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    const input = eventInput(app);
    const result = await operator.client.workflow.execute<typeof deliverEvent>('deliverEvent', {
      workflowId: `event/${app.id}/${input.eventId}`,
      taskQueue: posthorn.taskQueue,
      args: [input],
    });
    expect(result).toMatchObject({ status: 'ignored' });
  });
});

describe('an id that is submitted again when the log has lost it', () => {
  const id = () => `again_${randomUUID()}`;

  it('is delivered when its workflow was terminated, and was not delivered', async () => {
    const { receiver, submit, when, delivered } = await given({ schedule: [3_600] });
    receiver.answer(500);
    const event = await submit({ id: id() });
    await when(event.id, waits);
    await operator.client.workflow.getHandle(event.workflow_id).terminate();
    await lose(event.id);
    const again = await submit({ id: event.id });
    expect(again).toMatchObject({ status: 'pending', created_at: event.created_at });
    const { deliveries } = await delivered(event.id);
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1, possibly_repeated: true }]);
    expect(receiver.received[1]?.body).toBe(receiver.received[0]?.body);
  });

  it('is delivered when its workflow had ended it as cancelled', async () => {
    const { receiver, app, submit, when, delivered } = await given({ schedule: [3_600] });
    receiver.answer(500);
    const event = await submit({ id: id() });
    await when(event.id, waits);
    await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${event.id}/cancel`);
    await expect.poll(() => closed(event.workflow_id)).toBe(true);
    await lose(event.id);
    await submit({ id: event.id });
    await delivered(event.id);
  });

  it('is not sent again when its workflow had delivered it, and is answered so', async () => {
    const { receiver, app, submit, delivered } = await given();
    const event = await submit({ id: id() });
    await delivered(event.id);
    await expect.poll(() => closed(event.workflow_id)).toBe(true);
    await lose(event.id);
    expect(await submit({ id: event.id })).toMatchObject({
      status: 'delivered',
      created_at: event.created_at,
    });
    const other = { event_type: 'tick', data: { n: 2 }, id: event.id };
    const { status } = await api.call('POST', `/v1/apps/${app.id}/events`, { body: other });
    expect(status).toBe(409);
    expect(receiver.received).toHaveLength(1);
  });

  it('in a batch is delivered where nobody does it, and only there', async () => {
    const { receiver, app, delivered, when } = await given({ schedule: [3_600] });
    const events = [id(), id()].map((each, n) => ({ id: each, event_type: 'tick', data: { n } }));
    const submitBatch = () =>
      api.expect<{ events: Event[] }>(202, 'POST', `/v1/apps/${app.id}/events/batch`, { events });
    // Which of the two fails is not certain.
    receiver.answer(500);
    const accepted = (await submitBatch()).events;
    const all = await Promise.all(
      accepted.map((event) => when(event.id, (each) => waits(each) || each.status === 'delivered')),
    );
    const failed = all.find(({ deliveries }) => deliveries[0]?.status === 'failed');
    await untilBatchEnded(failed?.id ?? '');
    const workflowId = `event/${app.id}/${failed?.id}`;
    await operator.client.workflow.getHandle(workflowId).terminate();
    await lose(...events.map((each) => each.id));
    await submitBatch();
    await delivered(failed?.id ?? '');
    expect(receiver.received).toHaveLength(3);
  });

  it('in a batch that begins again for others has its body from the run that it came with', async () => {
    const { receiver, app, when, delivered } = await given({ schedule: [3_600] });
    receiver.answer(500, 500);
    const events = [id(), id()].map((each, n) => ({ id: each, event_type: 'tick', data: { n } }));
    const submitBatch = () =>
      api.expect<{ events: Event[] }>(202, 'POST', `/v1/apps/${app.id}/events/batch`, { events });
    const { events: accepted } = await submitBatch();
    const [lost, kept] = await Promise.all(accepted.map((event) => when(event.id, waits)));
    if (!lost || !kept) throw new Error('the batch has two events');
    await untilBatchEnded(lost.id);
    const keptHandle = operator.client.workflow.getHandle(kept.workflow_id);
    const waiting = () => keptHandle.query<EventStatusAnswer>('status').catch(() => null);
    await expect.poll(waiting).toMatchObject({ deliveries: [{ state: 'waiting' }] });
    await operator.client.workflow.getHandle(lost.workflow_id).terminate();
    await lose(lost.id);
    await submitBatch();
    await delivered(lost.id);
    await lose(kept.id);
    await keptHandle.signal('hurry', kept.deliveries[0]?.id);
    await delivered(kept.id);
    expect(receiver.received).toHaveLength(4);
  });

  it('in another batch, when it would be refused by now, is begun again nevertheless', async () => {
    const { app, submit, when } = await given();
    const expiresAt = Date.now() + 5_000;
    const first = {
      id: id(),
      event_type: 'tick',
      data: { n: 1 },
      deliver_at: new Date(expiresAt - 1).toISOString(),
      expires_at: new Date(expiresAt).toISOString(),
    };
    const { workflow_id } = await submit(first);
    await when(first.id, waits);
    await operator.client.workflow.getHandle(workflow_id).terminate();
    await sleep(expiresAt - Date.now() + 1);
    await lose(first.id);
    // It is another process that gets it again: this one remembers what it has just accepted.
    await posthorn.restart();
    const other = { id: id(), event_type: 'tick', data: { n: 2 } };
    await api.expect(202, 'POST', `/v1/apps/${app.id}/events/batch`, { events: [first, other] });
    const { deliveries } = await api.eventThatIs('failed', app.id, first.id, PATIENCE_MS);
    expect(deliveries[0]).toMatchObject({ reason: 'expired' });
  });
});
