import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Attempt } from '../support/api-client.js';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { hang, Receiver } from '../support/receiver.js';
import { connectOperator } from '../support/temporal.js';

interface Scene {
  readonly receiver: Receiver;
  readonly environment: Readonly<Record<string, string>>;
}

/** A receiver, and what processes of a Posthorn of its own are started with. */
async function scene(): Promise<Scene> {
  const { url } = await createDatabase();
  const environment = { DATABASE_URL: url, POSTHORN_TASK_QUEUE: `chaos-${url.slice(-12)}` };
  return { receiver: await Receiver.start(), environment };
}

async function given(posthorn: PosthornProcess, receiver: Receiver, webhook: Record<string, unknown> = {}) {
  const { app } = await posthorn.api.createApp('scute');
  await posthorn.api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const submit = () => posthorn.api.submit(app.id, { event_type: 'user.created', data: {} });
  return { app, submit };
}

/** How often the receiver may have got an event, by its attempts: each once, and twice what is marked. */
function mostSent(attempts: readonly Attempt[]): number {
  return attempts.reduce((sent, { possibly_repeated }) => sent + (possibly_repeated ? 2 : 1), 0);
}

// They wait for Temporal's timeouts, each on its own database.
describe.concurrent('SIGKILL', () => {
  it('between attempts: the next attempt comes at its time, the one before is not repeated', async () => {
    const { receiver, environment } = await scene();
    const before = await PosthornProcess.start('all', environment);
    const { app, submit } = await given(before, receiver);
    receiver.answer(500);
    const { id } = await submit();
    const waiting = await before.api.eventWhen(
      app.id,
      id,
      ({ deliveries }) => deliveries[0]?.status === 'failed',
    );
    await before.kill();

    const after = await PosthornProcess.start('all', environment);
    const delivered = await after.api.eventThatIs('delivered', app.id, id, 60_000);
    const [first, second, ...more] = receiver.received;
    expect(more).toEqual([]);
    const announced = Date.parse(waiting.deliveries[0]?.next_attempt_at ?? '');
    // The announced time, and for the worse case the queue's own time to notice that the old worker is gone.
    expect((second?.at ?? 0) - announced).toBeGreaterThan(-50);
    expect((second?.at ?? 0) - announced).toBeLessThan(30_000);
    expect(second?.body).toBe(first?.body);
    expect(delivered.deliveries[0]?.attempts).toMatchObject([
      { number: 1, status_code: 500, possibly_repeated: false },
      { number: 2, status_code: 200, possibly_repeated: false },
    ]);
    expect(await after.stop()).toBe(0);
  }, 120_000);

  it('during a queued POST: the attempt is worker_lost, and the delivery goes on by its schedule', async () => {
    const { receiver, environment } = await scene();
    const before = await PosthornProcess.start('all', environment);
    const { app, submit } = await given(before, receiver);
    receiver.answer(hang);
    const { id } = await submit();
    await receiver.gets(1);
    await before.kill();

    const after = await PosthornProcess.start('all', environment);
    const delivered = await after.api.eventThatIs('delivered', app.id, id, 90_000);
    expect(delivered.deliveries[0]?.attempts).toMatchObject([
      { number: 1, status_code: null, error: expect.stringMatching(/^worker_lost: /) as string },
      { number: 2, status_code: 200 },
    ]);
    expect(receiver.received).toHaveLength(2);
    expect(await after.stop()).toBe(0);
  }, 120_000);

  it('during a queued POST that is the only attempt: the delivery ends as exhausted, with the attempt lost', async () => {
    const { receiver, environment } = await scene();
    const before = await PosthornProcess.start('all', environment);
    const { app, submit } = await given(before, receiver, { retry_limit: 0 });
    receiver.answer(hang);
    const { id } = await submit();
    await receiver.gets(1);
    await before.kill();

    const after = await PosthornProcess.start('all', environment);
    const failed = await after.api.eventThatIs('failed', app.id, id, 90_000);
    expect(failed.deliveries[0]).toMatchObject({ status: 'failed', reason: 'exhausted', attempt_count: 1 });
    expect(failed.deliveries[0]?.attempts).toMatchObject([
      { number: 1, error: expect.stringMatching(/^worker_lost: /) as string },
    ]);
    expect(receiver.received).toHaveLength(1);
    expect(await after.stop()).toBe(0);
  }, 120_000);

  it('during a local POST: the attempt is made again and marked possibly_repeated', async () => {
    const { receiver, environment } = await scene();
    const before = await PosthornProcess.start('all', environment);
    const { app, submit } = await given(before, receiver);
    const earning = await submit();
    await before.api.eventThatIs('delivered', app.id, earning.id);
    receiver.answer(hang);
    const { id } = await submit();
    await receiver.gets(2);
    await before.kill();

    const after = await PosthornProcess.start('all', environment);
    const delivered = await after.api.eventThatIs('delivered', app.id, id, 90_000);
    expect(delivered.deliveries[0]?.attempts).toMatchObject([
      { number: 1, status_code: 200, possibly_repeated: true },
    ]);
    expect(receiver.received).toHaveLength(3);
    expect(await after.stop()).toBe(0);
  }, 120_000);

  it('during a local POST, and again when that is repeated: the attempt is worker_lost, and marked', async () => {
    const { receiver, environment } = await scene();
    const first = await PosthornProcess.start('all', environment);
    const { app, submit } = await given(first, receiver);
    await first.api.eventThatIs('delivered', app.id, (await submit()).id);
    receiver.answer(hang, hang);
    const { id } = await submit();
    await receiver.gets(2);
    await first.kill();
    const second = await PosthornProcess.start('all', environment);
    await receiver.gets(3);
    await second.kill();

    const third = await PosthornProcess.start('all', environment);
    const delivered = await third.api.eventThatIs('delivered', app.id, id, 90_000);
    const error = expect.stringMatching(/^worker_lost: /) as string;
    expect(delivered.deliveries[0]?.attempts).toMatchObject([
      { number: 1, error, possibly_repeated: true },
      { number: 2, status_code: 200, possibly_repeated: false },
    ]);
    expect(receiver.received).toHaveLength(4);
    expect(await third.stop()).toBe(0);
  }, 180_000);
});

