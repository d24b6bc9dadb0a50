import { Client, Connection, type OperatorService } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { UserError } from '../user-error.js';

/** A client, and the connection that it uses. */
export interface ClientConnection<C extends Connection | NativeConnection> {
  readonly connection: C;
  readonly client: Client;
  readonly operator: OperatorService;
  readonly namespace: string;
}

/**
 * For a process without workers.
 * @param address undefined: what the TEMPORAL_ environment variables say
 * @throws UserError when nobody answers there
 */
export function connectClient(address: string | undefined): Promise<ClientConnection<Connection>> {
  return connect(Connection, address);
}

/** For a process with workers: client and workers share the connection, so that workflows may start eagerly. */
export function connectWorker(address: string | undefined): Promise<ClientConnection<NativeConnection>> {
  return connect(NativeConnection, address);
}

async function connect<C extends Connection | NativeConnection>(
  kind: { connect(options: { address: string }): Promise<C> },
  givenAddress: string | undefined,
): Promise<ClientConnection<C>> {
  // A blank variable counts as unset, as everywhere.
  const given = Object.entries(process.env).filter(([, value]) => value !== undefined && value.trim() !== '');
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(given) as Record<string, string>,
  });
  const address = givenAddress ?? connectionOptions.address ?? 'localhost:7233';
  try {
    const connection = await kind.connect({ ...connectionOptions, address });
    return {
      connection,
      client: new Client({ connection, namespace }),
      operator: connection.operatorService,
      namespace,
    };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    throw new UserError(`Temporal cannot be reached at ${address}.`, { cause: error });
  }
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TransportError' || error.message === 'Failed to connect before the deadline';
}
