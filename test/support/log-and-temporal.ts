import type pg from 'pg';
import { beforeAll, vi } from 'vitest';
import type { Delivery } from './api-client.js';
import { connectTo } from './database.js';
import { Receiver } from './receiver.js';
import { sharedOperator } from './temporal.js';
import { sharedPosthorn, type TestPosthornOptions } from './test-posthorn.js';

/** On a busy machine. */
export const PATIENCE_MS = 60_000;

export const waits = ({ next_attempt_at }: Delivery) => next_attempt_at !== null;

/** The Posthorn of a file whose tests change its log or its workflows behind its back. */
export function logAndTemporal(options: TestPosthornOptions = {}) {
  vi.setConfig({ testTimeout: 3 * PATIENCE_MS, expect: { poll: { timeout: PATIENCE_MS } } });
  const posthorn = sharedPosthorn(options);
  const { api } = posthorn;
  const operator = sharedOperator();
  let connection: pg.Client;
  beforeAll(async () => {
    connection = await connectTo(posthorn.databaseUrl);
  });
  return {
    posthorn,
    api,
    operator,
    database: {
      query: <Row extends pg.QueryResultRow>(statement: string, values?: unknown[]) =>
        connection.query<Row>(statement, values),
    },
    /** Of a workflow's latest run; null when there is none. */
    stateOf: (workflowId: string) =>
      operator.client.workflow
        .getHandle(workflowId)
        .describe()
        .then(({ status }) => status.name)
        .catch(() => null),
    /** An application with an endpoint. */
    given: async (webhook: Record<string, unknown> = {}, settings: Record<string, unknown> = {}) => {
      const receiver = await Receiver.start();
      const { app } = await api.createApp('standard', { settings });
      const endpoint = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
      /** As soon as its delivery is as wanted. */
      const when = (id: string, wanted: (delivery: Delivery) => boolean) =>
        api.eventWhen(app.id, id, ({ deliveries: [first] }) => !!first && wanted(first), PATIENCE_MS);
      return {
        receiver,
        app,
        endpoint,
        path: `/v1/apps/${app.id}/webhooks/${endpoint.id}`,
        submit: (event: Record<string, unknown> = {}) =>
          api.submit(app.id, { event_type: 'tick', data: { n: 1 }, ...event }),
        when,
        deliveryWhen: async (...asked: Parameters<typeof when>) =>
          (await when(...asked)).deliveries[0] as Delivery,
        delivered: (id: string) => api.eventThatIs('delivered', app.id, id, PATIENCE_MS),
      };
    },
  };
}
