import { expect } from 'vitest';
import { reportSignal } from '../../src/workflows/messages.js';
import type { Webhook } from '../support/api-client.js';
import { given, type Scenario, type Stage } from './scenarios.js';

const healthOf = ({ id }: Webhook) => `endpoint-health/${id}`;

/** An endpoint on a profile whose deliveries fail at their first attempt until the receiver is told otherwise. */
async function failing(stage: Stage, settings: Record<string, unknown> = {}) {
  const stand = await given(stage, 'scute', { retry_limit: 0 });
  const { api } = stage.posthorn;
  await api.expect(200, 'PATCH', `/v1/apps/${stand.app.id}`, { settings });
  stand.receiver.answerAlways(500);
  const path = `/v1/apps/${stand.app.id}/webhooks/${stand.endpoint.id}`;
  return {
    ...stand,
    path,
    ends: async (status: string) => api.eventThatIs(status, stand.app.id, (await stand.submit()).id),
  };
}

/** What becomes of an endpoint's health, a scenario for each of its ends. */
export const healthScenarios: Readonly<Record<string, Scenario>> = {
  'failing and recovered': {
    async play(stage) {
      const { receiver, endpoint, ends } = await failing(stage);
      await ends('failed');
      receiver.answerAlways(200);
      await ends('delivered');
      await receiver.stop();
      return { 'health-recovered': healthOf(endpoint) };
    },
  },

  'disabled by its rule, enabled, and recovered': {
    async play(stage) {
      const { receiver, app, endpoint, path, ends, submit } = await failing(stage, {
        disable_after_failures: 2,
      });
      const { api } = stage.posthorn;
      await ends('failed');
      await ends('failed');
      await expect
        .poll(async () => (await api.expect<{ webhook: Webhook }>(200, 'GET', path)).webhook.status)
        .toBe('disabled');
      const held = await submit();
      await api.eventWhen(app.id, held.id, ({ deliveries }) => deliveries[0]?.reason === 'endpoint_disabled');
      receiver.answerAlways(200);
      await api.expect(200, 'POST', `${path}/enable`);
      await api.eventThatIs('delivered', app.id, held.id);
      await receiver.stop();
      return {
        'health-disabled-and-recovered': healthOf(endpoint),
        'held-by-rule': held.workflow_id,
        'drain-after-enabling': `drain/${endpoint.id}`,
      };
    },
  },

  'disabled by hand while failing': {
    async play(stage) {
      const { receiver, endpoint, path, ends } = await failing(stage);
      const { api } = stage.posthorn;
      await ends('failed');
      await api.expect(200, 'POST', `${path}/disable`);
      await stage.client.workflow.getHandle(healthOf(endpoint)).signal(reportSignal);
      await api.expect(200, 'POST', `${path}/enable`);
      receiver.answerAlways(200);
      await ends('delivered');
      await receiver.stop();
      return { 'health-disabled-by-hand': healthOf(endpoint) };
    },
  },

  'deleted while failing': {
    async play(stage) {
      const { receiver, endpoint, path, ends } = await failing(stage);
      await ends('failed');
      await stage.posthorn.api.expect(204, 'DELETE', path);
      await receiver.stop();
      return { 'health-deleted': healthOf(endpoint) };
    },
  },

  'told so often that it continues as new': {
    async play(stage) {
      const { receiver, endpoint, ends } = await failing(stage);
      await ends('failed');
      const handle = stage.client.workflow.getHandle(healthOf(endpoint));
      const { runId } = await handle.describe();
      await Promise.all(Array.from({ length: 300 }, () => handle.signal(reportSignal)));
      await expect.poll(async () => (await handle.describe()).runId, { timeout: 20_000 }).not.toBe(runId);
      receiver.answerAlways(200);
      await ends('delivered');
      await receiver.stop();
      return {
        'health-continued': { workflowId: healthOf(endpoint), runId },
        'health-continuation': healthOf(endpoint),
      };
    },
  },
};
