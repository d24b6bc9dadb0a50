import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { latencyOf, type Latency } from '../../src/bench/statistics.js';
import { DAY_MS, dayOf } from '../../src/domain/day.js';
import { ensurePartitions } from '../../src/store/database/partitions.js';
import { holdEveryTable } from '../support/backup.js';
import { fillDay, fillStatistics } from '../support/bulk-log.js';
import { createDatabase, openPool, type TestDatabase } from '../support/database.js';
import { dropDay, lacks, lastDayAhead } from '../support/days-of-log.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Receiver } from '../support/receiver.js';
import { scaled } from '../support/scale.js';

/**
 * What a tenant notices of its neighbours: how long it takes from the submission of an event to its receipt, at a steady
 * five events a second, alone and beside something else. In the suite only that nothing fails and nothing is lost.
 */

const RUNS = scaled(1, 3);
const SECONDS = scaled(2, 30);
const PER_SECOND = 5;
/** Those before are not counted: a process that has just started is slower. */
const WARM_UP_SECONDS = scaled(1, 10);
/** Ten million in thirty days. */
const LARGE = { days: scaled(2, 30), eventsADay: scaled(10_000, 334_000) };
/** What each list, filter and search may take, or it answers 503 `took_too_long`. */
const LIST_WITHIN_MS = scaled(Infinity, 200);
const LIST_TIMES = scaled(1, 5);
const LISTS_AT_ONCE = 25;
/** A list that is given up is a matter of time. */
const FAULTS = scaled(/^5(?!.*took_too_long)/, /^5/);
/** Beside another, at most so many times as long as alone; what is shorter than this is fine anyway. */
const MOST_TIMES = 3;
const FINE_MS = 200;
const PATIENCE_MS = scaled(120_000, 1_800_000);

let database: TestDatabase;
let environment: Record<string, string>;
let posthorn: PosthornProcess;
let receiver: Receiver;
let appId: string;
let sent = 0;
beforeAll(async () => {
  database = await createDatabase();
  environment = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: `neighbours-${database.url.slice(-12)}` };
  posthorn = await PosthornProcess.start('all', environment);
  receiver = await Receiver.start();
  ({ id: appId } = (await posthorn.api.createApp('standard', { name: 'Quiet' })).app);
  await posthorn.api.createWebhook(appId, { url: receiver.url });
  await send(WARM_UP_SECONDS);
});

interface Sent extends Latency {
  /** Submissions that were not accepted. */
  readonly refused: number;
}

/** Submits events at a steady pace, whatever is answered, and waits until all have been received. */
async function send(seconds: number): Promise<Sent> {
  const first = sent;
  sent += seconds * PER_SECOND;
  const statuses: Promise<number>[] = [];
  const submittedAt = new Map<number, number>();
  const begun = performance.now();
  for (let n = first; n < sent; n += 1) {
    await sleep(Math.max(0, begun + ((n - first) * 1_000) / PER_SECOND - performance.now()));
    submittedAt.set(n, Date.now());
    const body = { event_type: 'tick', data: { n } };
    statuses.push(
      posthorn.api.call('POST', `/v1/apps/${appId}/events`, { body }).then(({ status }) => status),
    );
  }
  const refused = (await Promise.all(statuses)).filter((status) => status !== 202).length;
  const received = (await receiver.gets(sent)).slice(first).map(({ body, at }) => {
    const { n } = (JSON.parse(body) as { data: { n: number } }).data;
    return { n, ms: at - (submittedAt.get(n) ?? Number.NaN) };
  });
  expect(received.map(({ n }) => n).toSorted((a, b) => a - b)).toEqual([...submittedAt.keys()]);
  return { ...latencyOf(received.map(({ ms }) => ms)), refused };
}

/**
 * Measures alone, then beside something else, so many times: nothing is refused, and nothing lost.
 * @returns the runs that were too slow; none in the suite, which shares its machine
 */
async function compare(
  what: string,
  beside: (measure: () => Promise<Sent>) => Promise<Sent>,
): Promise<string[]> {
  const rows: string[] = [];
  const slow: string[] = [];
  let allRefused = 0;
  for (let run = 1; run <= RUNS; run += 1) {
    const alone = await send(SECONDS);
    const other = await beside(() => send(SECONDS));
    allRefused += alone.refused + other.refused;
    const most = Math.max(MOST_TIMES * alone.p95Ms, FINE_MS);
    for (const [how, { medianMs, p95Ms, maxMs, refused }] of [
      ['alone', alone],
      [`beside ${what}`, other],
    ] as const) {
      rows.push(`| ${run} | ${how} | ${medianMs} | ${p95Ms} | ${maxMs} | ${refused} |`);
    }
    if (other.p95Ms > most) slow.push(`run ${run}: ${other.p95Ms} ms, at most ${most} ms`);
  }
  const head = '| run | | p50 ms | p95 ms | max ms | not 2xx |\n|---|---|---|---|---|---|';
  tell([head, ...rows].join('\n'));
  expect(allRefused).toBe(0);
  return scaled([], slow);
}

