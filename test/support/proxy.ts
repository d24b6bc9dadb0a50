import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { stopAfterwards } from './stop-afterwards.js';

/** A TCP proxy before a server, so that a test can take the server away and bring it back. */
export class Proxy {
  readonly close = stopAfterwards(async () => {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  });
  private readonly sockets = new Set<Socket>();
  private state: 'through' | 'away' | 'hanging' = 'through';
  /** What is passed on again when the server goes on. */
  private readonly held: (() => void)[] = [];
  private readonly lost = new WeakSet<Socket>();

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
      client.on('error', () => undefined);
      if (proxy.state === 'away') {
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
        socket.on('data', (bytes: Buffer) => {
          const pass = () => void other.write(bytes);
          if (proxy.state === 'hanging' || proxy.lost.has(socket)) proxy.held.push(pass);
          else pass();
        });
        socket.on('end', () => {
          if (proxy.state !== 'hanging' && !proxy.lost.has(socket)) other.end();
        });
      }
    });
    return proxy;
  }

  /** Ends every connection, and every new one. */
  cut(): void {
    this.state = 'away';
    for (const socket of this.sockets) socket.destroy();
  }

  /** Keeps every connection, takes new ones, and passes nothing on: as a server that was stopped. */
  hang(): void {
    this.state = 'hanging';
  }

  /** Passes nothing on any more of the connections that there are: as a server that vanished, and was replaced. */
  lose(): void {
    for (const socket of this.sockets) this.lost.add(socket);
  }

  /** Resolves when so many connections are open. */
  async connected(count: number): Promise<void> {
    while (this.sockets.size < 2 * count) await once(this.server, 'connection');
  }

  restore(): void {
    this.state = 'through';
    for (const pass of this.held.splice(0)) pass();
  }
}
