import { expect, it } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** What a recovery would do is counted before it is begun; the recoveries of an endpoint are listed. */

const { api } = sharedPosthorn();
const since = '2026-01-01T00:00:00Z';

interface Preview {
  total: number;
  by_event_type: Record<string, number>;
  oldest: string | null;
  newest: string | null;
  skipped_open: number;
  seconds_at_drain_rate: number;
}

it('counts by type what would be made, and what is left out because it is open', async () => {
  const receiver = await Receiver.start();
  const { app } = await api.createApp();
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, retry_limit: 0 });
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  const preview = (body: Record<string, unknown> = {}) =>
    api.expect<Preview>(200, 'POST', `${path}/recover/preview`, { since, ...body });
  const none = {
    total: 0,
    by_event_type: {},
    oldest: null,
    newest: null,
    skipped_open: 0,
    seconds_at_drain_rate: 0,
  };
  expect(await preview()).toEqual(none);

  receiver.answer(500, 500, 500);
  const failed = [];
  for (const event_type of ['order.paid', 'order.paid', 'user.created']) {
    const { id } = await api.submit(app.id, { event_type, data: {} });
    failed.push(await api.eventThatIs('failed', app.id, id));
  }
  const { id } = await api.submit(app.id, { event_type: 'order.paid', data: {} });
  await api.eventThatIs('delivered', app.id, id);
  const times = failed.map(({ created_at }) => created_at).sort();
  expect(await preview()).toEqual({
    total: 3,
    by_event_type: { 'order.paid': 2, 'user.created': 1 },
    oldest: times[0],
    newest: times[2],
    skipped_open: 0,
    seconds_at_drain_rate: 2,
  });
  expect(await preview({ status: 'all' })).toMatchObject({ total: 4 });
  expect(await preview({ status: 'missing' })).toEqual(none);

  await api.expect(200, 'POST', `${path}/pause`);
  const open = await api.submit(app.id, { event_type: 'order.paid', data: {} });
  await api.eventThatIs('pending', app.id, open.id);
  expect(await preview({ status: 'all' })).toMatchObject({ total: 4, skipped_open: 1 });

  await api.expect(200, 'POST', `${path}/resume`);
  await api.eventThatIs('delivered', app.id, open.id);
  const { job } = await api.expect<{ job: { id: string; total: number } }>(202, 'POST', `${path}/recover`, {
    since,
  });
  expect(job.total).toBe(3);
  const jobs = await api.expect<{ jobs: { id: string }[]; next_cursor: string | null }>(
    200,
    'GET',
    `${path}/jobs`,
  );
  expect(jobs).toMatchObject({ jobs: [{ id: job.id, total: 3 }], next_cursor: null });
});
