import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ApiClient, Event } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { connectOperator } from '../support/temporal.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** The schedule of what is running stays, whatever becomes of the endpoint while its first attempt is under way. */

let posthorn: TestPosthorn;
let api: ApiClient;
beforeAll(async () => {
  posthorn = await startTestPosthorn();
  api = posthorn.api;
});
afterAll(() => posthorn.stop());

/** A batch of one event whose first attempt is under way until `answer`. */
async function givenUnderWay(profile: string) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp(profile);
  const endpoint = await api.createWebhook(app.id, {
    url: receiver.url,
    ...(profile === 'standard' ? { schedule: [3_600] } : {}),
  });
  const isAsked = new Promise<(status: number) => void>((resolve) => {
    receiver.answer((response) => resolve((status) => void response.writeHead(status).end()));
  });
  const types = await api.expect<{ event_types: { name: string }[] }>(
    200,
    'GET',
    `/v1/apps/${app.id}/event-types`,
  );
  const [{ name: event_type } = { name: 'tick' }] = types.event_types;
  const { events } = await api.expect<{ events: Event[] }>(202, 'POST', `/v1/apps/${app.id}/events/batch`, {
    events: [{ event_type, data: {} }],
  });
  const [event] = events;
  if (!event) throw new Error('there is no event');
  const answer = await isAsked;
  return { receiver, app, endpoint, event, answer };
}

/** Waits until the event's own workflow has taken its delivery over from the batch. */
async function takenOver({ workflow_id }: Event): Promise<void> {
  const operator = await connectOperator();
  const handle = operator.client.workflow.getHandle(workflow_id);
  const known = async () => {
    const status = await handle.query<{ deliveries: unknown[] }>('status').catch(() => null);
    return status?.deliveries.length;
  };
  await expect.poll(known).toBe(1);
  await operator.close();
}

/** How often a task of its workflow has failed. */
async function failedTasks({ workflow_id }: Event): Promise<number> {
  const operator = await connectOperator();
  const { events } = await operator.client.workflow.getHandle(workflow_id).fetchHistory();
  await operator.close();
  return (events ?? []).filter((each) => each.workflowTaskFailedEventAttributes).length;
}

it.each([
  ['retry_limit: 0', { retry_limit: 0 }],
  ['schedule: []', { schedule: [] }],
])(
  'a schedule that is shortened by %s is kept, and the next attempt can be made',
  async (_what, change) => {
    const { receiver, app, endpoint, event, answer } = await givenUnderWay('standard');
    await api.expect(200, 'PATCH', `/v1/apps/${app.id}/webhooks/${endpoint.id}`, { webhook: change });
    await takenOver(event);
    answer(500);
    const { deliveries } = await api.eventWhen(
      app.id,
      event.id,
      ({ deliveries: [first] }) => typeof first?.next_attempt_at === 'string',
    );
    const [delivery] = deliveries;
    await api.expect(202, 'POST', `/v1/apps/${app.id}/deliveries/${delivery?.id}/retry`);
    const done = await api.eventThatIs('delivered', app.id, event.id);
    expect(done.deliveries[0]).toMatchObject({ attempt_count: 2 });
    expect(await failedTasks(event)).toBe(0);
    await receiver.stop();
  },
  60_000,
);

it('an endpoint that is deleted meanwhile ends the delivery, also where endpoints have no retries by default', async () => {
  const { receiver, app, endpoint, event, answer } = await givenUnderWay('scendcore');
  await api.expect(204, 'DELETE', `/v1/apps/${app.id}/webhooks/${endpoint.id}`);
  await takenOver(event);
  answer(500);
  const done = await api.eventThatIs('failed', app.id, event.id, 40_000);
  expect(done.deliveries[0]?.next_attempt_at).toBeNull();
  expect(await failedTasks(event)).toBe(0);
  await receiver.stop();
}, 60_000);
