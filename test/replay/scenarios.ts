import type { Client } from '@temporalio/client';
import { expect } from 'vitest';
import type { Job } from '../support/api-client.js';
import { eventInput } from '../support/fixtures.js';
import { hang, Receiver } from '../support/receiver.js';
import type { startTestPosthorn, TestPosthorn } from '../support/test-posthorn.js';

/** What one scenario is given: a running Posthorn of its own and an operator's client. */
export interface Stage {
  readonly posthorn: TestPosthorn;
  readonly client: Client;
}

/** One run of a workflow that was continued as new. */
export interface Run {
  readonly workflowId: string;
  readonly runId: string;
}

/** One outcome, played out on real servers. */
export interface Scenario {
  /** Settings of the Posthorn that it is played with. */
  readonly options?: Parameters<typeof startTestPosthorn>[0];
  /** Gives the workflows whose histories show it, or one run of them, by the name to keep each under. */
  play(stage: Stage): Promise<Readonly<Record<string, string | Run>>>;
}

export async function given({ posthorn }: Stage, profile: string, webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app } = await posthorn.api.createApp(profile);
  const endpoint = await posthorn.api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const submit = () => posthorn.api.submit(app.id, { event_type: 'user.created', data: { name: 'Ada' } });
  return { receiver, app, endpoint, submit };
}

/** A recovery of events that were refused, slow enough to be met on its way. */
async function recovering(stage: Stage, count: number, perSecond = 5) {
  const { api } = stage.posthorn;
  const { receiver, app, endpoint, submit } = await given(stage, 'scute');
  await api.expect(200, 'PATCH', `/v1/apps/${app.id}`, { settings: { drain_per_second: perSecond } });
  receiver.answerAlways(404);
  for (let n = 0; n < count; n += 1) await api.eventThatIs('failed', app.id, (await submit()).id);
  receiver.answerAlways(200);
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  const { job } = await api.expect<{ job: Job }>(202, 'POST', `${path}/recover`, {
    since: new Date(Date.now() - 600_000).toISOString(),
  });
  await receiver.gets(count + 1);
  return {
    receiver,
    workflowId: `recover/${endpoint.id}/${job.id}`,
    to: (action: 'pause' | 'resume' | 'cancel') =>
      api.expect(200, 'POST', `${path}/jobs/${job.id}/${action}`),
    untilItIs: (status: string) =>
      expect
        .poll(() => api.expect(200, 'GET', `${path}/jobs/${job.id}`), { timeout: 100_000 })
        .toMatchObject({ job: { status } }),
  };
}

export async function untilLogged({ log }: TestPosthorn, text: string): Promise<void> {
  await expect.poll(() => log.some((line) => line.includes(text)), { timeout: 20_000 }).toBe(true);
}

