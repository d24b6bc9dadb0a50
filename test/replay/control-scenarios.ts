import type { Continued } from '../../src/workflows/continued.js';
import type { deliverEvent } from '../../src/workflows/index.js';
import type { Delivery } from '../support/api-client.js';
import { eventInput } from '../support/fixtures.js';
import { given, type Scenario } from './scenarios.js';

const HOUR_MS = 3_600_000;
const waits = (delivery: Delivery | undefined) => (delivery?.next_attempt_at ?? null) !== null;

/** What is done about deliveries that wait, a scenario for each. */
export const controlScenarios: Readonly<Record<string, Scenario>> = {
  'retried now': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, submit } = await given(stage, 'standard', { schedule: [3_600, 3_600] });
      const fast = await submit();
      await api.eventThatIs('delivered', app.id, fast.id);
      // The first in the workflow's own task, then one attempt as an activity that is interrupted.
      receiver.answer(500, 500);
      const event = await submit();
      for (const attempts of [1, 2]) {
        const { deliveries } = await api.eventWhen(
          app.id,
          event.id,
          ({ deliveries: [first] }) => waits(first) && first?.attempt_count === attempts,
        );
        await api.expect(202, 'POST', `/v1/apps/${app.id}/deliveries/${deliveries[0]?.id}/retry`);
      }
      await api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'retried-now': event.workflow_id };
    },
  },

  'paused in backoff, resumed': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, endpoint, submit } = await given(stage, 'standard', { schedule: [1] });
      receiver.answer(500);
      const event = await submit();
      await api.eventWhen(app.id, event.id, ({ deliveries }) => waits(deliveries[0]));
      const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
      await api.expect(200, 'POST', `${path}/pause`);
      await api.eventWhen(app.id, event.id, ({ deliveries }) => deliveries[0]?.reason === 'endpoint_paused');
      await api.expect(200, 'POST', `${path}/resume`);
      await api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'paused-and-resumed': event.workflow_id, 'drain-after-resuming': `drain/${endpoint.id}` };
    },
  },

  'held until it expired': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, submit } = await given(stage, 'standard', { enabled: false });
      await api.expect(200, 'PATCH', `/v1/apps/${app.id}`, { settings: { hold_hours: 1 / 3_600 } });
      const event = await submit();
      await api.eventThatIs('failed', app.id, event.id);
      await receiver.stop();
      return { 'expired-while-held': event.workflow_id };
    },
  },

  'cancelled while held': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, submit } = await given(stage, 'standard', { enabled: false });
      const event = await submit();
      await api.eventWhen(app.id, event.id, ({ deliveries }) => deliveries[0]?.status === 'pending');
      await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${event.id}/cancel`);
      await receiver.stop();
      return { 'cancelled-while-held': event.workflow_id };
    },
  },

  scheduled: {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app } = await given(stage, 'standard');
      const submitAt = (ms: number) =>
        api.submit(app.id, {
          event_type: 'tick',
          data: {},
          deliver_at: new Date(Date.now() + ms).toISOString(),
        });
      const [soon, hurried] = [await submitAt(1_500), await submitAt(HOUR_MS)];
      const { deliveries } = await api.eventWhen(app.id, hurried.id, ({ deliveries: [first] }) =>
        waits(first),
      );
      await api.expect(202, 'POST', `/v1/apps/${app.id}/deliveries/${deliveries[0]?.id}/retry`);
      for (const { id } of [soon, hurried]) await api.eventThatIs('delivered', app.id, id);
      await receiver.stop();
      return { scheduled: soon.workflow_id, 'scheduled-and-hurried': hurried.workflow_id };
    },
  },

  'at capacity for more than a run of the drain': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, endpoint, submit } = await given(stage, 'standard', { rate_limit: 0.5 });
      const events = await Promise.all(Array.from({ length: 32 }, () => submit()));
      await receiver.gets(2);
      const drain = stage.client.workflow.getHandle(`drain/${endpoint.id}`);
      const { runId } = await drain.describe();
      for (const { id } of events) await api.eventThatIs('delivered', app.id, id, 100_000);
      await receiver.stop();
      const last = events.at(-1)?.workflow_id ?? '';
      return { 'at-capacity': last, 'drain-continued': { workflowId: `drain/${endpoint.id}`, runId } };
    },
  },

  'deleted in backoff': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, endpoint, submit } = await given(stage, 'standard', { schedule: [3_600] });
      receiver.answerAlways(500);
      const event = await submit();
      await api.eventWhen(app.id, event.id, ({ deliveries }) => waits(deliveries[0]));
      await api.expect(204, 'DELETE', `/v1/apps/${app.id}/webhooks/${endpoint.id}`);
      await api.eventThatIs('failed', app.id, event.id);
      await receiver.stop();
      return { 'deleted-in-backoff': event.workflow_id, 'drain-after-deletion': `drain/${endpoint.id}` };
    },
  },

  'an event whose history became long, in the run after that': {
    async play(stage) {
      const { api, taskQueue } = stage.posthorn;
      const { receiver, app, endpoint, submit } = await given(stage, 'standard', { enabled: false });
      const event = await submit();
      const { deliveries } = await api.eventWhen(
        app.id,
        event.id,
        ({ deliveries: [first] }) => first?.reason === 'endpoint_disabled',
      );
      const handle = stage.client.workflow.getHandle(event.workflow_id);
      await handle.terminate();
      // As the run before would have left it.
      const continued: Continued = {
        ended: [],
        deliveries: deliveries.map(({ id }) => ({
          id,
          endpointId: endpoint.id,
          schedule: { kind: 'table', delaysSeconds: [5] },
          timeLimitMs: 15_000,
          host: null,
          first: { kind: 'left', step: { kind: 'held', next: 1, forMs: HOUR_MS }, attempt: 1 },
        })),
      };
      const input = eventInput({ id: app.id, profile: 'standard' }, { eventId: event.id });
      await stage.client.workflow.start<typeof deliverEvent>('deliverEvent', {
        workflowId: event.workflow_id,
        taskQueue,
        args: [input, continued],
      });
      await api.expect(200, 'POST', `/v1/apps/${app.id}/webhooks/${endpoint.id}/enable`);
      await api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'event-continuation': event.workflow_id };
    },
  },
};
