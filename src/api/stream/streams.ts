import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../domain/app.js';
import type { Changes } from '../../store/changes/changes.js';
import { EventStream } from '../http/event-stream.js';
import { problems } from '../http/problem.js';
import { Feed, Outbox } from './feed.js';
import type { StreamFilter } from './kinds.js';

/** Streams of one key, and of one process. */
export const MOST_OF_A_KEY = 5;
const MOST = 200;
/** How often a key is looked at again: a revoked one's streams end. */
const LOOK_EVERY_MS = 500;
/** A listener gets what there is at most four times a second. */
const APART_MS = 250;
/** A connection on which nothing is sent for so long gets a comment, so that nobody takes it for dead. */
const SILENCE_MS = 15_000;
/** Watches last 30 s: see `Changes.watch`. */
const RENEW_EVERY_MS = 10_000;
/** Other processes look once a second who is watched. */
const TOLD_EVERYWHERE_MS = 1_200;
/** Who comes again within this time goes on where it was. */
const KEPT_MS = 60_000;

export interface StreamRequest {
  /** The key's id, by which streams are counted. */
  readonly caller: string;
  readonly app: App;
  readonly filter: StreamFilter;
  /** What the listener had last; undefined at its first time. */
  readonly lastId: string | undefined;
  /** The application as it is now; null once the caller may not use it any more. */
  readonly stillAllowed: () => Promise<App | null>;
}

/** What streams hear: what reads it publishes it in the feeds, while it is open. */
export interface Source {
  /** @throws ConnectionFailed when PostgreSQL cannot be reached */
  open(feeds: ReadonlyMap<string, Feed>): Promise<void>;
  close(): Promise<void>;
}

/** The streams of one process, and the feeds that they listen to: one an application, while somebody does. */
export class Streams {
  private readonly feeds = new Map<string, Feed>();
  private readonly ofCaller = new Map<string, number>();
  private readonly ending = new AbortController();
  private readonly forgetting = new Map<string, NodeJS.Timeout>();
  private renewal: NodeJS.Timeout | undefined;
  private count = 0;

  constructor(
    private readonly source: Source,
    private readonly changes: Pick<Changes, 'watch'>,
  ) {
    // Every stream listens to it.
    setMaxListeners(0, this.ending.signal);
  }

  /** @throws Problem 429, 503 */
  async open(request: StreamRequest): Promise<EventStream> {
    const { caller, app, filter, lastId } = request;
    const leave = this.enter(caller);
    const isFirst = !this.feeds.has(app.id);
    const feed = this.feedOf(app);
    const outbox = new Outbox(filter);
    const end = () => {
      leave();
      feed.outboxes.delete(outbox);
      if (feed.outboxes.size === 0) this.forgetLater(app.id);
    };
    try {
      await this.source.open(this.feeds);
      await this.changes.watch(app.id);
    } catch (error) {
      end();
      throw error;
    }
    // What it had not had comes before what comes now.
    if (lastId !== undefined) feed.resume(outbox, lastId);
    feed.outboxes.add(outbox);
    // The last of the others may have ended while this one was opened.
    this.keep(app.id);
    // Whoever opens a stream and then reads a list misses nothing between: by then every process tells.
    if (isFirst) await sleep(TOLD_EVERYWHERE_MS);
    return new EventStream((gone) => this.texts(request, { feed, outbox, gone, end }));
  }

  /** Ends all streams, and begins none any more. */
  end(): void {
    this.ending.abort();
  }

  async close(): Promise<void> {
    this.end();
    clearInterval(this.renewal);
    for (const timer of this.forgetting.values()) clearTimeout(timer);
    await this.source.close();
  }

  private async *texts(
    { stillAllowed }: StreamRequest,
    { feed, outbox, gone, end }: { feed: Feed; outbox: Outbox; gone: AbortSignal; end: () => void },
  ): AsyncGenerator<string> {
    const signals = [gone, this.ending.signal];
    const isOver = () => signals.some(({ aborted }) => aborted);
    let lookedAt = performance.now();
    let sentAt = performance.now();
    try {
      yield ': listening\n\n';
      while (!isOver()) {
        await outbox.filled(LOOK_EVERY_MS, ...signals);
        const now = performance.now();
        if (now - lookedAt >= LOOK_EVERY_MS) {
          lookedAt = now;
          // What cannot be found out now stays as it was.
          const app = await stillAllowed().catch(() => feed.app);
          if (!app) return;
          feed.app = app;
        }
        const text = outbox.take();
        if (text !== '') {
          sentAt = performance.now();
          yield text;
          await sleep(APART_MS);
        } else if (performance.now() - sentAt >= SILENCE_MS) {
          sentAt = performance.now();
          yield ': nothing new\n\n';
        }
      }
    } finally {
      end();
    }
  }

  /** Counts a stream, and gives what ends that, once. @throws Problem 429, 503 */
  private enter(caller: string): () => void {
    const own = this.ofCaller.get(caller) ?? 0;
    if (own >= MOST_OF_A_KEY) throw problems.tooManyStreams(MOST_OF_A_KEY);
    if (this.count >= MOST || this.ending.signal.aborted) throw problems.noMoreStreams();
    this.ofCaller.set(caller, own + 1);
    this.count += 1;
    let hasLeft = false;
    return () => {
      if (hasLeft) return;
      hasLeft = true;
      this.count -= 1;
      const left = (this.ofCaller.get(caller) ?? 1) - 1;
      if (left === 0) this.ofCaller.delete(caller);
      else this.ofCaller.set(caller, left);
    };
  }

  private feedOf(app: App): Feed {
    this.keep(app.id);
    const feed = this.feeds.get(app.id) ?? new Feed(app);
    this.feeds.set(app.id, feed);
    this.renewal ??= setInterval(() => {
      for (const appId of this.feeds.keys()) void this.changes.watch(appId).catch(() => undefined);
    }, RENEW_EVERY_MS);
    return feed;
  }

  private keep(appId: string): void {
    clearTimeout(this.forgetting.get(appId));
    this.forgetting.delete(appId);
  }

  private forgetLater(appId: string): void {
    if (this.ending.signal.aborted) return;
    this.keep(appId);
    const forget = () => {
      this.forgetting.delete(appId);
      this.feeds.delete(appId);
      if (this.feeds.size > 0) return;
      clearInterval(this.renewal);
      this.renewal = undefined;
      void this.source.close();
    };
    this.forgetting.set(appId, setTimeout(forget, KEPT_MS));
  }
}
