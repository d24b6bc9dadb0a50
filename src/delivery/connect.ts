import net, { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import { LRUCache } from 'lru-cache';
import { AddressRefused, type AddressGuard } from './address-guard.js';

/**
 * Begins to connect to an origin.
 * @throws AddressRefused when it is an address that may not be connected to
 */
export type Connect = (origin: string) => Socket;

/** Number of TLS sessions kept, which save a full handshake at the next connection. */
const MOST_SESSIONS = 1_000;

export function createConnect(guard: AddressGuard): Connect {
  const sessions = new LRUCache<string, Buffer>({ max: MOST_SESSIONS });
  return (origin) => {
    const { protocol, hostname, port } = new URL(origin);
    const host = hostname.replace(/^\[|\]$/g, '');
    const isName = isIP(host) === 0;
    // A literal address needs no look-up, so it is checked here.
    const problem = isName ? null : guard.problemWithAddress(host);
    if (problem) throw new AddressRefused(problem);
    const to = { host, lookup: guard.lookup, noDelay: true };
    if (protocol === 'http:') return net.connect({ ...to, port: Number(port || 80) });

    const session = sessions.get(origin);
    const socket = tls.connect({
      ...to,
      port: Number(port || 443),
      ALPNProtocols: ['http/1.1'],
      // Without the dot that a name may end with (RFC 6066, 3).
      ...(isName && { servername: host.replace(/\.$/, '') }),
      ...(session && { session }),
    });
    socket.setNoDelay(true);
    // A session spares the look at the certificate's names: they must have been looked at.
    const keep = (fresh: Buffer | undefined) => socket.authorized && fresh && sessions.set(origin, fresh);
    socket.on('session', keep).on('secureConnect', () => keep(socket.getSession()));
    return socket;
  };
}
