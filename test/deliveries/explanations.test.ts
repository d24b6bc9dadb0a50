import { expect, it } from 'vitest';
import type { Delivery, ExplainedDelivery, Remedy } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { connectOperator } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What the API says of deliveries in each state, on real servers; what it says to do can be done. */

const posthorn = sharedPosthorn({ temporalUiUrl: 'http://127.0.0.1:8233' });
const { api } = posthorn;

async function given(
  webhook: Record<string, unknown> = {},
  profile = 'standard',
  settings: Record<string, unknown> = {},
) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp(profile, { settings });
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  const submit = (event: Record<string, unknown> = {}) =>
    api.submit(app.id, { event_type: 'tick', data: {}, ...event });
  const explained = (eventId: string, code: string) => api.deliveryExplainedBy(code, app.id, eventId);
  const to = (state: string) => api.expect(200, 'POST', `${path}/${state}`);
  return { receiver, app, endpoint, path, submit, explained, to };
}

/** The event of a delivery that waits for a place or a turn at its endpoint: the newest, whose turn comes last. */
async function heldOf(appId: string): Promise<string> {
  const path = `/v1/apps/${appId}/deliveries?reason=at_capacity`;
  const newest = async () =>
    (await api.expect<{ deliveries: Delivery[] }>(200, 'GET', path)).deliveries[0]?.event_id ?? '';
  await expect.poll(newest).not.toBe('');
  return newest();
}

/** Does what a remedy says; the members that its text leaves open are filled in. */
function carryOut({ method, path, action }: Remedy, webhookId: string) {
  const bodies: Record<string, unknown> = {
    resend: { webhook_id: webhookId },
    recover: { since: '2026-01-01T00:00:00Z' },
    change_endpoint: { webhook: { description: 'changed' } },
    add_endpoint: { webhook: { url: 'http://127.0.0.1:9/' } },
  };
  const body = bodies[action];
  return api.call(method ?? 'GET', path ?? '', body === undefined ? {} : { body });
}

const actions = ({ explanation }: ExplainedDelivery) => explanation.remedies.map(({ action }) => action);

it('delivered: which attempt, and what it got; the workflow is named and linked', async () => {
  const { app, submit, explained } = await given();
  const { id } = await submit();
  const delivery = await explained(id, 'delivered');
  expect(delivery.explanation.text).toMatch(/^Delivered at .* UTC: attempt 1 got 200 after \d+ ms\.$/);
  expect(delivery).toMatchObject({ schedule_ahead: [], explanation: { next: null, remedies: [] } });
  expect(delivery.workflow_id).toBe(`event/${app.id}/${id}`);
  expect(delivery.workflow_url).toBe(
    `http://127.0.0.1:8233/namespaces/default/workflows/${encodeURIComponent(delivery.workflow_id)}`,
  );
  const { delivery: alone } = await api.expect<{ delivery: ExplainedDelivery }>(
    200,
    'GET',
    `/v1/apps/${app.id}/deliveries/${delivery.id}`,
  );
  expect(alone).toEqual(delivery);
});

it('waits for a retry: when, of how many, by the schedule; retrying now is one call', async () => {
  const { receiver, submit, explained, endpoint } = await given({ schedule: [600, 1_200, 2_400] });
  receiver.answer(500);
  const { id } = await submit();
  const delivery = await explained(id, 'retry_due');
  const { explanation, next_attempt_at: nextAt, schedule_ahead: ahead } = delivery;
  expect(explanation.next).toEqual({ at: nextAt, number: 2, of: 4 });
  expect(explanation.until).toBe(nextAt);
  expect(explanation.text).toContain('Attempt 1 of 4 got 500');
  expect(explanation.text).toContain('the schedule waits 10 minutes before it');
  expect(explanation.text).toContain('2 more attempts would follow');
  expect(ahead.map(({ number }) => number)).toEqual([2, 3, 4]);
  expect(ahead[0]?.at).toBe(nextAt);
  expect(Date.parse(ahead[2]?.at ?? '') - Date.parse(ahead[1]?.at ?? '')).toBe(2_400_000);
  expect(actions(delivery)).toEqual(['fix_receiver', 'retry_now']);
  const [, retryNow] = explanation.remedies;
  expect(await carryOut(retryNow as Remedy, endpoint.id)).toMatchObject({ status: 202 });
  await explained(id, 'delivered');
});

