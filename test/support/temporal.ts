import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';

/** A client of the run's Temporal server, as an operator would have one. */
export async function connectOperator(): Promise<{ client: Client; close: () => Promise<void> }> {
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  return { client: new Client({ connection }), close: () => connection.close() };
}