/** Every list with its filters, search and statistics. */
function pathsOf(largeId: string, endpointId: string): string[] {
  // The log is filled until the last midnight.
  const midnight = Date.parse(dayOf(new Date()));
  const at = (days: number) => new Date(midnight - days * DAY_MS).toISOString();
  const window = (from: number, until: number) => `since=${at(from)}&until=${at(until)}`;
  const lists = [
    ...['failed', 'pending', 'cancelled', 'unmatched', 'delivered'].map((each) => `events?status=${each}`),
    ...['failed', 'pending', 'processing', 'delivered'].map((each) => `deliveries?status=${each}`),
    ...['events', 'events?event_type=rare.type', 'events?status=failed&event_type=rare.type'],
    ...['deliveries', 'deliveries?reason=exhausted', 'deliveries?reason=cancelled'],
    ...['event', 'test', 'resend', 'recover', 'operational'].map((each) => `deliveries?trigger=${each}`),
    ...['rare.type', 'none'].map((each) => `deliveries?event_type=${each}`),
    ...['deliveries?status=failed&event_type=rare.type', 'deliveries?event_id=none'],
    ...[`deliveries?webhook_id=${endpointId}`, `deliveries?webhook_id=${endpointId}&reason=exhausted`],
    ...[`deliveries?${window(1.5, 1)}`, `deliveries?status=failed&${window(2, 1)}`],
    ...[`webhooks/${endpointId}/deliveries`, `webhooks/${endpointId}/deliveries?status=failed`],
    ...['webhooks', 'event-types', `webhooks/${endpointId}/jobs`, `webhooks/${endpointId}/health`],
    ...['search?q=msg_', 'search?q=msg_2026', 'search?q=user', 'search?q=127.0.0.1', 'search?q=nothing'],
    ...['minute', 'hour'].map((each) => `stats?interval=${each}&${window(0.3, 0)}`),
    ...['', `&webhook_id=${endpointId}`].map((each) => `stats?interval=day&${window(LARGE.days, 0)}${each}`),
  ];
  return lists.map((path) => `/v1/apps/${largeId}/${path}`);
}

/** Asks for each alone, a few times: each answers in time, or says that it took too long. */
async function timeEach(key: string, paths: readonly string[]): Promise<void> {
  const rows: string[] = [];
  const late: string[] = [];
  const asked = posthorn.api.with(key);
  for (const path of paths) {
    const times: number[] = [];
    const statuses = new Set<number>();
    for (let n = 0; n < LIST_TIMES; n += 1) {
      const begun = performance.now();
      const { status, body } = await asked.call<{ code?: string; buckets?: { events: number }[] }>(
        'GET',
        path,
      );
      const ms = performance.now() - begun;
      times.push(Math.round(ms));
      if (body.buckets)
        expect(
          body.buckets.some(({ events }) => events > 0),
          path,
        ).toBe(true);
      statuses.add(status);
      if (status !== 200) expect([path, status, body.code]).toEqual([path, 503, 'took_too_long']);
      else if (ms > LIST_WITHIN_MS) late.push(`${path}: ${Math.round(ms)} ms`);
    }
    rows.push(
      `| ${path.replace(/^.v1.apps.[^/]+./, '')} | ${[...statuses].join(', ')} | ${times.join(', ')} |`,
    );
  }
  tell(['| list | status | ms |', '|---|---|---|', ...rows].join('\n'));
  expect(late).toEqual([]);
}

/** At scale. */
function tell(text: string): void {
  if (scaled(false, true)) process.stderr.write(`\n${text}\n`);
}

it(
  'twenty-five lists at a time of an application with many events',
  async () => {
    const { app, key } = await posthorn.api.createApp('standard', { name: 'Large' });
    const webhook = await posthorn.api.createWebhook(app.id, { url: receiver.url, event_types: ['none'] });
    await fillLog(app.id, webhook.id);
    const paths = pathsOf(app.id, webhook.id);
    await timeEach(key, paths);
    const answers: Record<string, number>[] = [];
    const slow = await compare('the lists', async (measure) => {
      const lists = startLists(posthorn.api.url, key, paths);
      const measured = await measure();
      answers.push(await lists.end());
      return measured;
    });
    tell(answers.map((each, index) => `lists of run ${index + 1}: ${JSON.stringify(each)}`).join('\n'));
    for (const each of answers) {
      expect(Object.keys(each)).toContain('200');
      expect(Object.keys(each).filter((kind) => FAULTS.test(kind))).toEqual([]);
    }
    expect(slow).toEqual([]);
  },
  PATIENCE_MS,
);

it(
  'a backup, while a day gets its partitions and a process starts',
  async () => {
    const day = lastDayAhead();
    const slow = await compare('the backup', async (measure) => {
      await dropDay(database.url, day);
      const backup = await holdEveryTable(database.url);
      const [second, measured] = await Promise.all([PosthornProcess.start('all', environment), measure()]);
      expect(await lacks(database.url, day)).toEqual([]);
      expect(await second.stop()).toBe(0);
      await backup.end();
      return measured;
    });
    expect(slow).toEqual([]);
  },
  PATIENCE_MS,
);

async function fillLog(largeId: string, endpointId: string): Promise<void> {
  const pool = openPool(database.url, 1);
  const from = new Date(Date.now() - LARGE.days * DAY_MS);
  await ensurePartitions(pool, from, LARGE.days);
  const some = { failed: 500, cancelled: 700, retrying: 5_000, unmatched: 1_000, remembered: true };
  for (let n = 0; n < LARGE.days; n += 1) {
    const day = dayOf(new Date(from.getTime() + n * DAY_MS));
    await fillDay(pool, { appId: largeId, endpointId, day, events: LARGE.eventsADay, ...some });
  }
  await fillStatistics(pool);
  // Now, and not while something is measured.
  await database.query('vacuum analyze');
  await database.query('checkpoint');
}

/** Asks for lists all the time, until it is told to end; gives how many answers of each kind there were. */
function startLists(url: string, key: string, paths: readonly string[]) {
  const script = fileURLToPath(new URL('../support/lists-at-once.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, url, key, String(LISTS_AT_ONCE), ...paths], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = once(child, 'close');
  return {
    async end(): Promise<Record<string, number>> {
      child.kill('SIGTERM');
      expect((await closed)[0]).toBe(0);
      return JSON.parse(output) as Record<string, number>;
    },
  };
}
