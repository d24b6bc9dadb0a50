import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What came since a measurement began. Times are those of `now()`. */
export interface Arrivals {
  /** Valid, and each counted once. */
  readonly deliveries: number;
  readonly repeated: number;
  /** With a signature that does not verify. */
  readonly invalid: number;
  readonly lastAt: number | null;
  /** From submission to arrival, of events that say when they were submitted. */
  readonly latenciesMs: readonly number[];
}

/** How long an endpoint hangs. */
export const HANGS_MS = 10_000;

/** How an endpoint answers: at once, with 500, or with nothing for `HANGS_MS`. */
export type Manner = 'well' | 'failing' | 'hanging';

export interface ReceivedEndpoint {
  readonly secret: string;
  readonly manner: Manner;
}

/** By the paths of their URLs. */
export type ReceivedEndpoints = Readonly<Record<string, ReceivedEndpoint>>;

export type ToReceiver =
  | { readonly kind: 'begin'; readonly endpoints: ReceivedEndpoints }
  /** Of those that are timed, or of all. */
  | { readonly kind: 'await'; readonly deliveries: number; readonly timed: boolean }
  | { readonly kind: 'report' };
export type FromReceiver =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'begun' }
  | { readonly kind: 'arrivals'; readonly arrivals: Arrivals };

/** The receiver of all deliveries, a process of its own, so that its work is nobody else's. */
export class Receiver {
  private constructor(
    private readonly child: ChildProcess,
    private readonly exited: Promise<unknown>,
    readonly url: string,
  ) {}

  /** @throws Error when it ends instead */
  static async start(): Promise<Receiver> {
    const child = fork(fileURLToPath(new URL('./receiver-process.js', import.meta.url)), []);
    const exited = once(child, 'exit');
    const [message] = (await Promise.race([once(child, 'message'), exited])) as [
      FromReceiver | number | null,
    ];
    if (typeof message !== 'object' || message?.kind !== 'listening') {
      throw new Error('the receiver did not begin with where it listens');
    }
    return new Receiver(child, exited, message.url);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Counts from nothing. */
  async begin(endpoints: ReceivedEndpoints): Promise<void> {
    this.send({ kind: 'begin', endpoints });
    await once(this.child, 'message');
  }

  /** What has come when so many deliveries have, or when the time is up. */
  arrivals(deliveries: number, patienceMs: number): Promise<Arrivals> {
    return this.await({ kind: 'await', deliveries, timed: false }, patienceMs);
  }

  /** The same, when so many of those have come whose way is timed. */
  timed(deliveries: number, patienceMs: number): Promise<Arrivals> {
    return this.await({ kind: 'await', deliveries, timed: true }, patienceMs);
  }

  private async await(message: ToReceiver, patienceMs: number): Promise<Arrivals> {
    this.send(message);
    const timer = setTimeout(() => this.send({ kind: 'report' }), patienceMs);
    const [answer] = (await once(this.child, 'message')) as [FromReceiver];
    clearTimeout(timer);
    if (answer.kind !== 'arrivals') throw new Error(`the receiver said ${answer.kind}`);
    return answer.arrivals;
  }

  async stop(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.exited;
  }

  private send(message: ToReceiver): void {
    this.child.send(message);
  }
}
