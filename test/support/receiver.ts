import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stopAfterwards } from './stop-afterwards.js';

/** A POST as it came in. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds since the epoch when its headers were read. */
  readonly at: number;
}

/** How to answer: a status, or whatever a test does with the response. */
export type Reply = number | ((response: ServerResponse, received: Received) => void);

/** A receiver on loopback that answers by script, and tells what it got. */
export class Receiver {
  readonly received: Received[] = [];
  readonly stop = stopAfterwards(async () => {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  });
  private readonly waiting: { count: number; resolve: () => void }[] = [];
  private script: Reply[] = [];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    private always: Reply,
  ) {}

  static async start(always: Reply = 200): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server, always);
    server.on('request', (request, response) => {
      const at = Date.now();
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        receiver.take(
          {
            path: request.url ?? '',
            headers: request.headers,
            body: Buffer.concat(chunks).toString(),
            at,
          },
          response,
        );
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`;
  }

  /** The next POSTs are answered so, in this order; those after them as always. */
  answer(...replies: Reply[]): this {
    this.script.push(...replies);
    return this;
  }

  /** From now on, whatever the script does not say. */
  answerAlways(reply: Reply): this {
    this.script = [];
    this.always = reply;
    return this;
  }

  /** Resolves with all that came, as soon as there are `count`. */
  async gets(count: number): Promise<readonly Received[]> {
    if (this.received.length < count) {
      await new Promise<void>((resolve) => this.waiting.push({ count, resolve }));
    }
    return this.received;
  }

  private take(received: Received, response: ServerResponse): void {
    this.received.push(received);
    for (const { count, resolve } of this.waiting) if (this.received.length >= count) resolve();
    const reply = this.script.shift() ?? this.always;
    if (typeof reply === 'number') response.writeHead(reply).end();
    else reply(response, received);
  }
}

/** Accepts the POST and never answers. */
export const hang: Reply = () => undefined;
