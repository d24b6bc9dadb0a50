import { expect } from 'vitest';
import { ownWorkflow, type Event } from '../support/api-client.js';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { hang, Receiver } from '../support/receiver.js';
import { batchWorkflow, fast } from './batch-scenarios.js';
import { untilLogged, type Scenario } from './scenarios.js';

const LATE_MS = 1_500;

/** First attempts that have no answer when their opening ends. */
export const underWayScenarios: Readonly<Record<string, Scenario>> = {
  'answered late, then retried': {
    async play(stage) {
      const { receiver, app, submit } = await fast(stage, { schedule: [1] });
      receiver.answer((response) => void setTimeout(() => response.writeHead(500).end(), LATE_MS));
      const event = await submit();
      await stage.posthorn.api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'answered-late': event.workflow_id };
    },
  },

  'cancelled under way, and delivered': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, submit } = await fast(stage);
      const isAsked = new Promise<() => void>((resolve) => {
        receiver.answer((response) => resolve(() => void response.end()));
      });
      const event = await submit();
      const answer = await isAsked;
      await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${event.id}/cancel`);
      answer();
      await api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'cancelled-under-way': event.workflow_id };
    },
  },

  'under way when PostgreSQL goes away': {
    options: { postgresCanGoAway: true },
    async play(stage) {
      const { posthorn } = stage;
      const { receiver, app, submit } = await fast(stage, { schedule: [1] });
      receiver.answer((response) => {
        posthorn.postgres?.cut();
        setTimeout(() => response.writeHead(500).end(), LATE_MS);
      });
      const event = await submit();
      await untilLogged(posthorn, 'could not record an outcome yet');
      posthorn.postgres?.restore();
      await expect.poll(async () => (await posthorn.api.call('GET', '/readyz')).status).toBe(200);
      await posthorn.api.eventThatIs('delivered', app.id, event.id, 60_000);
      await receiver.stop();
      return { 'recorded-late-under-way': event.workflow_id };
    },
  },

  'broken off by shutdown under way, and continued': {
    options: { graceMs: 1_000 },
    async play(stage) {
      const { receiver, app, submit } = await fast(stage);
      const { received } = receiver;
      receiver.answer(hang);
      const event = await submit();
      await receiver.gets(received.length + 1);
      await stage.posthorn.restart();
      await stage.posthorn.api.eventThatIs('delivered', app.id, event.id, 60_000);
      await receiver.stop();
      return { 'broken-off-under-way': event.workflow_id };
    },
  },

  'lost under way, and made again': {
    async play() {
      const receiver = await Receiver.start();
      const database = await createDatabase();
      const environment = {
        DATABASE_URL: database.url,
        POSTHORN_TASK_QUEUE: `lost-${database.url.slice(-12)}`,
      };
      const before = await PosthornProcess.start('all', environment);
      const { app } = await before.api.createApp('standard');
      await before.api.createWebhook(app.id, { url: receiver.url });
      const submit = () => before.api.submit(app.id, { event_type: 'tick', data: {} });
      await before.api.eventThatIs('delivered', app.id, (await submit()).id);
      receiver.answer((response) => {
        // When the workflow knows that it is under way.
        setTimeout(() => void before.kill().then(() => response.destroy()), LATE_MS);
      });
      const { id, workflow_id } = await submit();
      await before.ended;
      const after = await PosthornProcess.start('all', environment);
      await after.api.eventThatIs('delivered', app.id, id, 60_000);
      await after.stop();
      await receiver.stop();
      await database.drop();
      return { 'lost-under-way': workflow_id };
    },
  },

  'a batch whose outcomes PostgreSQL does not take': {
    options: { postgresCanGoAway: true },
    async play(stage) {
      const { posthorn } = stage;
      const { receiver, app, send } = await fast(stage, { schedule: [1] });
      receiver.answer((response) => {
        posthorn.postgres?.cut();
        response.writeHead(500).end();
      });
      const sending = send(1);
      await untilLogged(posthorn, 'could not record an outcome yet');
      posthorn.postgres?.restore();
      const [event] = await sending;
      await expect.poll(async () => (await posthorn.api.call('GET', '/readyz')).status).toBe(200);
      await posthorn.api.eventThatIs('delivered', app.id, event?.id ?? '', 60_000);
      await receiver.stop();
      return {
        'batch-recorded-late': await batchWorkflow(stage, app.id),
        'carried-on-unrecorded': event ? ownWorkflow(event) : '',
      };
    },
  },

  'a batch with first attempts under way': {
    async play(stage) {
      const { api } = stage.posthorn;
      const { receiver, app, batchOf } = await fast(stage, { schedule: [1] });
      receiver.answer(500, (response) => void setTimeout(() => response.writeHead(500).end(), LATE_MS));
      const events = await batchOf(3);
      const whole = await Promise.all(events.map(({ id }) => api.event(app.id, id)));
      const late = whole.find(isLate);
      await receiver.stop();
      return {
        'batch-with-late-answer': await batchWorkflow(stage, app.id),
        'carried-on-under-way': late ? ownWorkflow(late) : '',
      };
    },
  },
};

function isLate({ deliveries }: Required<Event>): boolean {
  return deliveries.some(({ attempts }) =>
    attempts.some(({ duration_ms }) => (duration_ms ?? 0) > LATE_MS / 2),
  );
}
