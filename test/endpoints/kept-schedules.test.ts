import { expect, it } from 'vitest';
import { ownWorkflow, type Event } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { sharedOperator, untilDeliveryKnown } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** The schedule of what is running stays, whatever becomes of the endpoint while its first attempt is under way. */

const { api } = sharedPosthorn();
const operator = sharedOperator();

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

/** How often a task of its workflow has failed. */
async function failedTasks(event: Event): Promise<number> {
  const { events } = await operator.client.workflow.getHandle(ownWorkflow(event)).fetchHistory();
  return (events ?? []).filter((each) => each.workflowTaskFailedEventAttributes).length;
}

it.each([
  ['retry_limit: 0', { retry_limit: 0 }],
  ['schedule: []', { schedule: [] }],
])(
  'a schedule that is shortened by %s is kept, and the next attempt can be made',
  async (_what, change) => {
    const { app, endpoint, event, answer } = await givenUnderWay('standard');
    await api.expect(200, 'PATCH', `/v1/apps/${app.id}/webhooks/${endpoint.id}`, { webhook: change });
    await untilDeliveryKnown(operator, ownWorkflow(event));
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
  },
  60_000,
);

it('an endpoint that is deleted meanwhile ends the delivery, also where endpoints have no retries by default', async () => {
  const { app, endpoint, event, answer } = await givenUnderWay('scendcore');
  await api.expect(204, 'DELETE', `/v1/apps/${app.id}/webhooks/${endpoint.id}`);
  await untilDeliveryKnown(operator, ownWorkflow(event));
  answer(500);
  const done = await api.eventThatIs('failed', app.id, event.id, 40_000);
  expect(done.deliveries[0]?.next_attempt_at).toBeNull();
  expect(await failedTasks(event)).toBe(0);
}, 60_000);
