import pg from 'pg';
import { given, type Scenario, type Stage } from './scenarios.js';

/** As a restore to the moment before an event was opened leaves the log. */
async function lose({ posthorn }: Stage, eventId: string): Promise<void> {
  const client = new pg.Client({ connectionString: posthorn.databaseUrl });
  await client.connect();
  await client.query(
    `with delivery as (
       delete from deliveries where event_id = $1 returning id
     ), attempt as (
       delete from attempts a using delivery where a.delivery_id = delivery.id
     ), event as (
       delete from events where id = $1
     )
     delete from event_keys where event_id = $1`,
    [eventId],
  );
  await client.end();
}

/** What workflows do whose event the log has lost. */
export const logGapScenarios: Readonly<Record<string, Scenario>> = {
  'lost by the log while it waits, delivered': {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'standard', { schedule: [2] });
      receiver.answer(500);
      const event = await submit();
      const { api } = stage.posthorn;
      await api.eventWhen(app.id, event.id, ({ deliveries: [first] }) => !!first?.next_attempt_at);
      await lose(stage, event.id);
      await api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { reopened: event.workflow_id };
    },
  },

  'lost by the log under way, its outcome recorded': {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'standard');
      const isAsked = new Promise<() => void>((resolve) => {
        receiver.answer((response) => resolve(() => void response.end()));
      });
      const event = await submit();
      const answer = await isAsked;
      await lose(stage, event.id);
      answer();
      await stage.posthorn.api.eventThatIs('delivered', app.id, event.id);
      await receiver.stop();
      return { 'reopened-for-outcome': event.workflow_id };
    },
  },

  'lost by the log while it waits, cancelled': {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'standard', { schedule: [3_600] });
      receiver.answer(500);
      const event = await submit();
      const { api } = stage.posthorn;
      await api.eventWhen(app.id, event.id, ({ deliveries: [first] }) => !!first?.next_attempt_at);
      await lose(stage, event.id);
      await api.expect(202, 'POST', `/v1/apps/${app.id}/events/${event.id}/cancel`);
      await api.eventThatIs('cancelled', app.id, event.id);
      await receiver.stop();
      return { 'reopened-for-cancellation': event.workflow_id };
    },
  },
};
