import pino from 'pino';
import { expect } from 'vitest';
import { dayOf } from '../../src/domain/day.js';
import { createPool } from '../../src/store/database/pool.js';
import type { RemovalState } from '../../src/workflows/slices.js';
import type { removeApp } from '../../src/workflows/index.js';
import { fillDay } from '../support/bulk-log.js';
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
      const { receiver, app, endpoint } = await given(stage, 'standard');
      const { api, databaseUrl } = stage.posthorn;
      const pool = createPool({ databaseUrl, connections: 1, logger: pino({ level: 'silent' }) });
      // More pages than a run has slices, and each page takes longer than a slice.
      const bulk = { appId: app.id, endpointId: endpoint.id, day: dayOf(new Date()) };
      await fillDay(pool, { ...bulk, events: 2_600 });
      await pool.query(`create function test_wait() returns trigger language plpgsql as
        $$ begin perform pg_sleep(2.1); return null; end $$`);
      await pool.query('create trigger test_wait before delete on events execute function test_wait()');
      await pool.end();
      await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
      const workflowId = removalOf(app);
      const { runId } = await stage.client.workflow.getHandle(workflowId).describe();
      const first = stage.client.workflow.getHandle(workflowId, runId);
      await expect
        .poll(async () => (await first.describe()).status.name, { timeout: 100_000 })
        .toBe('CONTINUED_AS_NEW');
      await receiver.stop();
      return { 'removal-continued': { workflowId, runId } };
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
