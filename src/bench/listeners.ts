import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A stream to listen to. */
export interface ListenedStream {
  readonly url: string;
  readonly key: string;
}

export type ToListeners = { readonly kind: 'listen'; readonly streams: readonly ListenedStream[] };
export type FromListeners = { readonly kind: 'listening' };

/** All listeners to streams, one process of its own, so that its work is nobody else's. They read, and keep nothing. */
export class Listeners {
  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
  ) {}

  /**
   * Resolves when all are open.
   * @throws Error when one cannot be opened
   */
  static async start(streams: readonly ListenedStream[]): Promise<Listeners> {
    const child = fork(fileURLToPath(new URL('./listeners-process.js', import.meta.url)), []);
    const exited = once(child, 'exit');
    child.send({ kind: 'listen', streams } satisfies ToListeners);
    const [message] = (await Promise.race([once(child, 'message'), exited])) as [
      FromListeners | number | null,
    ];
    if (typeof message !== 'object' || message?.kind !== 'listening') {
      throw new Error('not every stream could be opened');
    }
    return new Listeners(child, exited);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** @throws Error when a stream has ended before */
  async stop(): Promise<void> {
    if (!this.child.connected) throw new Error('a stream has ended by itself');
    this.child.disconnect();
    await this.exited;
  }
}
