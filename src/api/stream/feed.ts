import { randomBytes } from 'node:crypto';
import type { App } from '../../domain/app.js';
import { passes, type News, type StreamFilter } from './kinds.js';

/** What a stream sends: news, or that some were missed and have to be asked for. */
export interface Message extends Pick<News, 'key' | 'kind' | 'webhookId' | 'eventId'> {
  readonly id: string;
  readonly text: string;
}

/** As server-sent events have it. */
export function sent(type: string, id: string, data: unknown): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** News that are kept for those who come again: so many, of so many characters. */
const MOST_KEPT = 1_000;
const MOST_KEPT_CHARACTERS = 2_097_152;

/** The latest news of an application, and those who listen to it. */
export class Feed {
  readonly outboxes = new Set<Outbox>();
  private kept: Message[] = [];
  private characters = 0;
  private count = 0;
  private time = 0;
  /** Another process counts, too: its ids are none of ours. */
  private readonly mark = randomBytes(4).toString('hex');
  private latest: string;

  /** @param app as it was last seen */
  constructor(public app: App) {
    this.latest = this.nextId();
  }

  publish({ data, ...news }: News): void {
    const id = this.nextId();
    const message: Message = { ...news, id, text: sent(news.kind, id, data) };
    this.kept.push(message);
    this.characters += message.text.length;
    while (this.kept.length > MOST_KEPT || this.characters > MOST_KEPT_CHARACTERS) {
      this.characters -= this.kept.shift()?.text.length ?? 0;
    }
    for (const outbox of this.outboxes) outbox.offer(message);
  }

  /** Something was not told: nobody can go on from what was before it. */
  miss(): void {
    this.kept = [];
    this.characters = 0;
    this.nextId();
    for (const outbox of this.outboxes) outbox.miss(this.latest);
  }

  /** Gives an outbox what came after `lastId`; where that is not known, that it has missed something. */
  resume(outbox: Outbox, lastId: string): void {
    if (lastId === this.latest) return;
    const index = this.kept.findIndex(({ id }) => id === lastId);
    if (index === -1) outbox.miss(this.latest);
    else for (const message of this.kept.slice(index + 1)) outbox.offer(message);
  }

  /** Ascending; the clock may be set back. */
  private nextId(): string {
    this.time = Math.max(this.time, Date.now());
    this.count += 1;
    return (this.latest = `${this.time}-${this.count}-${this.mark}`);
  }
}

/** What waits for a listener: who is slow, or hears much, gets the last of each thing, or is told to ask. */
const MOST_WAITING = 1_000;

/** The news for one listener that have not been sent yet. */
export class Outbox {
  private readonly waiting = new Map<string, Message>();
  private missedUntil: string | null = null;
  private wake: () => void = () => undefined;

  constructor(private readonly filter: StreamFilter) {}

  offer(message: Message): void {
    if (!passes(this.filter, message)) return;
    // The last one is sent last, so that ids ascend.
    this.waiting.delete(message.key);
    this.waiting.set(message.key, message);
    if (this.waiting.size > MOST_WAITING) this.miss(message.id);
    this.wake();
  }

  /** @param id from which it can go on */
  miss(id: string): void {
    this.waiting.clear();
    this.missedUntil = id;
    this.wake();
  }

  /** Everything that waits, as text; empty when there is nothing. */
  take(): string {
    const missed = this.missedUntil === null ? '' : sent('missed', this.missedUntil, {});
    const text = missed + [...this.waiting.values()].map((message) => message.text).join('');
    this.waiting.clear();
    this.missedUntil = null;
    return text;
  }

  /** Resolves when something waits, after `ms` milliseconds, or when one of the signals is aborted. */
  async filled(ms: number, ...signals: readonly AbortSignal[]): Promise<void> {
    if (this.waiting.size > 0 || this.missedUntil !== null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, ms);
      for (const signal of signals) signal.addEventListener('abort', done);
      this.wake = done;
      function done() {
        clearTimeout(timer);
        for (const signal of signals) signal.removeEventListener('abort', done);
        resolve();
      }
      if (signals.some(({ aborted }) => aborted)) done();
    });
  }
}
