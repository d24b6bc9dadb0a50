import { expect, it } from 'vitest';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Which endpoints got an event, and why the others did not. */

const { api } = sharedPosthorn();

interface Match {
  webhook_id: string;
  url: string;
  matched: boolean;
  why: string;
  nearest_pattern: string | null;
}

it('says of every endpoint whether it got the event, and why', async () => {
  const receiver = await Receiver.start();
  const { app } = await api.createApp();
  const to = (event_types: string[]) => api.createWebhook(app.id, { url: receiver.url, event_types });
  const all = await to(['*']);
  const mistyped = await to(['orders.*']);
  const other = await to(['user.*']);
  const { id } = await api.submit(app.id, { event_type: 'order.paid', data: {} });
  await api.eventThatIs('delivered', app.id, id);
  const late = await to(['order.*']);
  await api.expect(200, 'PATCH', `/v1/apps/${app.id}/webhooks/${other.id}`, {
    webhook: { event_types: ['order.*'] },
  });

  const path = `/v1/apps/${app.id}/events/${id}/matches`;
  const { matches, next_cursor } = await api.expect<{ matches: Match[]; next_cursor: string | null }>(
    200,
    'GET',
    `${path}?limit=3`,
  );
  const rest = await api.expect<{ matches: Match[] }>(200, 'GET', `${path}?limit=3&cursor=${next_cursor}`);
  const answer = (webhook: { id: string }, matched: boolean, why: string, nearest: string | null = null) => ({
    webhook_id: webhook.id,
    url: receiver.url,
    matched,
    why,
    nearest_pattern: nearest,
  });
  expect([...matches, ...rest.matches]).toEqual([
    answer(late, false, 'created_later'),
    answer(other, false, 'changed_later'),
    answer(mistyped, false, 'type', 'order.*'),
    answer(all, true, 'type'),
  ]);
});

it('of a test event, and of one that goes nowhere', async () => {
  const receiver = await Receiver.start();
  const { app } = await api.createApp();
  const tested = await api.createWebhook(app.id, { url: receiver.url });
  const other = await api.createWebhook(app.id, { url: receiver.url, event_types: ['user.*'] });
  const { event } = await api.expect<{ event: { id: string } }>(
    202,
    'POST',
    `/v1/apps/${app.id}/webhooks/${tested.id}/test`,
  );
  await api.eventThatIs('delivered', app.id, event.id);
  const matchesOf = async (id: string) =>
    (await api.expect<{ matches: Match[] }>(200, 'GET', `/v1/apps/${app.id}/events/${id}/matches`)).matches;
  expect(await matchesOf(event.id)).toMatchObject([
    { webhook_id: other.id, matched: false, why: 'test' },
    { webhook_id: tested.id, matched: true, why: 'test' },
  ]);
  await api.expect(200, 'PATCH', `/v1/apps/${app.id}/webhooks/${tested.id}`, {
    webhook: { event_types: ['user.created'] },
  });
  const { id } = await api.submit(app.id, { event_type: 'users.created', data: {} });
  await api.eventThatIs('unmatched', app.id, id);
  expect((await matchesOf(id)).map(({ nearest_pattern }) => nearest_pattern)).toEqual([
    'users.*',
    'users.created',
  ]);
  expect((await api.call('GET', `/v1/apps/${app.id}/events/msg_unknown/matches`)).status).toBe(404);
});
