import { Client, Connection, type OperatorService } from '@temporalio/client';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
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
  refuseUnprintable(connectionOptions);
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

/** gRPC would refuse them too, and print them. A line break at the end, as of a file, is what happens. */
function refuseUnprintable({ apiKey, metadata = {} }: ClientConnectConfig['connectionOptions']): void {
  const unfit = (value: unknown) => typeof value === 'string' && !/^[\x20-\x7e]*$/.test(value);
  const names = Object.keys(metadata).filter((name) => unfit(metadata[name]));
  if (unfit(apiKey)) names.unshift('API key');
  if (names.length === 0) return;
  throw new UserError(
    `Temporal's ${names.join(', ')} (TEMPORAL_API_KEY, TEMPORAL_GRPC_META_…) must be printable ASCII, without line breaks.`,
  );
}

function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TransportError' || error.message === 'Failed to connect before the deadline';
}
