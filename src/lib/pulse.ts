/** So often it is looked whether a server has said anything. */
const TICK_MS = 250;
/** After so many looks without a word the server is asked something that is answered at once. */
const ASK_AFTER = 2;
/** After so many the server is taken to hang: 1.5 s, so that a caller has its answer within two. */
const SILENT_AFTER = 6;

export interface PulseOptions {
  /** For messages: 'PostgreSQL', 'Temporal'. */
  readonly name: string;
  /** Asks the server something cheap, apart from what waits, and gives up by itself. An answer is a sign of life. */
  readonly ask: () => Promise<unknown>;
  /** Whether an error comes from the server itself, which then lives. */
  readonly isAnswer: (error: unknown) => boolean;
  /** Told once, when the server has become silent. */
  readonly onSilent?: () => void;
}

/** A server says nothing at all, to nobody. */
export class Silent extends Error {
  override name = 'Silent';
}

/**
 * Tells a server that hangs from one that is slow (a failure detector with a circuit breaker). While something waits
 * for the server and nothing has come from it, it is asked a small thing besides. A slow server answers that, and what
 * waits goes on waiting. One that hangs does not: then everything that waits fails at once, and what comes later too,
 * until it answers again.
 *
 * Time is counted in looks of this process's own event loop, not by the clock: a process that was stopped itself, or
 * is too busy to read what has come, takes nobody for dead.
 */
export class Pulse {
  private waiting = 0;
  /** Looks since the last word. */
  private quiet = 0;
  private asking = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly onSilence = new Set<() => void>();

  constructor(private readonly options: PulseOptions) {}

  /** Whether the server is taken to hang now. */
  get isSilent(): boolean {
    return this.quiet >= SILENT_AFTER;
  }

  /** Something came from the server. */
  heard(): void {
    this.quiet = 0;
  }

  /**
   * What `work` gives, for as long as the server shows any life.
   * @throws Silent at once when it does not; the work itself goes on then: it must be harmless when it ends later
   */
  async watch<T>(work: () => Promise<T>): Promise<T> {
    if (this.isSilent) throw this.silence();
    let onSilence = (): void => undefined;
    const silence = new Promise<never>((_resolve, reject) => {
      onSilence = () => reject(this.silence());
    });
    this.onSilence.add(onSilence);
    this.waiting += 1;
    this.timer ??= setInterval(() => this.look(), TICK_MS).unref();
    try {
      const result = await Promise.race([work(), silence]);
      this.heard();
      return result;
    } catch (error) {
      if (this.options.isAnswer(error)) this.heard();
      throw error;
    } finally {
      this.waiting -= 1;
      this.onSilence.delete(onSilence);
    }
  }

  /** Looks no more. */
  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private look(): void {
    if (this.waiting === 0 && !this.isSilent) {
      this.quiet = 0;
      this.close();
      return;
    }
    this.quiet += 1;
    if (this.quiet >= ASK_AFTER && !this.asking) this.ask();
    if (this.quiet === SILENT_AFTER) {
      for (const tell of this.onSilence) tell();
      this.options.onSilent?.();
    }
  }

  private ask(): void {
    this.asking = true;
    this.options
      .ask()
      .then(
        () => this.heard(),
        (error: unknown) => {
          if (this.options.isAnswer(error)) this.heard();
        },
      )
      .finally(() => {
        this.asking = false;
      });
  }

  private silence(): Silent {
    return new Silent(`${this.options.name} does not answer`);
  }
}
