import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { dayOf, type Day } from '../../src/domain/day.js';
import type { Pool } from '../../src/store/database/pool.js';
import { dropExpiredDays, forgetEventKeys, type Retention } from '../../src/store/retention/retention.js';
import { fitNamespaceRetention } from '../../src/temporal/namespace-retention.js';
import { addSearchAttributes } from '../../src/temporal/search-attributes.js';
import type { deliverEvent, resendEvent } from '../../src/workflows/index.js';
import type { App, Event, ProblemBody } from '../support/api-client.js';
import { connectTo, openPool } from '../support/database.js';
import { eventInput } from '../support/fixtures.js';
import { Receiver } from '../support/receiver.js';
import { sharedOperator } from '../support/temporal.js';
import { startTestPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** What the log has kept for long enough goes, a day at a time, and its ids are remembered for as long again. */

const DAY_MS = 86_400_000;
const RETENTION_DAYS = 30;

const operator = sharedOperator();
let posthorn: TestPosthorn;
let receiver: Receiver;
let pool: Pool;
beforeEach(async () => {
  posthorn = await startTestPosthorn();
  receiver = await Receiver.start();
  pool = openPool(posthorn.databaseUrl, 5);
});

/** As the housekeeping sees it so many days from now. */
const inDays = (days: number) => ({
  now: new Date(Date.now() + days * DAY_MS),
  retentionDays: RETENTION_DAYS,
});

/** The days that go, oldest first: one that others were at for too long was left for the next time. */
async function dropAll(retention: Retention): Promise<Day[]> {
  const days: Day[] = [];
  for (;;) {
    const { dropped, busy } = await dropExpiredDays(pool, retention);
    days.push(...dropped);
    if (busy.length === 0) return days.toSorted();
  }
}

async function partitionsOf(day: string): Promise<string[]> {
  const { rows } = await pool.query<{ relname: string }>(
    "select relname from pg_class where relkind = 'r' and relname like '%\\_' || $1 order by relname",
    [day.replaceAll('-', '')],
  );
  return rows.map(({ relname }) => relname);
}

const partitionsNamed = (day: string) =>
  ['attempts', 'deliveries', 'events'].map((table) => `${table}_${day.replaceAll('-', '')}`);

async function given(webhook: Record<string, unknown> = {}, profile = 'standard') {
  const { app } = await posthorn.api.createApp(profile);
  const endpoint = await posthorn.api.createWebhook(app.id, { url: receiver.url, ...webhook });
  return { app, endpoint, path: `/v1/apps/${app.id}/events` };
}

async function delivered(appId: string, more: Record<string, unknown> = {}): Promise<Event> {
  const { id } = await posthorn.api.submit(appId, { event_type: 'user.created', data: { n: 1 }, ...more });
  return posthorn.api.eventThatIs('delivered', appId, id);
}

/** An event that was accepted so many days ago, and is opened only now: its workflow, started. */
function startLate(app: App, age: number) {
  const event = eventInput(app, { acceptedAt: new Date(Date.now() - age * DAY_MS).toISOString() });
  return operator.client.workflow.start<typeof deliverEvent>('deliverEvent', {
    workflowId: `event/${app.id}/${event.eventId}`,
    taskQueue: posthorn.taskQueue,
    args: [event],
  });
}

const dayBefore = (days: number) => dayOf(new Date(Date.now() - days * DAY_MS));

describe('a day of the log', () => {
  it('goes when its last event is older than the retention, and not before', async () => {
    const { app, path } = await given();
    const event = await delivered(app.id);
    const day = event.created_at.slice(0, 10);

    expect(await dropExpiredDays(pool, inDays(RETENTION_DAYS))).toEqual({ dropped: [], kept: [], busy: [] });
    expect((await posthorn.api.event(app.id, event.id)).status).toBe('delivered');
    expect(await partitionsOf(day)).toEqual(partitionsNamed(day));

    expect(await dropAll(inDays(RETENTION_DAYS + 1))).toEqual([day]);
    expect(await partitionsOf(day)).toEqual([]);
    for (const [method, of] of [
      ['GET', ''],
      ['POST', '/cancel'],
      ['POST', '/resend'],
    ] as const) {
      expect((await posthorn.api.call(method, `${path}/${event.id}${of}`)).status).toBe(404);
    }
    expect(await posthorn.api.expect(200, 'GET', path)).toMatchObject({ events: [] });
  });

  it('stays while a delivery is in backoff, with everything that it has, and goes after that', async () => {
    const { app } = await given({ schedule: [86_400] });
    receiver.answer(500);
    const { id } = await posthorn.api.submit(app.id, { event_type: 'user.created', data: {} });
    const waiting = await posthorn.api.eventWhen(app.id, id, ({ deliveries }) =>
      Boolean(deliveries[0]?.next_attempt_at),
    );
    const day = waiting.created_at.slice(0, 10);

    const later = inDays(RETENTION_DAYS + 1);
    expect(await dropExpiredDays(pool, later)).toEqual({ dropped: [], kept: [{ day, open: 1 }], busy: [] });
    // Ids are remembered for as long as the event, however long that is.
    expect(await forgetEventKeys(pool, inDays(10 * RETENTION_DAYS))).toBe(0);
    expect(await posthorn.api.event(app.id, id)).toEqual(waiting);

    const [delivery] = waiting.deliveries;
    await posthorn.api.expect(202, 'POST', `/v1/apps/${app.id}/deliveries/${delivery?.id}/retry`);
    const ended = await posthorn.api.eventThatIs('delivered', app.id, id);
    expect(ended.deliveries[0]?.attempts).toHaveLength(2);
    expect(await dropAll(later)).toEqual([day]);
    expect((await posthorn.api.call('GET', `/v1/apps/${app.id}/events/${id}`)).status).toBe(404);
  });

  it('is not waited for while somebody reads it: what is submitted meanwhile is delivered', async () => {
    const { app } = await given();
    await (await startLate(app, 40)).result();
    const reader = await connectTo(posthorn.databaseUrl);
    await reader.query('begin');
    await reader.query('select count(*) from attempts');
    const dropping = dropExpiredDays(pool, inDays(0));
    // Each of them may have to wait, and then goes on.
    for (let n = 0; n < 5; n += 1) await delivered(app.id);
    expect(await dropping).toEqual({ dropped: [], kept: [], busy: [dayBefore(40)] });
    await reader.query('commit');
    expect(await dropAll(inDays(0))).toEqual([dayBefore(40)]);
  });

  it('that a resend comes to at the same time goes after it, or before it: none is begun and lost', async () => {
    const { app, endpoint } = await given();
    const events = await Promise.all(Array.from({ length: 20 }, () => delivered(app.id)));
    const resend = (eventId: string) =>
      operator.client.workflow.execute<typeof resendEvent>('resendEvent', {
        workflowId: `resend/${app.id}/${randomUUID()}`,
        taskQueue: posthorn.taskQueue,
        args: [{ appId: app.id, eventId, endpointIds: [endpoint.id] }],
      });
    const resends = events.map(({ id }) => resend(id));
    const days: Day[] = [];
    const drop = async () => days.push(...(await dropExpiredDays(pool, inDays(RETENTION_DAYS + 1))).dropped);
    for (let n = 0; n < 5; n += 1) await drop();
    const results = await Promise.all(resends);
    const sent = results.filter(({ status }) => status === 'delivered').length;
    expect(results.filter(({ status }) => status !== 'delivered' && status !== 'ignored')).toEqual([]);
    expect(receiver.received).toHaveLength(events.length + sent);
    // Whatever was in the way is not any more.
    days.push(...(await dropAll(inDays(RETENTION_DAYS + 1))));
    expect(days).toEqual([events[0]?.created_at.slice(0, 10)]);
  });
});

describe('days that several processes drop, while others submit', () => {
  it('go once; late events make them anew, and are delivered; nothing submitted fails', async () => {
    const { app } = await given();
    const ages = [45, 44, 43, 42, 41];
    const days = ages.map(dayBefore);
    const openLate = () => Promise.all(ages.map(async (age) => (await startLate(app, age)).result()));
    const late = await openLate();
    expect(late.map(({ status }) => status)).toEqual(days.map(() => 'delivered'));
    expect(receiver.received).toHaveLength(days.length);

    const submitting = Promise.all(Array.from({ length: 100 }, () => delivered(app.id)));
    const rounds = await Promise.all(Array.from({ length: 4 }, () => dropExpiredDays(pool, inDays(0))));
    await submitting;
    const rest = await dropAll(inDays(0));
    expect(receiver.received).toHaveLength(days.length + 100);
    const droppedDays = [...rounds.flatMap(({ dropped }) => dropped), ...rest];
    expect(new Set(droppedDays)).toEqual(new Set(days));
    for (const day of days) expect(await partitionsOf(day)).toEqual([]);

    expect((await openLate()).map(({ status }) => status)).toEqual(days.map(() => 'delivered'));
    expect(await dropAll(inDays(0))).toEqual(days);
  });

  it('are dropped at the start of a process, which tells of those that stay', async () => {
    const { app } = await given({ schedule: [86_400] });
    await (await startLate(app, 50)).result();
    receiver.answer(500);
    const open = await startLate(app, 40);
    await receiver.gets(2);
    await posthorn.restart();
    const said = (text: string) => posthorn.log.filter((line) => line.includes(text));
    await expect
      .poll(() => said('kept an expired day'))
      .toMatchObject([expect.stringContaining(`"${dayBefore(40)}"`)]);
    expect(said('dropped expired days')).toMatchObject([expect.stringContaining(`["${dayBefore(50)}"]`)]);
    await open.cancel();
    await open.result();
  });
});

describe('the id of an event that was dropped', () => {
  it('is refused for as long again, and then is a new event’s', { timeout: 120_000 }, async () => {
    const { app, path } = await given({}, 'scute');
    const id = randomUUID();
    const body = { id, event_type: 'user.created', data: { n: 1 } };
    const { workflow_id } = await delivered(app.id, body);
    const byKey = { body: { event_type: 'user.created', data: 2 }, headers: { 'Idempotency-Key': 'once' } };
    const keyed = await posthorn.api.call<{ event: Event }>('POST', path, byKey);
    await posthorn.api.eventThatIs('delivered', app.id, keyed.body.event.id);
    const day = keyed.body.event.created_at.slice(0, 10);
    expect(await dropAll(inDays(RETENTION_DAYS + 1))).toEqual([day]);

    const submit = (changes: Record<string, unknown> = {}) =>
      posthorn.api.call<ProblemBody>('POST', path, { body: { ...body, ...changes } });
    const refused = {
      status: 409,
      body: {
        code: 'event_dropped',
        detail: expect.stringMatching(new RegExp(`${day}.* 30 days, .* 60\\.`)) as string,
        errors: [{ pointer: '/id' }],
      },
    };
    expect(await submit()).toMatchObject(refused);
    expect(await submit({ data: { n: 2 } })).toMatchObject({ status: 409, body: { code: 'event_conflict' } });
    expect(await posthorn.api.call('POST', path, byKey)).toMatchObject({
      status: 409,
      body: { code: 'event_dropped', errors: [{ parameter: 'Idempotency-Key' }] },
    });
    // Whether or not Temporal still knows it.
    await forgottenByTemporal(workflow_id);
    expect(await submit()).toMatchObject(refused);
    expect(await forgetEventKeys(pool, inDays(2 * RETENTION_DAYS))).toBe(0);
    expect(await submit()).toMatchObject(refused);

    expect(await forgetEventKeys(pool, inDays(2 * RETENTION_DAYS + 1))).toBe(2);
    expect(receiver.received).toHaveLength(2);
    // Temporal has this one's workflow, which says nothing of the log.
    expect((await posthorn.api.call('GET', `${path}/${keyed.body.event.id}`)).status).toBe(404);
    const again = await submit({ data: { n: 3 } });
    expect(again).toMatchObject({ status: 202, body: { event: { id, status: 'pending' } } });
    expect((await posthorn.api.eventThatIs('delivered', app.id, id)).data).toEqual({ n: 3 });
    expect(receiver.received).toHaveLength(3);
  });

  it('is forgotten with thousands of others, by several processes at once', async () => {
    await pool.query(
      `insert into event_keys (app_id, event_id, content_hash, day, opened_by)
       select gen_random_uuid(), n::text, '', date '2020-01-01' + n % 7, '' from generate_series(1, 12000) n`,
    );
    const forgotten = await Promise.all([1, 2, 3].map(() => forgetEventKeys(pool, inDays(0))));
    forgotten.push(await forgetEventKeys(pool, inDays(0)));
    expect(forgotten.reduce((sum, each) => sum + each)).toBe(12_000);
    expect((await pool.query('select from event_keys')).rowCount).toBe(0);
  });

  /** What the end of Temporal's retention does; the server takes its time for it when it is busy. */
  async function forgottenByTemporal(workflowId: string): Promise<void> {
    const { client } = operator;
    await client.workflow.getHandle(workflowId).result();
    await client.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
    });
    const known = () =>
      client.workflow
        .getHandle(workflowId)
        .describe()
        .then(
          () => true,
          () => false,
        );
    await expect.poll(known, { timeout: 80_000 }).toBe(false);
  }
});