describe('SIGKILL of many', () => {
  it('in the middle of a batch: every event arrives, and what came twice was in flight and is marked', async () => {
    const { receiver, environment } = await scene();
    const before = await PosthornProcess.start('all', environment);
    const { app, submit } = await given(before, receiver);
    await before.api.eventThatIs('delivered', app.id, (await submit()).id);
    receiver.received.length = 0;
    receiver.answerAlways((response) => void sleep(20).then(() => response.end()));
    const ids = Array.from({ length: 600 }, () => randomUUID());
    const batch = { events: ids.map((id) => ({ id, event_type: 'user.created', data: {} })) };
    const path = `/v1/apps/${app.id}/events`;
    // Killed before it can be answered, or after.
    const answer = before.api.call('POST', `${path}/batch`, { body: batch }).catch(() => null);
    await receiver.gets(250);
    await before.kill();
    await answer;

    const after = await PosthornProcess.start('all', environment);
    const arrived = () =>
      new Set(receiver.received.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size;
    await expect.poll(arrived, { timeout: 120_000 }).toBe(ids.length);
    for (const id of ids) await after.api.eventThatIs('delivered', app.id, id, 120_000);
    // An attempt that is made a second time is marked when that has ended, which may be after the first one's end.
    const operator = await connectOperator();
    const running = `TaskQueue = '${environment['POSTHORN_TASK_QUEUE'] ?? ''}' and ExecutionStatus = 'Running'`;
    const stillRun = async () => (await operator.client.workflow.count(running)).count;
    await expect.poll(stillRun, { timeout: 60_000 }).toBe(0);
    const attemptsOf = new Map<string, Attempt[]>();
    for (const id of ids) {
      const { deliveries } = await after.api.event(app.id, id);
      const [{ attempts = [] } = {}, ...others] = deliveries;
      expect(others).toEqual([]);
      attemptsOf.set(id, attempts);
    }
    const times = new Map<string, number>();
    for (const { body } of receiver.received) {
      const { id } = JSON.parse(body) as { id: string };
      times.set(id, (times.get(id) ?? 0) + 1);
    }
    expect([...times.keys()].toSorted()).toEqual(ids.toSorted());
    // What was lost is sent again, and marked. If Temporal loses the task for that on a busy machine, it comes back with the
    // next number: then the one before is worker_lost, and was sent once.
    const isExplained = (id: string) => {
      const attempts = attemptsOf.get(id) ?? [];
      return (
        (times.get(id) ?? 0) <= mostSent(attempts) &&
        attempts.slice(0, -1).every(({ error }) => error?.startsWith('worker_lost: '))
      );
    };
    expect(ids.filter((id) => !isExplained(id)).map((id) => [times.get(id), attemptsOf.get(id)])).toEqual([]);
    // Two chunks of a hundred are in flight.
    const inFlight = ids.filter((id) => mostSent(attemptsOf.get(id) ?? []) > 1);
    expect(inFlight.length).toBeLessThanOrEqual(200);
    expect(await after.stop()).toBe(0);
  }, 240_000);
});

describe('SIGTERM', () => {
  it.each([
    ['queued', 0],
    ['local', 1],
  ] as const)(
    'during a %s POST: it is finished and recorded, then the process ends',
    async (_place, earned) => {
      const { receiver, environment } = await scene();
      const posthorn = await PosthornProcess.start('all', environment);
      const { app, submit } = await given(posthorn, receiver);
      for (let n = 0; n < earned; n += 1) {
        await posthorn.api.eventThatIs('delivered', app.id, (await submit()).id);
      }
      let answer = () => undefined as void;
      receiver.answer((response) => {
        answer = () => void response.writeHead(201).end('late but there');
      });
      const { id } = await submit();
      await receiver.gets(earned + 1);
      const stopped = posthorn.stop();
      // The stop is under way when the receiver answers.
      await expect.poll(() => posthorn.lines.join('\n')).toContain('Stopping');
      answer();
      expect(await stopped).toBe(0);

      const after = await PosthornProcess.start('api', environment);
      const event = await after.api.event(app.id, id);
      expect(event.deliveries[0]).toMatchObject({ status: 'delivered', attempt_count: 1 });
      expect(event.deliveries[0]?.attempts).toMatchObject([
        { number: 1, status_code: 201, possibly_repeated: false, response_body: 'late but there' },
      ]);
      expect(receiver.received).toHaveLength(earned + 1);
      expect(await after.stop()).toBe(0);
    },
    60_000,
  );
});

it('posthorn api and posthorn worker deliver as two processes', async () => {
  const { receiver, environment } = await scene();
  const api = await PosthornProcess.start('api', environment);
  expect(await api.api.call('GET', '/readyz')).toMatchObject({
    status: 503,
    body: { checks: { postgresql: 'ok', temporal: 'ok', worker: 'no worker polls the task queues' } },
  });
  const { app, submit } = await given(api, receiver);
  const { id } = await submit();
  // Nobody works yet: the event is known all the same.
  expect(await api.api.event(app.id, id)).toMatchObject({ status: 'pending', deliveries: [] });
  const worker = await PosthornProcess.start('worker', environment);
  await api.api.eventThatIs('delivered', app.id, id);
  expect(await api.api.call('GET', '/readyz')).toMatchObject({ status: 200 });
  expect([await worker.stop(), await api.stop()]).toEqual([0, 0]);
}, 60_000);
