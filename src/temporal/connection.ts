import { Client, Connection, type OperatorService } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

/** Where Temporal is: the embedded server's address, or what the TEMPORAL_ environment variables say. */
export interface TemporalTarget {
  readonly address: string | undefined;
}

/** A client for the API, and the connection that it uses. */
export interface ClientConnection {
  readonly client: Client;
  readonly operator: OperatorService;
  readonly namespace: string;
  close(): Promise<void>;
}

function settings(target: TemporalTarget) {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const address = target.address ?? connectionOptions.address ?? 'localhost:7233';
  return { options: { ...connectionOptions, address }, namespace: namespace ?? 'default' };
}

/** For a process without workers. */
export async function connectClient(target: TemporalTarget): Promise<ClientConnection> {
  const { options, namespace } = settings(target);
  const connection = await Connection.connect(options);
  return {
    client: new Client({ connection, namespace }),
    operator: connection.operatorService,
    namespace,
    close: () => connection.close(),
  };
}

/** For a process with workers: client and workers share the connection, so that workflows may start eagerly. */
export async function connectWorker(
  target: TemporalTarget,
): Promise<ClientConnection & { readonly connection: NativeConnection }> {
  const { options, namespace } = settings(target);
  const connection = await NativeConnection.connect(options);
  return {
    connection,
    client: new Client({ connection, namespace }),
    operator: connection.operatorService,
    namespace,
    close: () => connection.close(),
  };
}
