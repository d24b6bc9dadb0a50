import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { keyOf, type Change } from '../../store/changes/change.js';
import { ChangeListener } from '../../store/changes/listener.js';
import type { Lists } from '../http/lists.js';
import type { Feed } from './feed.js';
import { readNews } from './news.js';
import type { Source } from './streams.js';

/** Changes that are read together, and so many wait at most. */
const MOST_TOGETHER = 500;
const MOST_WAITING = 5_000;
/** After which the log is read again, in milliseconds: what comes meanwhile is read together. */
const APART_MS = 50;
/** How often the progress of a recovery is counted, in milliseconds: it reads all its deliveries. */
const PROGRESS_EVERY_MS = 1_000;
/** As whom it reads: lists count it like a key. */
const READER = 'streams';

/**
 * Hears of changes, reads what has changed by the lists' connections, and publishes it. Where it cannot keep up, or
 * cannot read, it says that something was missed.
 */
export class LogSource implements Source {
  private readonly waiting = new Map<string, Change>();
  private readonly listener: ChangeListener;
  private readonly counting = new Map<string, NodeJS.Timeout>();
  private feeds: ReadonlyMap<string, Feed> = new Map();
  private reading: Promise<void> | null = null;
  private isClosed = false;

  constructor(
    databaseUrl: string,
    private readonly lists: Pick<Lists, 'read'>,
    private readonly logger: Logger,
  ) {
    this.listener = new ChangeListener({
      databaseUrl,
      onChanges: (changes) => this.hear(changes),
      onGap: () => this.missed(),
    });
  }

  async open(feeds: ReadonlyMap<string, Feed>): Promise<void> {
    this.isClosed = false;
    this.feeds = feeds;
    await this.listener.open();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.waiting.clear();
    for (const timer of this.counting.values()) clearTimeout(timer);
    this.counting.clear();
    await this.listener.close();
    await this.reading;
  }

  private hear(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.appId !== null && !this.feeds.has(change.appId)) continue;
      if (change.kind === 'many') this.missed(change.appId);
      else this.waiting.set(keyOf(change), change);
    }
    if (this.waiting.size > MOST_WAITING) {
      this.waiting.clear();
      this.missed();
    }
    if (this.waiting.size === 0) return;
    this.reading ??= this.readAll().finally(() => {
      this.reading = null;
    });
  }

  private async readAll(): Promise<void> {
    while (this.waiting.size > 0 && !this.isClosed) {
      const changes = [...this.waiting.values()].slice(0, MOST_TOGETHER);
      for (const change of changes) this.waiting.delete(keyOf(change));
      try {
        const { news, jobs } = await this.lists.read(READER, (db) =>
          readNews(db, changes, (appId) => this.feeds.get(appId)?.app ?? null),
        );
        for (const each of news) this.feeds.get(each.appId)?.publish(each);
        for (const job of jobs) this.countLater(job);
      } catch (err) {
        this.logger.warn({ err }, 'could not read what streams are to tell of');
        for (const appId of new Set(changes.map((change) => change.appId))) this.missed(appId);
      }
      await sleep(APART_MS);
    }
  }

  /** @param appId all applications without it */
  private missed(appId: string | null = null): void {
    for (const feed of appId === null ? this.feeds.values() : [this.feeds.get(appId)]) feed?.miss();
  }

  private countLater(job: Change): void {
    const key = keyOf(job);
    if (this.isClosed || this.counting.has(key)) return;
    const count = () => {
      this.counting.delete(key);
      this.hear([job]);
    };
    this.counting.set(key, setTimeout(count, PROGRESS_EVERY_MS));
  }
}
