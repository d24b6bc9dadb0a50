import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from '../support/api-client.js';
import { given, type Scenario, type Stage } from './scenarios.js';

/** An endpoint that has earned the fast path, and what is done with batches for it. */
export async function fast(stage: Stage, webhook: Record<string, unknown> = {}) {
  const stand = await given(stage, 'standard', webhook);
  const { api } = stage.posthorn;
  const { app, submit } = stand;
  await api.eventThatIs('delivered', app.id, (await submit()).id);
  const send = async (count: number) => {
    const body = { events: Array.from({ length: count }, (_, n) => ({ event_type: 'tick', data: { n } })) };
    const path = `/v1/apps/${app.id}/events/batch`;
    return (await api.expect<{ events: Event[] }>(202, 'POST', path, body)).events;
  };
  const batchOf = async (count: number) => {
    const events = await send(count);
    for (const { id } of events) await api.eventThatIs('delivered', app.id, id);
    return events;
  };
  return { ...stand, send, batchOf };
}

/** The batch's workflow, the only one of the application. */
export async function batchWorkflow({ client }: Stage, appId: string): Promise<string> {
  const query = `PosthornApp = '${appId}' and WorkflowType = 'deliverBatch'`;
  for (;;) {
    for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
    await sleep(50);
  }
}

/** First attempts that are made with an opening, alone and in batches. */
export const batchScenarios: Readonly<Record<string, Scenario>> = {
  'delivered with its opening': {
    async play(stage) {
      const { receiver, app, submit } = await fast(stage);
      const { api } = stage.posthorn;
      const delivered = await submit();
      await api.eventThatIs('delivered', app.id, delivered.id);
      await receiver.stop();
      return { 'delivered-with-opening': delivered.workflow_id };
    },
  },

  'failed with its opening, then delivered': {
    async play(stage) {
      const { receiver, app, submit } = await fast(stage, { schedule: [1] });
      receiver.answer(500);
      const event = await submit();
      await stage.posthorn.api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'retried-after-opening': event.workflow_id };
    },
  },

  'a batch delivered at once': {
    async play(stage) {
      const { receiver, app, batchOf } = await fast(stage);
      await batchOf(250);
      await receiver.stop();
      return { batch: await batchWorkflow(stage, app.id) };
    },
  },

  'a batch of which some are carried on': {
    async play(stage) {
      const { receiver, app, batchOf } = await fast(stage, { schedule: [1] });
      const { api } = stage.posthorn;
      receiver.answer(500);
      const events = await batchOf(3);
      const whole = await Promise.all(events.map(({ id }) => api.event(app.id, id)));
      const carriedOn = whole.find(({ deliveries }) => deliveries[0]?.attempt_count === 2);
      await receiver.stop();
      return {
        'batch-with-rest': await batchWorkflow(stage, app.id),
        'carried-on': carriedOn?.workflow_id ?? '',
      };
    },
  },
};
