import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Delivery, Job, ProblemBody } from '../support/api-client.js';
import { logAndTemporal, PATIENCE_MS, waits } from '../support/log-and-temporal.js';
import { hang } from '../support/receiver.js';

/** Temporal has lost a workflow, or somebody terminated it: what the log has as open goes on. */

const { posthorn, api, operator, database, stateOf, given } = logAndTemporal({
  lookAfter: { everyMs: 300, overdueMs: 2_000 },
});

const terminate = (workflowId: string) => operator.client.workflow.getHandle(workflowId).terminate();
const isTold = (id: string, text: string) =>
  posthorn.log.some((line) => line.includes(id) && line.includes(text));
const CARRIED_ON = 'carried on deliveries that had lost their workflow';

/** One that waits for an hour and has no workflow. */
async function stranded(webhook: Record<string, unknown> = {}) {
  const stage = await given({ schedule: [3_600, 3_600], ...webhook });
  stage.receiver.answer(500);
  const event = await stage.submit();
  const delivery = await stage.deliveryWhen(event.id, waits);
  await terminate(event.workflow_id);
  return { ...stage, event, delivery };
}

describe('a delivery whose workflow was terminated', () => {
  it('is retried by hand, and goes on by its schedule', async () => {
    const { receiver, app, event, delivery, deliveryWhen, delivered } = await stranded();
    receiver.answer(500);
    const retry = () =>
      api.call<{ delivery: Delivery } & ProblemBody>(
        'POST',
        `/v1/apps/${app.id}/deliveries/${delivery.id}/retry`,
      );
    expect((await retry()).status).toBe(202);
    await receiver.gets(2);
    const next = await deliveryWhen(event.id, (each) => waits(each) && each.attempt_count === 2);
    expect(Date.parse(next.next_attempt_at ?? '') - Date.now()).toBeGreaterThan(3_000_000);
    expect((await retry()).status).toBe(202);
    const { deliveries } = await delivered(event.id);
    expect(
      deliveries[0]?.attempts.map(({ number, possibly_repeated }) => [number, possibly_repeated]),
    ).toEqual([
      [1, false],
      [2, false],
      [3, false],
    ]);
    expect((await retry()).body.code).toBe('already_finished');
  });

  it('is cancelled, once', async () => {
    const { receiver, app, event } = await stranded();
    const cancel = () =>
      api.call<{ event: { status: string } } & ProblemBody>(
        'POST',
        `/v1/apps/${app.id}/events/${event.id}/cancel`,
      );
    expect(await cancel()).toMatchObject({ status: 202, body: { event: { status: 'cancelled' } } });
    expect(await cancel()).toMatchObject({ status: 409, body: { code: 'already_finished' } });
    expect(receiver.received).toHaveLength(1);
  });

  it('goes on by itself when it is overdue: one that waited', async () => {
    const { receiver, submit, when, delivered } = await given({ schedule: [2] });
    receiver.answer(500);
    const event = await submit();
    await when(event.id, waits);
    await terminate(event.workflow_id);
    const { deliveries } = await delivered(event.id);
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1 }, { number: 2, possibly_repeated: false }]);
    expect(isTold(event.id, CARRIED_ON)).toBe(true);
  });

  it('goes on by itself when it is overdue: one whose first attempt was under way, marked', async () => {
    const { receiver, submit, delivered } = await given();
    receiver.answer(hang);
    const event = await submit();
    await receiver.gets(1);
    await terminate(event.workflow_id);
    const { deliveries } = await delivered(event.id);
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1, possibly_repeated: true }]);
  });

  it('goes on by itself when it is overdue: one whose second attempt was under way, marked', async () => {
    const { receiver, submit, delivered } = await given({ schedule: [1] });
    receiver.answer(500, hang);
    const event = await submit();
    await receiver.gets(2);
    await terminate(event.workflow_id);
    const { deliveries } = await delivered(event.id);
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1 }, { number: 2, possibly_repeated: true }]);
  });

  it('of a resend goes on by itself, and by a repetition of the resend', async () => {
    const { receiver, app, submit, delivered } = await given();
    const event = await submit();
    await delivered(event.id);
    const resend = async (key: string) =>
      (
        await api.call<{ deliveries: Delivery[] }>('POST', `/v1/apps/${app.id}/events/${event.id}/resend`, {
          headers: { 'Idempotency-Key': key },
        })
      ).body.deliveries[0]?.id ?? '';
    const workflowOf = async (id: string) => {
      const { rows } = await database.query<{ workflow_id: string }>(
        'select workflow_id from deliveries where id = $1',
        [id],
      );
      return rows[0]?.workflow_id ?? '';
    };
    receiver.answer(hang, hang);
    const first = await resend('one');
    await receiver.gets(2);
    await terminate(await workflowOf(first));
    const key = randomUUID();
    const second = await resend(key);
    await receiver.gets(3);
    await terminate(await workflowOf(second));
    expect(await resend(key)).toBe(second);
    const { deliveries } = await api.eventWhen(app.id, event.id, (each) =>
      each.deliveries.every(({ status }) => status === 'delivered'),
    );
    expect(deliveries.map(({ id }) => id)).toEqual(expect.arrayContaining([first, second]));
    expect(receiver.received).toHaveLength(5);
  });

  it('ends as its workflow had ended it, when only the log has gone back: it is not sent again', async () => {
    const { receiver, submit, delivered } = await given({ schedule: [1] });
    receiver.answer(500);
    const event = await submit();
    const before = (await delivered(event.id)).deliveries[0];
    await expect.poll(() => stateOf(event.workflow_id)).toBe('COMPLETED');
    await database.query('delete from attempts where delivery_id = $1 and number = 2', [before?.id]);
    await database.query(
      `update deliveries set status = 'failed', completed_at = null, attempt_count = 1,
         next_attempt_at = now() - interval '1 hour' where id = $1`,
      [before?.id],
    );
    const { deliveries } = await delivered(event.id);
    expect(deliveries[0]).toMatchObject({ status: 'delivered', attempt_count: 2 });
    expect(isTold(event.id, 'ended deliveries whose workflow had already ended')).toBe(true);
    expect(receiver.received).toHaveLength(2);
  });

  it('is left alone while its workflow runs, however late it is', async () => {
    const { receiver, submit, deliveryWhen } = await given({ schedule: [3_600] });
    receiver.answer(500);
    const event = await submit();
    const { id } = await deliveryWhen(event.id, waits);
    await database.query(`update deliveries set next_attempt_at = now() - interval '1 hour' where id = $1`, [
      id,
    ]);
    const other = await stranded();
    await database.query(
      `update deliveries set next_attempt_at = now() - interval '1 minute' where id = $1`,
      [other.delivery.id],
    );
    // It is looked at after the first.
    await other.delivered(other.event.id);
    expect(isTold(event.id, CARRIED_ON)).toBe(false);
    expect(receiver.received).toHaveLength(1);
    const { startTime } = await operator.client.workflow.getHandle(event.workflow_id).describe();
    expect(startTime.getTime()).toBeLessThan(Date.parse(event.created_at) + 1_000);
  });
});

