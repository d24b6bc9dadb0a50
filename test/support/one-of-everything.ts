import type { ApiClient, Job } from './api-client.js';
import type { Receiver } from './receiver.js';

/** An application that has something of every kind. */
export interface Furnished {
  readonly id: string;
  readonly key: string;
  /** By the collection that it is in, as paths name it. */
  readonly ids: Readonly<Record<string, string>>;
}

export async function oneOfEverything(api: ApiClient, receiver: Receiver): Promise<Furnished> {
  const { app, key } = await api.createApp('standard');
  const path = `/v1/apps/${app.id}`;
  const webhook = await api.createWebhook(app.id, { url: receiver.url });
  const event = await api.submit(app.id, { event_type: 'user.created', data: 1 });
  const delivered = await api.eventThatIs('delivered', app.id, event.id);
  const { api_key } = await api.expect<{ api_key: { id: string } }>(201, 'POST', `${path}/keys`);
  await api.expect(201, 'POST', `${path}/event-types`, { name: 'parcel.sent' });
  const { job } = await api.expect<{ job: Job }>(202, 'POST', `${path}/webhooks/${webhook.id}/recover`, {
    since: '2026-04-16T12:00:00Z',
  });
  const ids = {
    apps: app.id,
    webhooks: webhook.id,
    events: event.id,
    deliveries: delivered.deliveries[0]?.id ?? '',
    keys: api_key.id,
    'event-types': 'parcel.sent',
    jobs: job.id,
  };
  return { id: app.id, key, ids };
}
