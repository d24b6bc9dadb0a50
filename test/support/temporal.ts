import { Client, Connection } from '@temporalio/client';
import { beforeAll, expect, inject } from 'vitest';
import { statusQuery } from '../../src/workflows/messages.js';
import { stopAfterwards } from './stop-afterwards.js';

export interface Operator {
  readonly client: Client;
  close(): Promise<void>;
}

/** A client of the run's Temporal server, as an operator would have one. */
export async function connectOperator(): Promise<Operator> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  return { client: new Client({ connection }), close: stopAfterwards(() => connection.close()) };
}

/** One operator for all tests of a file, who is there in hooks and tests. */
export function sharedOperator(): Pick<Operator, 'client'> {
  let connected: Operator | undefined;
  beforeAll(async () => {
    connected = await connectOperator();
  });
  return {
    get client() {
      if (!connected)
        throw new Error('The operator of this file connects before its tests, after this line.');
      return connected.client;
    },
  };
}

/** Waits until an event's own workflow knows its one delivery: it has recorded it, or taken it over from its batch. */
export async function untilDeliveryKnown(
  { client }: Pick<Operator, 'client'>,
  workflowId: string,
): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const deliveries = async () => (await handle.query(statusQuery).catch(() => null))?.deliveries.length;
  await expect.poll(deliveries).toBe(1);
}
