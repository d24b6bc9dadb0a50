import { Client, Connection, type OperatorService } from '@temporalio/client';
import { loadClientConnectConfig, type ClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { messageOf } from '../lib/errors.js';
import { UserError } from '../lib/user-error.js';

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
 * @param isOurs whether that server is this installation's own, which these variables are not about
 * @throws UserError when no server answers
 */
export function connectClient(
  address: string | undefined,
  isOurs = false,
): Promise<ClientConnection<Connection>> {
  return connect(Connection, address, isOurs);
}

/** For a process with workers: client and workers share the connection, so that workflows may start eagerly. */
export function connectWorker(
  address: string | undefined,
  isOurs = false,
): Promise<ClientConnection<NativeConnection>> {
  return connect(NativeConnection, address, isOurs);
}

/** Connections with workers know no proxies from the environment, and those without would alone. */
const DIRECTLY = { 'grpc.enable_http_proxy': 0 };

async function connect<C extends Connection | NativeConnection>(
  kind: { connect(options: { address: string; channelArgs: typeof DIRECTLY }): Promise<C> },
  givenAddress: string | undefined,
  isOurs: boolean,
): Promise<ClientConnection<C>> {
  const { connectionOptions, namespace = 'default' } = isOurs
    ? { connectionOptions: {} as ClientConnectConfig['connectionOptions'] }
    : fromEnvironment();
  refuseUnprintable(connectionOptions);
  const address = givenAddress ?? connectionOptions.address ?? 'localhost:7233';
  try {
    const connection = await kind.connect({ ...connectionOptions, address, channelArgs: DIRECTLY });
    return {
      connection,
      client: new Client({ connection, namespace }),
      operator: connection.operatorService,
      namespace,
    };
  } catch (error) {
    // The reason is many lines long, where it is one of the network's.
    const why = isUnreachable(error) ? '' : ` (${messageOf(error)})`;
    throw new UserError(
      `Temporal cannot be reached at ${address}${why}: check TEMPORAL_ADDRESS and the other TEMPORAL_ variables.`,
      { cause: error },
    );
  }
}

/** @throws UserError when the TEMPORAL_ variables, or the profile that they name, are not valid */
function fromEnvironment(): ClientConnectConfig {
  // A blank variable counts as unset, as everywhere.
  const given = Object.entries(process.env).filter(([, value]) => value !== undefined && value.trim() !== '');
  try {
    return loadClientConnectConfig({
      overrideEnvVars: Object.fromEntries(given) as Record<string, string>,
    });
  } catch (error) {
    // Only the first line: the rest quotes the file, which may hold a key.
    const [why] = messageOf(error).split('\n');
    throw new UserError(`The TEMPORAL_ variables, or the profile they name, are not valid: ${why}.`, {
      cause: error,
    });
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
