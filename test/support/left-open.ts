import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';

/** What is being closed when a file ends: undici keeps an idle connection for 4 s. */
const PATIENCE_MS = 10_000;
const POLL_MS = 50;

interface End {
  readonly host?: string;
  readonly ip4?: string;
  readonly ip6?: string;
  readonly port: number;
}

/** A handle as Node's diagnostic report has it. */
interface Handle {
  readonly type: string;
  readonly pid?: number;
  readonly localEndpoint?: End | null;
  readonly remoteEndpoint?: End | null;
  /** A stream can be read; a server cannot. */
  readonly readable?: boolean;
}

/** @throws when this process keeps something open that `leftOpen` names, after some seconds of patience */
export async function expectNothingLeftOpen(): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  let open = leftOpen();
  while (open.length > 0 && performance.now() < deadline) {
    await sleep(POLL_MS);
    open = leftOpen();
  }
  if (open.length === 0) return;
  throw new Error(
    `This file has left open: ${open.join('; ')}. Start it by a function of test/support, or give its end to stopAfterwards().`,
  );
}

/**
 * The connections, listening servers, UDP sockets and child processes of this process. Nothing is excepted: Vitest talks
 * to this process through a pipe, and the Temporal SDK's native connections are none of Node's.
 *
 * Node's report has also what does not keep the process alive, as idle connections of undici and grpc-js;
 * `process.getActiveResourcesInfo()` does not, and gives no addresses.
 */
export function leftOpen(): string[] {
  // It would ask DNS for the names of addresses, and wait for that.
  Object.assign(process.report, { excludeNetwork: true });
  const { libuv } = process.report.getReport() as { libuv: readonly Handle[] };
  return libuv.flatMap(({ type, pid, localEndpoint, remoteEndpoint, readable }) => {
    if (type === 'process') return [`a child process (${pid})`];
    if (type === 'udp') return localEndpoint ? [`a UDP socket at ${addressOf(localEndpoint)}`] : [];
    if (type !== 'tcp') return [];
    if (remoteEndpoint) return [`a connection to ${nameOf(remoteEndpoint)}`];
    if (!localEndpoint) return [];
    const address = addressOf(localEndpoint);
    return [
      readable
        ? `a connection at ${address} whose other side is gone`
        : `a server that listens on ${address}`,
    ];
  });
}

function nameOf(end: End): string {
  const servers = { PostgreSQL: new URL(inject('templateUrl')).host, Temporal: inject('temporalAddress') };
  const [name] = Object.entries(servers).find(([, address]) => address.endsWith(`:${end.port}`)) ?? [];
  return name === undefined ? addressOf(end) : `${name} (${addressOf(end)})`;
}

function addressOf({ ip4, ip6, host, port }: End): string {
  return `${ip4 ?? ip6 ?? host}:${port}`;
}
