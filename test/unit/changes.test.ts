import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Feed, Outbox } from '../../src/api/stream/feed.js';
import { STREAM_KINDS, type News } from '../../src/api/stream/kinds.js';
import { changesIn, payloadsOf, type Change } from '../../src/store/changes/change.js';
import { startChanges } from '../../src/store/changes/changes.js';
import type { Pool } from '../../src/store/database/pool.js';
import { appOf } from '../support/fixtures.js';

const deliveries = (count: number): Change[] =>
  Array.from({ length: count }, () => ({ kind: 'delivery', appId: randomUUID(), id: randomUUID() }));

describe('notifications', () => {
  it.each([0, 1, 59, 1_000])('hold %i changes, each within what PostgreSQL takes', (count) => {
    const changes = deliveries(count);
    const payloads = payloadsOf(changes);
    for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
    expect(payloads.flatMap((payload) => changesIn(payload))).toEqual(changes);
  });
});

describe('what is told of an application', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are a hundred changes a second; of more, once, that there were many', async () => {
    vi.useFakeTimers();
    const told: Change[] = [];
    const query = ({ text, values }: { text: string; values: unknown[] }) => {
      if (text.includes('pg_notify')) told.push(...(values[1] as string[]).flatMap(changesIn));
      return Promise.resolve({ rows: [{ app_id: 'busy' }, { app_id: 'quiet' }] });
    };
    const changes = startChanges({ query } as unknown as Pool);
    await vi.advanceTimersByTimeAsync(1_000);
    const ofBusy = deliveries(150).map((change) => ({ ...change, appId: 'busy' }));
    const ofQuiet = deliveries(20).map((change) => ({ ...change, appId: 'quiet' }));
    changes.tell(...ofBusy, ...ofQuiet);
    await vi.advanceTimersByTimeAsync(50);
    expect(told).toEqual([...ofBusy.slice(0, 100), ...ofQuiet]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.slice(120)).toEqual([{ kind: 'many', appId: 'busy' }]);
    changes.tell(...ofBusy.slice(0, 1));
    await vi.advanceTimersByTimeAsync(50);
    expect(told.slice(121)).toEqual(ofBusy.slice(0, 1));
    await changes.stop();
  });
});

const everything = { kinds: new Set(STREAM_KINDS), webhookId: undefined, eventId: undefined };

function newsOf(key: string, text = ''): News {
  const appId = randomUUID();
  return { appId, kind: 'delivery.updated', key, webhookId: 'w', eventId: 'e', data: { key, text } };
}

/** The ids and the types of what an outbox has. */
const taken = (outbox: Outbox) =>
  [...outbox.take().matchAll(/^id: (.*)\nevent: (.*)$/gm)].map(([, id = '', type = '']) => ({ id, type }));

function listening(feed: Feed): Outbox {
  const outbox = new Outbox(everything);
  feed.outboxes.add(outbox);
  return outbox;
}

describe('a feed', () => {
  it('gives each thing once, the last of it, in the order of ids that ascend', () => {
    const feed = new Feed(appOf('standard'));
    const outbox = listening(feed);
    for (const key of ['a', 'b', 'a', 'c']) feed.publish(newsOf(key));
    const text = outbox.take();
    expect([...text.matchAll(/"key":"(.)"/g)].map(([, key]) => key)).toEqual(['b', 'a', 'c']);
    const counts = [...text.matchAll(/^id: \d+-(\d+)-/gm)].map(([, count]) => Number(count));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(outbox.take()).toBe('');
  });

  it('tells one that is too slow that it has missed something, and where it can go on', () => {
    const feed = new Feed(appOf('standard'));
    const outbox = listening(feed);
    for (let n = 0; n < 1_001; n += 1) feed.publish(newsOf(`${n}`));
    const [missed, ...others] = taken(outbox);
    expect([missed?.type, others]).toEqual(['missed', []]);
    const again = new Outbox(everything);
    feed.resume(again, missed?.id ?? '');
    expect(taken(again)).toEqual([]);
  });

  it('keeps the last 1,000, and no more than two million characters', () => {
    for (const [text, kept] of [
      ['', 1_000],
      ['x'.repeat(20_000), 104],
    ] as const) {
      const feed = new Feed(appOf('standard'));
      const outbox = listening(feed);
      const ids: string[] = [];
      for (let n = 0; n < 1_100; n += 1) {
        feed.publish(newsOf(`${n}`, text));
        ids.push(...taken(outbox).map(({ id }) => id));
      }
      const resumed = (id: string | undefined) => {
        const again = new Outbox(everything);
        feed.resume(again, id ?? '');
        return taken(again);
      };
      expect(resumed(ids.at(-kept))).toHaveLength(kept - 1);
      expect(resumed(ids[0])).toMatchObject([{ type: 'missed' }]);
    }
  });

  it('lets nobody go on from before something that was not told', () => {
    const feed = new Feed(appOf('standard'));
    const outbox = listening(feed);
    feed.publish(newsOf('a'));
    const [before] = taken(outbox);
    feed.miss();
    const [missed] = taken(outbox);
    expect(missed?.type).toBe('missed');
    const again = new Outbox(everything);
    feed.resume(again, before?.id ?? '');
    expect(taken(again)).toEqual([{ type: 'missed', id: missed?.id }]);
  });
});
