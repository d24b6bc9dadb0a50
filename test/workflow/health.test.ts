import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { findEndpointWithActivity } from '../../src/store/endpoints/endpoints.js';
import type { ExplainedDelivery } from '../support/api-client.js';
import type { AppSettings } from '../../src/domain/app.js';
import { eventInput, givenApp, givenEndpoint } from '../support/fixtures.js';
import { answered, startSkippingPosthorn, type SkippingPosthorn } from '../support/skipping-posthorn.js';
import { startTestPosthorn } from '../support/test-posthorn.js';

/** Rules and ends that take hours and days, on a server that skips them. */

let posthorn: SkippingPosthorn;
beforeAll(async () => {
  posthorn = await startSkippingPosthorn();
});
beforeEach(async () => {
  await posthorn.deleteEndpoints();
  posthorn.sent.length = 0;
  posthorn.place = 'queued';
  posthorn.answer = () => answered(500);
});

async function given(profile: string, settings: Partial<AppSettings> = {}, changes: Partial<Endpoint> = {}) {
  const { pool, sealer } = posthorn;
  const app = await givenApp(pool, profile, settings);
  const url = 'https://receiver.test/';
  const { id } = await givenEndpoint(pool, sealer, app, { url, schedule: [], ...changes });
  return {
    app,
    endpoint: () => findEndpointWithActivity(pool, app.id, id),
    deliver: async () => (await posthorn.start(eventInput(app))).result(),
    start: () => posthorn.start(eventInput(app)),
    /** The endpoint as soon as its health workflow has disabled it. */
    untilDisabled: () =>
      expect
        .poll(() => findEndpointWithActivity(pool, app.id, id), { timeout: 10_000 })
        .toMatchObject({ enabled: false }),
  };
}

describe('after a time of nothing but failures', () => {
  it('standard: an endpoint is disabled by its first failure after five days', async () => {
    const { endpoint, deliver, untilDisabled } = await given('standard');
    for (let day = 0; day < 5; day += 1) {
      await deliver();
      expect(await endpoint()).toMatchObject({ enabled: true, tripped: null, failureCount: day + 1 });
      await posthorn.env.sleep('1 day');
    }
    await deliver();
    await untilDisabled();
    expect(await endpoint()).toMatchObject({ disabledReason: 'continuous_failure', failureCount: 6 });
  });

  it('standard: a success in between begins the five days anew', async () => {
    const { endpoint, deliver } = await given('standard');
    await deliver();
    await posthorn.env.sleep('4 days');
    posthorn.answer = () => answered(200);
    await deliver();
    posthorn.answer = () => answered(500);
    await deliver();
    await posthorn.env.sleep('4 days');
    await deliver();
    expect(await endpoint()).toMatchObject({ enabled: true, tripped: null, failureCount: 2 });
  });

  it('an application may say after how many hours', async () => {
    const { endpoint, deliver, untilDisabled } = await given('scute', { disable_after_hours: 2 });
    await deliver();
    await posthorn.env.sleep('119 minutes');
    await deliver();
    expect(await endpoint()).toMatchObject({ enabled: true, tripped: null });
    await posthorn.env.sleep('1 minute');
    await deliver();
    await untilDisabled();
    expect(await endpoint()).toMatchObject({ disabledReason: 'continuous_failure' });
  });
});

describe('a held delivery', () => {
  const held = { enabled: false, disabledAt: new Date(), disabledReason: 'manual' };

  it.each([
    ['72 hours when nothing is said', {}, 72],
    ['as long as the application says', { hold_hours: 600 }, 600],
  ])('waits for %s, and fails as expired', async (_name, settings, hours) => {
    const { app, start } = await given('standard', settings, held);
    const event = await start();
    const open = () => posthorn.pool.query('select from deliveries where app_id = $1 and held', [app.id]);
    await expect.poll(async () => (await open()).rowCount).toBe(1);
    await posthorn.env.sleep(hours * 3_600_000 - 60_000);
    expect((await open()).rowCount).toBe(1);
    await posthorn.env.sleep('2 minutes');
    expect((await event.result()).deliveries).toMatchObject([{ status: 'failed', reason: 'expired' }]);
    expect(posthorn.sent).toEqual([]);
    const { databaseUrl, encryptionKey } = posthorn;
    const { api } = await startTestPosthorn({
      databaseUrl,
      encryptionKey,
      parts: { api: true, worker: false },
    });
    const { rows } = await posthorn.pool.query<{ id: string }>(
      'select id from deliveries where app_id = $1',
      [app.id],
    );
    const path = `/v1/apps/${app.id}/deliveries/${rows[0]?.id}`;
    const { explanation } = (await api.expect<{ delivery: ExplainedDelivery }>(200, 'GET', path)).delivery;
    expect(explanation).toMatchObject({
      code: 'expired_held',
      text: expect.stringContaining(`it was held for longer than the ${hours} hours`) as string,
    });
    expect(explanation.remedies.map(({ action }) => action)).toEqual([
      'enable_endpoint',
      'resend',
      'recover',
    ]);
  });
});
