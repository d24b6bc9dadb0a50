import { beforeAll, expect, it, vi } from 'vitest';
import { eventInput, givenApp, givenEndpoint } from '../support/fixtures.js';
import { answered, startSkippingPosthorn, type SkippingPosthorn } from '../support/skipping-posthorn.js';

let posthorn: SkippingPosthorn;
beforeAll(async () => {
  posthorn = await startSkippingPosthorn();
});

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

it('with too many under way a first attempt is queued', async () => {
  posthorn.place = 'local';
  posthorn.answer = () => answered(200);
  const app = await givenApp(posthorn.pool, 'standard');
  await givenEndpoint(posthorn.pool, posthorn.sealer, app, { url: 'https://receiver.test/' });
  const queuedOf = async () => {
    const event = eventInput(app);
    expect(await posthorn.deliver(event)).toMatchObject({ status: 'delivered' });
    const workflow = posthorn.env.client.workflow.getHandle(`event/${app.id}/${event.eventId}`);
    const { events } = await workflow.fetchHistory();
    return (events ?? []).filter((each) => each.activityTaskScheduledEventAttributes).length;
  };
  expect(await queuedOf()).toBe(0);
  const hasRoom = vi.spyOn(posthorn.dispatcher, 'hasRoom').mockReturnValue(false);
  expect(await queuedOf()).toBe(1);
  hasRoom.mockRestore();
});
