import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { profileById } from '../../src/profiles/index.js';
import { delayBeforeAttemptMs, type Schedule } from '../../src/domain/schedule.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { eventInput, givenApp, givenEndpoint } from '../support/fixtures.js';
import { answered, startSkippingPosthorn, type SkippingPosthorn } from '../support/skipping-posthorn.js';

/** Between two attempts the server's clock runs on for as long as the activities around them really take. */
const SLACK_MS = 1_000;

let posthorn: SkippingPosthorn;
beforeAll(async () => {
  posthorn = await startSkippingPosthorn();
});
beforeEach(async () => {
  await posthorn.deleteEndpoints();
  posthorn.sent.length = 0;
  posthorn.answer = () => answered(500);
});

async function deliverTo(profile: string, chosen: Partial<Pick<Endpoint, 'retryLimit' | 'schedule'>> = {}) {
  const app = await givenApp(posthorn.pool, profile);
  const url = 'https://receiver.test/';
  await givenEndpoint(posthorn.pool, posthorn.sealer, app, { url, ...chosen });
  const result = await posthorn.deliver(eventInput(app));
  const [delivery] = result.deliveries;
  if (!delivery) throw new Error('there was no delivery');
  return { app, result, delivery };
}

function gaps(): number[] {
  return posthorn.sent.slice(1).map(({ at }, index) => at - (posthorn.sent[index]?.at ?? 0));
}

function expectGaps(delaysMs: readonly number[]): void {
  expect(gaps()).toHaveLength(delaysMs.length);
  for (const [index, gap] of gaps().entries()) {
    const late = gap - (delaysMs[index] ?? 0);
    expect(late, `attempt ${index + 2} came ${late} ms after its time`).toBeGreaterThanOrEqual(-1);
    expect(late, `attempt ${index + 2} came ${late} ms after its time`).toBeLessThan(SLACK_MS);
  }
}

function delaysOf(schedule: Schedule, deliveryId: string, attempts: number): number[] {
  return Array.from({ length: attempts - 1 }, (_, n) => delayBeforeAttemptMs(schedule, n + 2, deliveryId));
}

const seconds = (values: number[]) => values.map((value) => value * 1000);

describe.each(['queued', 'local'] as const)('with a first attempt that is %s', (place) => {
  beforeEach(() => {
    posthorn.place = place;
  });

  it('scute: retry_limit 0 is one attempt', async () => {
    const { delivery } = await deliverTo('scute', { retryLimit: 0 });
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 1 });
    expectGaps([]);
  });

  it('scute: retry_limit 3 is four attempts, 10, 20 and 40 seconds apart', async () => {
    const { delivery } = await deliverTo('scute', { retryLimit: 3 });
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 4 });
    expectGaps(seconds([10, 20, 40]));
  });

  it('scute: retry_limit 10 is eleven attempts, doubling from 10 seconds to at most an hour', async () => {
    const { delivery } = await deliverTo('scute', { retryLimit: 10 });
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 11 });
    expectGaps(seconds([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]));
  });

  it('scute: without a retry_limit, three retries', async () => {
    await deliverTo('scute');
    expectGaps(seconds([10, 20, 40]));
  });

  it('standard: ten attempts over 75 h, each at its jittered time', async () => {
    const { delivery } = await deliverTo('standard');
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 10 });
    const schedule = profileById('standard').schedule;
    expectGaps(delaysOf(schedule, delivery.deliveryId, 10));
    const hours = ((posthorn.sent.at(-1)?.at ?? 0) - (posthorn.sent[0]?.at ?? 0)) / 3_600_000;
    expect(hours).toBeGreaterThan(75.6 * 0.9);
    expect(hours).toBeLessThan(75.6 * 1.1);
  });

  it('standard: Retry-After moves the second attempt from 5 seconds to the 40 asked for', async () => {
    posthorn.answer = (post) => (post === 1 ? answered(503, { retryAfterMs: 40_000 }) : answered(200));
    const { delivery } = await deliverTo('standard');
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 2 });
    expectGaps([40_000]);
  });

  it('standard: Retry-After of a day is cut to an hour', async () => {
    posthorn.answer = (post) => (post === 1 ? answered(429, { retryAfterMs: 86_400_000 }) : answered(200));
    await deliverTo('standard');
    expectGaps([3_600_000]);
  });

  it('standard: 410 ends it at once', async () => {
    posthorn.answer = () => answered(410);
    const { delivery } = await deliverTo('standard');
    expect(delivery).toMatchObject({ status: 'failed', reason: 'refused', attempts: 1 });
  });

  it('scute: a 4xx after two failures ends it', async () => {
    posthorn.answer = (post) => answered(post === 3 ? 422 : 503);
    const { delivery } = await deliverTo('scute');
    expect(delivery).toMatchObject({ status: 'failed', reason: 'refused', attempts: 3 });
  });

  it('scalekit: six attempts, the first at once, then 5 s, 30 s, 2 min, 5 min and 15 min after the one before', async () => {
    const { delivery } = await deliverTo('scalekit');
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 6 });
    expectGaps(seconds([5, 30, 120, 300, 900]));
  });

  it.each([400, 401, 403, 422])('scalekit: %i ends it at once', async (status) => {
    posthorn.answer = () => answered(status);
    const { delivery } = await deliverTo('scalekit');
    expect(delivery).toMatchObject({ status: 'failed', reason: 'refused', attempts: 1 });
  });

  it('scalekit: 404 does not end it', async () => {
    posthorn.answer = (post) => answered(post === 1 ? 404 : 201);
    const { delivery } = await deliverTo('scalekit');
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 2 });
  });

  it('scalekit-auth: eleven attempts, 1, 2, 4, 8, 16 and then 30 minutes apart, whatever the answer', async () => {
    posthorn.answer = (post) => answered([400, 401, 404, 410, 422, 500][post % 6] ?? 500);
    const { delivery } = await deliverTo('scalekit-auth');
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 11 });
    expectGaps(seconds([60, 120, 240, 480, 960, 1800, 1800, 1800, 1800, 1800]));
  });

  it('scendcore: one attempt', async () => {
    const { delivery } = await deliverTo('scendcore');
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 1 });
    expectGaps([]);
  });

  it('an endpoint’s own schedule, with delays that fall and rise', async () => {
    const { delivery } = await deliverTo('standard', { schedule: [3_600, 1, 86_400, 2.5] });
    expect(delivery).toMatchObject({ status: 'failed', reason: 'exhausted', attempts: 5 });
    expectGaps(seconds([3_600, 1, 86_400, 2.5]));
  });

  it('another profile’s schedule by its name', async () => {
    const { delivery } = await deliverTo('scendcore', { schedule: 'scalekit-auth' });
    expect(delivery).toMatchObject({ attempts: 11 });
    expectGaps(seconds([60, 120, 240, 480, 960, 1800, 1800, 1800, 1800, 1800]));
  });

  it('signs every attempt with its own time and sends the same bytes', async () => {
    await deliverTo('standard', { retryLimit: 2 });
    for (const { at, headers } of posthorn.sent) {
      // Signed in the second that it is sent in, unless that ends in between.
      const age = at - Number(headers['webhook-timestamp']) * 1_000;
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(1_000 + SLACK_MS);
    }
    expect(new Set(posthorn.sent.map(({ body }) => body)).size).toBe(1);
    expect(new Set(posthorn.sent.map(({ headers }) => headers['webhook-signature'])).size).toBe(3);
  });
});
