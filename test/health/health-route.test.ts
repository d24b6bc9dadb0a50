import { expect, it } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** An endpoint's health in one answer. */

const { api } = sharedPosthorn();

interface Health {
  status: string;
  reason: string | null;
  since: string | null;
  failure_count: number;
  failing_since: string | null;
  rule: { after_failures: number | null; after_hours: number | null; on_gone: boolean };
  held: { count: number; oldest_at: string | null };
  draining: boolean;
  history: { at: string; from: string; to: string; why: string | null }[] | null;
}

it('tells of failures, of the rule that disabled it and when, and of what it holds', async () => {
  const receiver = await Receiver.start();
  const { app } = await api.createApp('standard', { settings: { disable_after_failures: 2 } });
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, retry_limit: 0 });
  const path = `/v1/apps/${app.id}/webhooks/${endpoint.id}`;
  const health = () => api.expect<Health>(200, 'GET', `${path}/health`);
  expect(await health()).toMatchObject({
    status: 'active',
    reason: null,
    since: null,
    failure_count: 0,
    failing_since: null,
    rule: { after_failures: 2 },
    held: { count: 0, oldest_at: null },
    draining: false,
    history: [],
  });

  receiver.answerAlways(500);
  for (let n = 0; n < 2; n += 1) {
    const { id } = await api.submit(app.id, { event_type: 'tick', data: {} });
    await api.eventThatIs('failed', app.id, id);
  }
  await expect.poll(async () => (await health()).status).toBe('disabled');
  const held = await api.submit(app.id, { event_type: 'tick', data: {} });
  await api.eventWhen(app.id, held.id, ({ deliveries: [first] }) => first?.reason === 'endpoint_disabled');
  const disabled = await health();
  expect(disabled).toMatchObject({
    reason: 'consecutive_failures',
    failure_count: 2,
    held: { count: 1 },
    draining: false,
  });
  expect(disabled.since).not.toBeNull();
  expect(disabled.failing_since).not.toBeNull();
  expect(disabled.history?.map(({ to, why }) => [to, why])).toEqual(
    expect.arrayContaining([['disabled', 'consecutive_failures']]),
  );

  await api.expect(200, 'POST', `${path}/pause`);
  await api.expect(200, 'POST', `${path}/enable`);
  expect(await health()).toMatchObject({ status: 'paused', reason: null, held: { count: 1 } });
});
