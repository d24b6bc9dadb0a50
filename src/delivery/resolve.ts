import { promises as dns, type LookupAddress, type LookupOptions } from 'node:dns';

/** Resolves a host name to its addresses, in the order in which to try them; rejects when it has none. */
export type Resolve = (hostname: string, options: LookupOptions) => Promise<readonly LookupAddress[]>;

/** The name could not be resolved. */
export class NotResolved extends Error {
  override name = 'NotResolved';
}

/** For one server and one question; a server that is silent is asked once more, for twice as long. */
const ANSWER_WITHIN_MS = 1_500;
const TRIES = 2;

const LOOPBACK: readonly LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Resolves as every program on this machine does: hosts file, search domains, the system's servers. */
export const resolveBySystem: Resolve = (hostname, options) =>
  dns.lookup(hostname, { ...options, all: true });

/**
 * Resolves through these DNS servers and nothing else: no hosts file, no search domains, and none of the four
 * threads that the system's resolver shares with everything else in Node.
 * @param servers `address` or `address:port`, IPv6 addresses in brackets
 */
export function resolveThrough(servers: readonly string[]): Resolve {
  const resolver = new dns.Resolver({ timeout: ANSWER_WITHIN_MS, tries: TRIES });
  resolver.setServers(servers);

  return async (hostname, { family }) => {
    const answers = await Promise.allSettled([
      isAsked(4, family) ? resolver.resolve4(hostname) : [],
      isAsked(6, family) ? resolver.resolve6(hostname) : [],
    ]);
    // One family that is missing or fails does no harm to the other. IPv4 first: it works wherever IPv6 does.
    const found = answers.flatMap((answer, index) =>
      answer.status === 'fulfilled'
        ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 }))
        : [],
    );
    if (found.length > 0) return found;
    throw new NotResolved(`${hostname} could not be resolved: ${reasonIn(answers)}`);
  };
}

/** Whether a name stands for this machine, whatever a DNS server or a hosts file says (RFC 6761, 6.3). */
export function isLocalhost(hostname: string): boolean {
  return /^(.*\.)?localhost\.*$/i.test(hostname);
}

/** The addresses of a localhost name; no server is asked. */
export function loopbackAddresses(family?: LookupOptions['family']): readonly LookupAddress[] {
  return LOOPBACK.filter((address) => isAsked(address.family, family));
}

function isAsked(version: number, family: LookupOptions['family']): boolean {
  return family === undefined || family === 0 || family === version;
}

/** Prefers a real error to 'this family has no address'. */
function reasonIn(answers: readonly PromiseSettledResult<unknown>[]): string {
  const codes = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [(answer.reason as NodeJS.ErrnoException).code ?? 'unknown'] : [],
  );
  return codes.find((code) => code !== dns.NODATA) ?? dns.NODATA;
}