describe('the retention of the Temporal namespace', () => {
  /** A namespace of its own, with so many days. */
  async function givenNamespace(days: number) {
    const namespace = `retention-${randomUUID()}`;
    await operator.client.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: (days * DAY_MS) / 1_000 } as object,
    });
    const log: Record<string, unknown>[] = [];
    const client = new Client({ connection: operator.client.connection, namespace });
    return {
      log,
      namespace,
      fit: (isOurs: boolean) =>
        fitNamespaceRetention(client, {
          retentionDays: 7,
          isOurs,
          logger: pino({ base: null }, { write: (line) => log.push(JSON.parse(line) as object as never) }),
        }),
      days: async () => {
        const { config } = await client.workflowService.describeNamespace({ namespace });
        return (Number(config?.workflowExecutionRetentionTtl?.seconds) * 1_000) / DAY_MS;
      },
    };
  }

  it('that fits stays as it is, and nobody is told', async () => {
    for (const days of [1, 7]) {
      const { fit, log, ...namespace } = await givenNamespace(days);
      await fit(true);
      await fit(false);
      expect([await namespace.days(), log]).toEqual([days, []]);
    }
  });

  it('of a server of our own is set, and nothing else with it', async () => {
    const { namespace, fit, days, log } = await givenNamespace(8);
    const { operatorService } = operator.client.connection as unknown as {
      operatorService: Parameters<typeof addSearchAttributes>[0];
    };
    await addSearchAttributes(operatorService, namespace, ['PosthornApp']);
    await fit(true);
    expect(await days()).toBe(7);
    expect(log).toMatchObject([{ namespace, days: 7 }]);
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    expect(customAttributes).toHaveProperty('PosthornApp');
  });

  it('of a given server stays as it is: the log names the command', async () => {
    const { namespace, fit, days, log } = await givenNamespace(8);
    await fit(false);
    expect(await days()).toBe(8);
    expect(log).toMatchObject([
      {
        level: 40,
        msg: expect.stringContaining(
          `temporal operator namespace update --namespace ${namespace} --retention 7d`,
        ) as string,
      },
    ]);
  });

  it('that cannot be asked for keeps nobody from starting', async () => {
    const log: string[] = [];
    const client = new Client({ connection: operator.client.connection, namespace: `none-${randomUUID()}` });
    const logger = pino({ base: null }, { write: (line) => log.push(line) });
    await fitNamespaceRetention(client, { retentionDays: 7, isOurs: true, logger });
    expect(log).toMatchObject([expect.stringContaining('could not check the retention')]);
  });
});
