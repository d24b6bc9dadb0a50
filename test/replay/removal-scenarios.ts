import pg from 'pg';
import { expect } from 'vitest';
import type { RemovalState } from '../../src/workflows/slices.js';
import type { removeApp } from '../../src/workflows/index.js';
import { lookAgainSignal } from '../../src/workflows/messages.js';
import { hang } from '../support/receiver.js';
import { given, type Scenario, type Stage } from './scenarios.js';

const removalOf = (app: { id: string }) => `remove-app/${app.id}`;

/** A removal without a deletion: of an application that is there, or in the middle of one. */
function startRemoval({ posthorn, client }: Stage, appId: string, state?: RemovalState) {
  return client.workflow.start<typeof removeApp>('removeApp', {
    workflowId: removalOf({ id: appId }),
    taskQueue: posthorn.taskQueue,
    args: [appId, ...(state ? [state] : [])] as [string, RemovalState?],
  });
}

/** What the removal of an application's data may come to, a scenario for each. */
export const removalScenarios: Readonly<Record<string, Scenario>> = {
  'removal of an application with an attempt in flight': {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'standard');
      const { api } = stage.posthorn;
      await api.eventThatIs('delivered', app.id, (await submit()).id);
      receiver.answer(hang);
      await submit();
      await receiver.gets(2);
      await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
      await receiver.stop();
      return { removed: removalOf(app) };
    },
  },

  'removal that was started without a deletion': {
    async play(stage) {
      const { receiver, app } = await given(stage, 'standard');
      await (await startRemoval(stage, app.id)).result();
      await receiver.stop();
      return { 'removal-kept': removalOf(app) };
    },
  },

  'removal for more than a run of its workflow': {
    async play(stage) {
      const { receiver, app } = await given(stage, 'standard');
      // Its first look waits, as for a deletion that is being committed.
      const database = new pg.Client({ connectionString: stage.posthorn.databaseUrl });
      await database.connect();
      await database.query('begin');
      await database.query('select from apps where id = $1 for update', [app.id]);
      const removal = await startRemoval(stage, app.id);
      const runId = removal.firstExecutionRunId;
      // It looks again for as long as it is told to: until the first run is over.
      const first = stage.client.workflow.getHandle(removal.workflowId, runId);
      const isRunning = async () => (await first.describe()).status.name === 'RUNNING';
      const told = Array.from({ length: 6 }, async () => {
        while (await isRunning()) await first.signal(lookAgainSignal).catch(() => undefined);
      });
      await database.query('commit');
      await database.end();
      await Promise.all(told);
      expect((await first.describe()).status.name).toBe('CONTINUED_AS_NEW');
      await receiver.stop();
      return { 'removal-continued': { workflowId: removal.workflowId, runId } };
    },
  },

  'removal that goes on from a run before': {
    async play(stage) {
      const { receiver, app, submit } = await given(stage, 'standard');
      const { api } = stage.posthorn;
      const event = await api.eventThatIs('delivered', app.id, (await submit()).id);
      await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
      await stage.client.workflow.getHandle(removalOf(app)).terminate();
      const cursor = { createdAt: event.created_at, eventId: event.id, leftOpen: true };
      await (await startRemoval(stage, app.id, { cursor, pauseMs: 2_000, wasClear: true })).result();
      await receiver.stop();
      return { 'removal-continuation': removalOf(app) };
    },
  },
};
