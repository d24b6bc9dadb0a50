import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventInput, givenApp, givenEndpoint } from '../support/fixtures.js';
import { answered, startSkippingPosthorn, type SkippingPosthorn } from '../support/skipping-posthorn.js';

let posthorn: SkippingPosthorn;
beforeAll(async () => {
  posthorn = await startSkippingPosthorn();
});
afterAll(() => posthorn.stop());

it('a first attempt of which nothing is heard is made again after its time, and marked', async () => {
  posthorn.place = 'local';
  // As if the process that has sent it were lost.
  posthorn.answer = (post) => (post === 1 ? new Promise(() => undefined) : answered(200));
  const app = await givenApp(posthorn.pool, 'standard');
  await givenEndpoint(posthorn.pool, posthorn.sealer, app, { url: 'https://receiver.test/' });
  const { deliveries } = await posthorn.deliver(eventInput(app));
  expect(deliveries).toMatchObject([{ status: 'delivered', attempts: 1 }]);
  const [first, second, ...more] = posthorn.sent;
  expect(more).toEqual([]);
  // 15 s of the profile, and 10 s for the log.
  const gap = (second?.at ?? 0) - (first?.at ?? 0);
  expect(gap).toBeGreaterThanOrEqual(25_000);
  expect(gap).toBeLessThan(30_000);
  const { rows } = await posthorn.pool.query('select number, status_code, possibly_repeated from attempts');
  expect(rows).toEqual([{ number: 1, status_code: 200, possibly_repeated: true }]);
});
