/** How often we check whether the server has sent anything. */
const TICK_MS = 250;
/** After this many checks without a word, the server is asked something cheap. */
const ASK_AFTER = 2;
/** After this many checks the server counts as hanging: 1.5 s, so that a caller gets an answer within two seconds. */
const SILENT_AFTER = 6;

export interface PulseOptions {
  /** For messages: 'PostgreSQL', 'Temporal'. */
  readonly name: string;
  /** Asks the server something cheap, beside what waits, and times out by itself. An answer is a sign of life. */
  readonly ask: () => Promise<unknown>;
  /** Whether an error comes from the server itself, which is then alive. */
  readonly isAnswer: (error: unknown) => boolean;
  /** Called once when the server has become silent. */
  readonly onSilent?: () => void;
}

/** The server sends nothing at all, to nobody. */
export class Silent extends Error {
  override name = 'Silent';
}

/**
 * A failure detector with a circuit breaker: it tells a server that hangs from one that is slow. While something waits
 * and the server has sent nothing, we ask it something cheap. A slow server answers, and the work goes on waiting. A
 * hanging server does not: then all waiting work fails immediately, and so does new work, until the server answers.
 *
 * Time is counted in checks of this process's own event loop, not by the clock. So a process that was stopped, or is
 * too busy to read what has arrived, does not take the server for dead.
 */
export class Pulse {
  private waiting = 0;
  /** Checks since the last word. */
  private quiet = 0;
  private asking = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly onSilence = new Set<() => void>();

  constructor(private readonly options: PulseOptions) {}

  /** Whether the server counts as hanging now. */
  get isSilent(): boolean {
    return this.quiet >= SILENT_AFTER;
  }

  /** Something came from the server. */
  heard(): void {
    this.quiet = 0;
  }

  /**
   * Returns what `work` returns, as long as the server shows any life.
   * @throws Silent when it does not. The work itself goes on, so it must be harmless when it ends later.
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

  /** Stops checking. */
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
