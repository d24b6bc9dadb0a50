import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A TCP proxy before a server, so that a test can take the server away and bring it back. */
export class Proxy {
  private readonly sockets = new Set<Socket>();
  private away = false;

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly address: string,
  ) {}

  /** @param target host:port */
  static async before(target: string): Promise<Proxy> {
    const [host = '', port = ''] = target.split(':');
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const proxy = new Proxy(server, `127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('connection', (client) => {
      if (proxy.away) {
        client.destroy();
        return;
      }
      const upstream = connect(Number(port), host);
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        proxy.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          proxy.sockets.delete(socket);
          other.destroy();
        });
        socket.pipe(other);
      }
    });
    return proxy;
  }

  /** Ends every connection, and every new one. */
  cut(): void {
    this.away = true;
    for (const socket of this.sockets) socket.destroy();
  }

  restore(): void {
    this.away = false;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}