it('shows the schedule that a delivery started with, whatever its endpoint has now', async () => {
  const { receiver, submit, explained, path } = await given({ schedule: [600, 1_200] });
  receiver.answer(500);
  const { id } = await submit();
  const before = await explained(id, 'retry_due');
  await api.expect(200, 'PATCH', path, { webhook: { schedule: [5] } });
  const after = await explained(id, 'retry_due');
  expect(after.schedule_ahead).toEqual(before.schedule_ahead);
  expect(after.schedule_ahead).toHaveLength(2);
  expect(after.explanation.next).toMatchObject({ number: 2, of: 3 });
});

it('exhausted, and refused: what the last attempt got; a resend and a recovery deliver it', async () => {
  for (const [code, status, profile] of [
    ['exhausted', 500, 'standard'],
    ['refused', 404, 'scute'],
  ] as const) {
    const scute = { event_type: 'user.created' };
    const { receiver, submit, explained, endpoint } = await given({ retry_limit: 0 }, profile);
    receiver.answer(status);
    const { id } = await submit(profile === 'scute' ? scute : {});
    const delivery = await explained(id, code);
    expect(delivery.explanation.text).toContain(`got ${status}`);
    expect(actions(delivery)).toEqual([
      status === 500 ? 'fix_receiver' : 'change_endpoint',
      'resend',
      'recover',
    ]);
    for (const remedy of delivery.explanation.remedies.slice(1)) {
      expect((await carryOut(remedy, endpoint.id)).status).toBe(202);
    }
    await receiver.gets(2);
  }
});

it('held while the endpoint is paused, or disabled; the remedy lets it go on', async () => {
  for (const [state, code, action] of [
    ['pause', 'held_paused', 'resume_endpoint'],
    ['disable', 'held_disabled', 'enable_endpoint'],
  ] as const) {
    const { submit, explained, to, endpoint } = await given();
    await to(state);
    const { id } = await submit();
    const delivery = await explained(id, code);
    const { text, since, until } = delivery.explanation;
    expect(text).toMatch(/^Held since .* UTC, because its endpoint /);
    expect(Date.parse(until ?? '') - Date.parse(since ?? '')).toBe(72 * 3_600_000);
    expect(actions(delivery)).toEqual([action]);
    expect(await carryOut(delivery.explanation.remedies[0] as Remedy, endpoint.id)).toMatchObject({
      status: 200,
    });
    await explained(id, 'delivered');
  }
});

