import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError } from '@temporalio/client';
import { describe, expect, it, vi } from 'vitest';
import { ownWorkflow, type Event } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { sharedOperator, untilDeliveryKnown } from '../support/temporal.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** First attempts that have no answer when their opening ends: what else is to be done does not wait for them. */

const { api } = sharedPosthorn();
const operator = sharedOperator();

/** An application with an endpoint that has earned the fast path, and answers its next event when it is told to. */
async function given() {
  const { app } = await api.createApp('standard');
  const slow = await Receiver.start();
  const endpoint = await api.createWebhook(app.id, { url: slow.url, event_types: ['both', 'slow'] });
  const submit = (event_type: string) => api.submit(app.id, { event_type, data: {} });
  const { id } = await submit('slow');
  await api.eventThatIs('delivered', app.id, id);
  const isAsked = new Promise<(status: number) => void>((resolve) => {
    slow.answer((response) => resolve((status) => void response.writeHead(status).end()));
  });
  return {
    app,
    slow,
    endpoint,
    submit,
    isAsked,
    batch: async (...submitted: { event_type: string; deliver_at?: string }[]) => {
      const events = submitted.map((event) => ({ ...event, data: {} }));
      const path = `/v1/apps/${app.id}/events/batch`;
      return (await api.expect<{ events: Event[] }>(202, 'POST', path, { events })).events;
    },
    cancel: async ({ id: event }: Event) => {
      const path = `/v1/apps/${app.id}/events/${event}/cancel`;
      // An event of a batch may be without a workflow for a moment.
      const answer = () => api.call<{ code?: string }>('POST', path);
      let { status, body } = await answer();
      while (body.code === 'being_opened') ({ status, body } = await answer());
      expect(status).toBe(202);
    },
  };
}

type Stand = Awaited<ReturnType<typeof given>>;

const onlyDelivery = ({ deliveries }: Required<Event>) => deliveries[0];

describe('a first attempt that is under way', () => {
  it('holds up neither the retries nor the queued first attempts of the event’s other deliveries', async () => {
    const { app, slow, endpoint, submit, isAsked } = await given();
    const failing = await Receiver.start();
    await api.createWebhook(app.id, { url: failing.url, event_types: ['both', 'other'], schedule: [1, 1] });
    await api.eventThatIs('delivered', app.id, (await submit('other')).id);
    const unknown = await Receiver.start();
    await api.createWebhook(app.id, { url: unknown.url, event_types: ['both'] });
    failing.answer(500, 500);

    const { id } = await submit('both');
    const answer = await isAsked;
    await unknown.gets(1);
    await failing.gets(4);
    // Had they waited for it, its time would be up.
    answer(200);
    const event = await api.eventThatIs('delivered', app.id, id);
    const first = event.deliveries.find(({ webhook_id }) => webhook_id === endpoint.id);
    expect(first?.attempts).toMatchObject([{ number: 1, status_code: 200, possibly_repeated: false }]);
    expect(slow.received).toHaveLength(2);
  }, 60_000);

  it('holds up no other event of its batch that was late as well', async () => {
    const { app, slow, batch, isAsked } = await given();
    const failing = await Receiver.start();
    await api.createWebhook(app.id, { url: failing.url, event_types: ['other'], schedule: [1] });
    failing.answer((response) => void sleep(1_500).then(() => response.writeHead(500).end()));
    const [late, retried] = await batch({ event_type: 'slow' }, { event_type: 'other' });
    const answer = await isAsked;
    await api.eventThatIs('delivered', app.id, retried?.id ?? '');
    expect(failing.received).toHaveLength(2);
    answer(200);
    const event = await api.eventThatIs('delivered', app.id, late?.id ?? '');
    expect(onlyDelivery(event)?.attempts).toMatchObject([{ number: 1, possibly_repeated: false }]);
    expect(slow.received).toHaveLength(2);
  }, 60_000);

  it('is made once when its event, of a batch, was to be sent at a time that has passed', async () => {
    const { app, slow, batch, isAsked } = await given();
    const [event] = await batch({ event_type: 'slow', deliver_at: '2020-01-01T00:00:00Z' });
    const answer = await isAsked;
    await untilDeliveryKnown(operator, event ? ownWorkflow(event) : '');
    answer(200);
    const { deliveries } = await api.eventThatIs('delivered', app.id, event?.id ?? '');
    expect(deliveries[0]?.attempts).toMatchObject([{ number: 1, possibly_repeated: false }]);
    expect(slow.received).toHaveLength(2);
  });

  describe.each([
    ['of an event', ({ submit }: Stand) => submit('slow')],
    ['of an event of a batch', async ({ batch }: Stand) => (await batch({ event_type: 'slow' }))[0] as Event],
  ])('%s', (_what, accept) => {
    it.each([
      [200, 'delivered', { status: 'delivered', reason: null }],
      [500, 'cancelled', { status: 'failed', reason: 'cancelled' }],
    ])(
      'is finished when the event is cancelled, and %i counts',
      async (status, outcome, delivery) => {
        const stand = await given();
        const accepted = await accept(stand);
        const answer = await stand.isAsked;
        await stand.cancel(accepted);
        answer(status);
        const event = await api.eventThatIs(outcome, stand.app.id, accepted.id);
        expect(onlyDelivery(event)).toMatchObject({
          ...delivery,
          attempts: [{ number: 1, status_code: status }],
        });
        expect(stand.slow.received).toHaveLength(2);
      },
      60_000,
    );
  });
});

describe('answers for which the process was too busy', () => {
  it('leave the events of a batch no workflows of their own, and their endpoint the fast path', async () => {
    const { app } = await api.createApp('standard');
    const receiver = await Receiver.start();
    await api.createWebhook(app.id, { url: receiver.url });
    const { id } = await api.submit(app.id, { event_type: 'first', data: {} });
    await api.eventThatIs('delivered', app.id, id);
    let batches = 0;
    const deliverBatch = async () => {
      const submitted = Array.from({ length: 20 }, () => ({ event_type: 'batch', data: {} }));
      const path = `/v1/apps/${app.id}/events/batch`;
      const { events } = await api.expect<{ events: Event[] }>(202, 'POST', path, { events: submitted });
      await Promise.all(events.map((event) => api.eventThatIs('delivered', app.id, event.id)));
      batches += 1;
      const ended = `ExecutionStatus = 'Completed' and WorkflowId STARTS_WITH 'batch/${app.id}/'`;
      await vi.waitUntil(async () => (await operator.client.workflow.count(ended)).count === batches, 20_000);
      for (const event of events) {
        expect(event.workflow_id).toMatch(/^batch\//);
        const own = operator.client.workflow.getHandle(ownWorkflow(event));
        await expect(own.describe()).rejects.toThrow(WorkflowNotFoundError);
      }
    };
    receiver.answer((response) => {
      block(700);
      response.end();
    });
    await deliverBatch();
    await deliverBatch();
  }, 60_000);
});

/** Takes all of this process's time. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