describe('an endpoint’s own workflows', () => {
  it('a drain that somebody terminated begins again', async () => {
    const { receiver, path, endpoint, submit, when, delivered } = await given({}, { drain_per_second: 1 });
    await api.expect(200, 'POST', `${path}/pause`);
    const events = [await submit(), await submit(), await submit()];
    for (const { id } of events) await when(id, ({ reason }) => reason === 'endpoint_paused');
    await api.expect(200, 'POST', `${path}/resume`);
    await terminate(`drain/${endpoint.id}`);
    for (const { id } of events) await delivered(id);
    expect(isTold(endpoint.id, 'carried on the release of held deliveries that had lost its workflow')).toBe(
      true,
    );
    expect(receiver.received).toHaveLength(3);
  });

  it('a recovery that somebody terminated goes on, and repeats nothing', async () => {
    const { receiver, app, path, endpoint, submit } = await given({ schedule: [] }, { drain_per_second: 1 });
    receiver.answer(404, 404, 404);
    const events = [await submit(), await submit(), await submit()];
    for (const { id } of events) await api.eventThatIs('failed', app.id, id);
    const { job } = await api.expect<{ job: Job }>(202, 'POST', `${path}/recover`, {
      since: new Date(Date.now() - 600_000).toISOString(),
    });
    await terminate(`recover/${endpoint.id}/${job.id}`);
    await expect
      .poll(() => api.expect(200, 'GET', `${path}/jobs/${job.id}`), { timeout: PATIENCE_MS })
      .toMatchObject({ job: { status: 'completed', done: 3 } });
    expect(receiver.received).toHaveLength(6);
  });

  it('one that is to be disabled is, though who watches its health was terminated', async () => {
    const { receiver, app, endpoint, path, submit } = await given(
      { schedule: [] },
      { disable_after_failures: 2 },
    );
    receiver.answerAlways(500);
    const first = await submit();
    await api.eventThatIs('failed', app.id, first.id);
    await expect.poll(() => stateOf(`endpoint-health/${endpoint.id}`)).toBe('RUNNING');
    await terminate(`endpoint-health/${endpoint.id}`);
    await database.query(
      `update endpoints set tripped = 'consecutive_failures', unwell = true where id = $1`,
      [endpoint.id],
    );
    await expect
      .poll(() => api.expect(200, 'GET', path))
      .toMatchObject({ webhook: { status: 'disabled', disabled_reason: 'consecutive_failures' } });
  });
});

describe('a resend', () => {
  it('that reaches no endpoint is refused', async () => {
    const { app, path, submit, delivered } = await given({ event_types: ['tick'] });
    const event = await submit();
    await delivered(event.id);
    const resend = (body?: unknown) =>
      api.call<ProblemBody>('POST', `/v1/apps/${app.id}/events/${event.id}/resend`, { body });
    await api.expect(200, 'PATCH', path, { webhook: { event_types: ['tock'] } });
    expect(await resend()).toMatchObject({ status: 409, body: { code: 'nothing_to_resend' } });
    await api.expect(200, 'PATCH', path, { webhook: { event_types: ['tick'], enabled: false } });
    expect(await resend()).toMatchObject({ status: 409, body: { code: 'nothing_to_resend' } });
    await api.expect(204, 'DELETE', path);
    expect(await resend()).toMatchObject({ status: 409, body: { code: 'nothing_to_resend' } });
  });

  it('is not what a delivery needs whose type was unsubscribed meanwhile: it goes on', async () => {
    const { receiver, path, submit, when, delivered } = await given({ event_types: ['tick'], schedule: [2] });
    receiver.answer(500);
    const event = await submit();
    await when(event.id, waits);
    await api.expect(200, 'PATCH', path, { webhook: { event_types: ['tock'] } });
    await delivered(event.id);
    expect(receiver.received).toHaveLength(2);
  });
});