/** One scenario per outcome. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  delivered: {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'standard');
      const queued = await submit();
      await stage.posthorn.api.eventThatIs('delivered', app.id, queued.id);
      const local = await submit();
      await stage.posthorn.api.eventThatIs('delivered', app.id, local.id);
      await receiver.stop();
      return { 'delivered-queued': queued.workflow_id, 'delivered-local': local.workflow_id };
    },
  },

  'delivered after retries': {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'scute');
      const first = await submit();
      await stage.posthorn.api.eventThatIs('delivered', app.id, first.id);
      receiver.answer(500, 500);
      const local = await submit();
      await stage.posthorn.api.eventThatIs('delivered', app.id, local.id, 60_000);
      const other = await given(stage, 'scute');
      other.receiver.answer(500);
      const queued = await other.submit();
      await stage.posthorn.api.eventThatIs('delivered', other.app.id, queued.id, 60_000);
      await Promise.all([receiver.stop(), other.receiver.stop()]);
      return {
        'delivered-after-retries-local': local.workflow_id,
        'delivered-after-retries': queued.workflow_id,
      };
    },
  },

  exhausted: {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'scute', { retry_limit: 1 });
      receiver.answerAlways(503);
      const event = await submit();
      await stage.posthorn.api.eventThatIs('failed', app.id, event.id, 30_000);
      await receiver.stop();
      return { exhausted: event.workflow_id };
    },
  },

  refused: {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'scute');
      receiver.answerAlways(404);
      const event = await submit();
      await stage.posthorn.api.eventThatIs('failed', app.id, event.id);
      await receiver.stop();
      return { refused: event.workflow_id };
    },
  },

  unmatched: {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'standard', { event_types: ['order.*'] });
      const event = await submit();
      await stage.posthorn.api.eventThatIs('unmatched', app.id, event.id);
      await receiver.stop();
      return { unmatched: event.workflow_id };
    },
  },

  'fan-out': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, submit } = await given(stage, 'scute');
      const failing = await Receiver.start(400);
      const flaky = await Receiver.start();
      flaky.answer(500);
      for (const { url } of [failing, flaky]) await api.createWebhook(app.id, { url });
      const event = await submit();
      await api.eventThatIs('failed', app.id, event.id, 30_000);
      await Promise.all([receiver, failing, flaky].map((each) => each.stop()));
      return { 'fan-out': event.workflow_id };
    },
  },

  resend: {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, submit } = await given(stage, 'scute');
      receiver.answer(404);
      const event = await submit();
      await api.eventThatIs('failed', app.id, event.id);
      await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${event.id}/resend`);
      await api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      const found = stage.client.workflow.list({ query: `PosthornApp = '${app.id}'` });
      const ids: string[] = [];
      // Visibility is eventually consistent: the resend is looked for until it is there.
      while (ids.length === 0) {
        for await (const { workflowId } of found) if (workflowId.startsWith('resend/')) ids.push(workflowId);
      }
      return { resend: ids[0] ?? '' };
    },
  },

  'held and released': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, endpoint, submit } = await given(stage, 'standard', { enabled: false });
      const event = await submit();
      await api.eventWhen(
        app.id,
        event.id,
        ({ deliveries }) => deliveries[0]?.reason === 'endpoint_disabled',
      );
      await api.expect(200, 'POST', `/v1/apps/${app.id}/webhooks/${endpoint.id}/enable`);
      await api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'held-and-released': event.workflow_id, drain: `drain/${endpoint.id}` };
    },
  },

  recovered: {
    async play(stage) {
      const { receiver, workflowId, untilItIs } = await recovering(stage, 3);
      await untilItIs('completed');
      await receiver.stop();
      return { recovered: workflowId };
    },
  },

  'recovery paused and resumed': {
    async play(stage) {
      const { receiver, workflowId, to, untilItIs } = await recovering(stage, 4);
      await to('pause');
      // It waits for a signal once no activity of its is left.
      const handle = stage.client.workflow.getHandle(workflowId);
      await expect
        .poll(async () => (await handle.describe()).raw.pendingActivities ?? [], { timeout: 20_000 })
        .toEqual([]);
      await to('resume');
      await untilItIs('completed');
      await receiver.stop();
      return { 'recover-paused': workflowId };
    },
  },

  'recovery for more than a run of its workflow': {
    async play(stage) {
      const { receiver, workflowId, untilItIs } = await recovering(stage, 30, 0.5);
      const { runId } = await stage.client.workflow.getHandle(workflowId).describe();
      await untilItIs('completed');
      await receiver.stop();
      return { 'recover-continued': { workflowId, runId } };
    },
  },

  'recovery cancelled': {
    async play(stage) {
      const { receiver, workflowId, to } = await recovering(stage, 4);
      await to('cancel');
      await receiver.stop();
      return { 'recover-cancelled': workflowId };
    },
  },

  cancelled: {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, submit } = await given(stage, 'standard');
      receiver.answerAlways(500);
      const event = await submit();
      await api.eventWhen(app.id, event.id, ({ deliveries }) => deliveries[0]?.status === 'failed');
      await stage.client.workflow.getHandle(event.workflow_id).cancel();
      await api.eventThatIs('cancelled', app.id, event.id);
      await receiver.stop();
      return { cancelled: event.workflow_id };
    },
  },

  'recorded late': {
    options: { postgresCanGoAway: true },
    async play(stage) {
      const { posthorn } = stage;
      const { receiver, app, submit } = await given(stage, 'standard');
      receiver.answer((response) => {
        posthorn.postgres?.cut();
        response.writeHead(500).end();
      });
      const event = await submit();
      await receiver.gets(1);
      posthorn.postgres?.restore();
      await expect.poll(async () => (await posthorn.api.call('GET', '/readyz')).status).toBe(200);
      await posthorn.api.eventThatIs('delivered', app.id, event.id, 60_000);
      await receiver.stop();
      return { 'recorded-late': event.workflow_id };
    },
  },

  'attempted late': {
    options: { postgresCanGoAway: true },
    async play(stage) {
      const { posthorn } = stage;
      const { receiver, app, submit } = await given(stage, 'standard');
      receiver.answer(500);
      const event = await submit();
      await posthorn.api.eventWhen(app.id, event.id, ({ deliveries }) => deliveries[0]?.status === 'failed');
      posthorn.postgres?.cut();
      await untilLogged(posthorn, 'could not be made');
      posthorn.postgres?.restore();
      await posthorn.api.eventThatIs('delivered', app.id, event.id, 60_000);
      await receiver.stop();
      return { 'attempted-late': event.workflow_id };
    },
  },

  'opened late': {
    options: { postgresCanGoAway: true },
    async play({ posthorn, client }) {
      const { receiver, app } = await given({ posthorn, client }, 'standard');
      const event = eventInput({ id: app.id, profile: app.profile });
      const workflowId = `event/${app.id}/${event.eventId}`;
      posthorn.postgres?.cut();
      // Started without the API, which could not look up the key.
      await client.workflow.start('deliverEvent', {
        workflowId,
        taskQueue: posthorn.taskQueue,
        args: [event],
      });
      const handle = client.workflow.getHandle(workflowId);
      await expect
        .poll(async () => (await handle.describe()).raw.pendingActivities?.length, { timeout: 20_000 })
        .toBe(1);
      posthorn.postgres?.restore();
      await posthorn.api.eventThatIs('delivered', app.id, event.eventId, 60_000);
      await receiver.stop();
      return { 'opened-late': workflowId };
    },
  },

  'cut off by shutdown and continued': {
    options: { graceMs: 200 },
    async play(stage) {
      const { posthorn } = stage;
      const { receiver, app, submit } = await given(stage, 'scute');
      receiver.answer(hang);
      const event = await submit();
      await receiver.gets(1);
      await posthorn.restart();
      await posthorn.api.eventThatIs('delivered', app.id, event.id, 60_000);
      await receiver.stop();
      return { 'cut-off-by-shutdown': event.workflow_id };
    },
  },

  'cut off by shutdown in the local path and continued': {
    options: { graceMs: 200 },
    async play(stage) {
      const { posthorn } = stage;
      const { receiver, app, submit } = await given(stage, 'scute');
      const first = await submit();
      await posthorn.api.eventThatIs('delivered', app.id, first.id);
      receiver.answer(hang);
      const event = await submit();
      await receiver.gets(2);
      await posthorn.restart();
      await posthorn.api.eventThatIs('delivered', app.id, event.id, 60_000);
      await receiver.stop();
      return { 'cut-off-by-shutdown-local': event.workflow_id };
    },
  },
};