it('scheduled, cancelled, expired, and left by a deleted endpoint', async () => {
  const { receiver, app, submit, explained, path } = await given({ schedule: [3_600] });
  const scheduled = await submit({ deliver_at: new Date(Date.now() + 3_600_000).toISOString() });
  const waiting = await explained(scheduled.id, 'scheduled');
  expect(waiting.explanation.next).toMatchObject({ number: 1, of: 2 });
  await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${scheduled.id}/cancel`);
  expect(actions(await explained(scheduled.id, 'cancelled'))).toEqual(['resend', 'recover']);

  receiver.answerAlways(500);
  const expiring = await submit({ expires_at: new Date(Date.now() + 1_800_000).toISOString() });
  expect((await explained(expiring.id, 'expired_event')).explanation.text).toContain('"expires_at"');

  const orphan = await submit();
  await explained(orphan.id, 'retry_due');
  await api.expect(204, 'DELETE', path);
  expect(actions(await explained(orphan.id, 'endpoint_deleted'))).toEqual(['add_endpoint']);
});

it('is being sent, and waits for a place at its endpoint', async () => {
  const { receiver, submit, explained } = await given({ max_in_flight: 1 });
  const answers: (() => void)[] = [];
  receiver.answerAlways((response) => void answers.push(() => response.writeHead(200).end()));
  const first = await submit();
  await receiver.gets(1);
  const sending = await explained(first.id, 'sending');
  expect(sending.explanation.text).toContain('the whole exchange may take');
  const second = await submit();
  const held = await explained(second.id, 'held_at_capacity');
  expect(held.explanation.text).toContain('"max_in_flight" allows 1 attempt at a time');
  receiver.answerAlways(200);
  for (const answer of answers) answer();
  await explained(second.id, 'delivered');
});

it('waits for its turn at an endpoint with a rate limit', async () => {
  const { app, submit, explained, path } = await given({ rate_limit: 1 });
  await Promise.all(Array.from({ length: 12 }, () => submit()));
  const last = await heldOf(app.id);
  const delivery = await explained(last, 'held_at_rate');
  expect(delivery.explanation.text).toContain('"rate_limit" allows 1 attempt a second');
  expect(delivery.explanation.remedies).toMatchObject([
    {
      action: 'change_endpoint',
      method: 'PATCH',
      path,
      text: expect.stringContaining('"rate_limit"') as string,
    },
  ]);
  await api.expect(200, 'PATCH', path, { webhook: { rate_limit: null } });
  await explained(last, 'delivered');
});

it('waits while an endpoint that answers slowly has its share of a worker', async () => {
  const { app, receiver, submit, explained } = await given();
  // An endpoint that has taken longer than 500 ms is slow for a minute.
  receiver.answer((response) => setTimeout(() => response.writeHead(200).end(), 1_000));
  await explained((await submit()).id, 'delivered');
  const answers: (() => void)[] = [];
  receiver.answerAlways((response) => void answers.push(() => response.writeHead(200).end()));
  const events = await Promise.all(Array.from({ length: 20 }, () => submit()));
  // A quarter of the worker's 50 places, and the one before.
  await receiver.gets(14);
  const held = await heldOf(app.id);
  const delivery = await explained(held, 'held_slow');
  expect(delivery.explanation.text).toContain('The endpoint answers slowly');
  expect(actions(delivery)).toEqual(['fix_receiver']);
  receiver.answerAlways(200);
  for (const answer of answers) answer();
  for (const { id } of events) await explained(id, 'delivered');
});

it('goes on after the deliveries that were held before it, once its endpoint is resumed', async () => {
  const { submit, explained, to } = await given({}, 'standard', { drain_per_second: 1 });
  await to('pause');
  const events = [];
  for (let n = 0; n < 4; n += 1) events.push((await submit()).id);
  const last = events.at(-1) ?? '';
  for (const id of events) await explained(id, 'held_paused');
  await to('resume');
  const delivery = await explained(last, 'draining');
  expect(delivery.explanation.text).toContain('the oldest first, 1 a second');
  expect(delivery.explanation.remedies).toEqual([]);
  await explained(last, 'delivered');
});

it('names the batch as the workflow of an event until that has one of its own', async () => {
  const { receiver, app, explained } = await given({ schedule: [3_600] });
  const operator = await connectOperator();
  const exists = async (workflowId: string) =>
    (await operator.client.workflow.getHandle(workflowId).describe()).workflowId === workflowId;
  const batch = () =>
    api.expect<{ events: { id: string; workflow_id: string }[] }>(
      202,
      'POST',
      `/v1/apps/${app.id}/events/batch`,
      { events: [{ event_type: 'tick', data: {} }] },
    );
  const [delivered] = (await batch()).events;
  if (!delivered) throw new Error('there is one');
  expect(delivered.workflow_id).toMatch(/^batch\//);
  expect((await explained(delivered.id, 'delivered')).workflow_id).toBe(delivered.workflow_id);
  receiver.answerAlways(500);
  const [failed] = (await batch()).events;
  if (!failed) throw new Error('there is one');
  const { workflow_id: own } = await explained(failed.id, 'retry_due');
  expect(own).toBe(`event/${app.id}/${failed.id}`);
  const { events } = await api.expect<{ events: { id: string; workflow_id: string }[] }>(
    200,
    'GET',
    `/v1/apps/${app.id}/events`,
  );
  expect(events.map(({ workflow_id }) => workflow_id)).toEqual([own, delivered.workflow_id]);
  for (const { workflow_id } of events) expect(await exists(workflow_id)).toBe(true);
});
