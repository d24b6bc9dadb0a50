import { Webhook as Verifier } from 'standardwebhooks';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiClient, Event, Webhook } from '../support/api-client.js';
import { Receiver, type Received } from '../support/receiver.js';
import { sharedPosthorn, type TestPosthorn } from '../support/test-posthorn.js';

/** What the API has answered holds for the next event, whichever process opens it. */

type Whole = Required<Event>;

const LAYOUTS = [
  ['an API process and a worker', { api: false, worker: true }, { api: true, worker: false }],
  ['two processes with both', { api: true, worker: true }, { api: true, worker: true }],
] as const;

/** An application in the middle of a test. */
interface Stand {
  /** Where changes are made. */
  readonly api: ApiClient;
  readonly appId: string;
  readonly path: string;
  readonly endpoint: Webhook & { secret: string };
  readonly old: Receiver;
  readonly other: Receiver;
}

interface Case {
  readonly webhook?: Record<string, unknown>;
  /** Resolves when the API has answered. */
  readonly change: (stand: Stand) => Promise<unknown>;
  /** Whether the event has come where it was to come. */
  readonly settled: (event: Whole) => boolean;
  readonly check: (event: Whole, stand: Stand) => void;
}

const patch = ({ api, path, endpoint }: Stand, webhook: Record<string, unknown>) =>
  api.expect(200, 'PATCH', `${path}/webhooks/${endpoint.id}`, { webhook });
const act = ({ api, path, endpoint }: Stand, action: string, body?: unknown) =>
  api.expect(200, 'POST', `${path}/webhooks/${endpoint.id}/${action}`, body);
const cameTo = (receiver: Receiver, { id }: Event): Received[] =>
  receiver.received.filter(({ headers }) => headers['webhook-id'] === id);

const isDelivered = ({ status }: Whole) => status === 'delivered';
const isUnmatched = ({ status }: Whole) => status === 'unmatched';
const isHeldAs = (reason: string) => (event: Whole) => event.deliveries[0]?.reason === reason;
const came = (event: Whole, { old, other }: Stand) => ({
  old: cameTo(old, event).length,
  other: cameTo(other, event).length,
});

/** The next rotation's secret. */
const ROTATED = `whsec_${Buffer.from('the-secret-after-the-rotation').toString('base64')}`;

const CASES: Readonly<Record<string, Case>> = {
  'an endpoint that was made gets it': {
    change: ({ api, appId, other }) => api.createWebhook(appId, { url: other.url }),
    settled: isDelivered,
    check: (event, stand) => expect(came(event, stand)).toEqual({ old: 1, other: 1 }),
  },
  'it goes to the new URL': {
    change: (stand) => patch(stand, { url: stand.other.url }),
    settled: isDelivered,
    check: (event, stand) => expect(came(event, stand)).toEqual({ old: 0, other: 1 }),
  },
  'it has the new headers': {
    change: (stand) => patch(stand, { headers: { 'X-Version': 'new' } }),
    settled: isDelivered,
    check: (event, { old }) => expect(cameTo(old, event)[0]?.headers['x-version']).toBe('new'),
  },
  'it is signed with the new secret alone': {
    change: (stand) => act(stand, 'rotate-secret', { secret: ROTATED, grace_seconds: 0 }),
    settled: isDelivered,
    check: (event, { old }) => {
      const { body = '', headers = {} } = cameTo(old, event)[0] ?? {};
      new Verifier(ROTATED).verify(body, headers as Record<string, string>);
      expect(String(headers['webhook-signature']).split(' ')).toHaveLength(1);
    },
  },
  'an endpoint that no longer asks for its type does not get it': {
    change: (stand) => patch(stand, { event_types: ['other'] }),
    settled: isUnmatched,
    check: (event, stand) => expect(came(event, stand)).toEqual({ old: 0, other: 0 }),
  },
  'an endpoint that asks for its type now gets it, beside another': {
    webhook: { event_types: ['other', 'tick'] },
    change: async (stand) => {
      const beside = await stand.api.createWebhook(stand.appId, {
        url: stand.other.url,
        event_types: ['other'],
      });
      await patch({ ...stand, endpoint: beside }, { event_types: ['tick'] });
    },
    settled: isDelivered,
    check: (event, stand) => expect(came(event, stand)).toEqual({ old: 1, other: 1 }),
  },
  'a disabled endpoint does not get it': {
    change: (stand) => act(stand, 'disable'),
    settled: isHeldAs('endpoint_disabled'),
    check: (event, stand) => expect(came(event, stand)).toEqual({ old: 0, other: 0 }),
  },
  'a paused endpoint does not get it': {
    change: (stand) => act(stand, 'pause'),
    settled: isHeldAs('endpoint_paused'),
    check: (event, stand) => expect(came(event, stand)).toEqual({ old: 0, other: 0 }),
  },
  'a deleted endpoint does not get it': {
    change: ({ api, path, endpoint }) => api.expect(204, 'DELETE', `${path}/webhooks/${endpoint.id}`),
    settled: isUnmatched,
    check: (event, stand) => expect(came(event, stand)).toEqual({ old: 0, other: 0 }),
  },
  "it has the application's new schedule": {
    change: async (stand) => {
      stand.old.answerAlways(500);
      await stand.api.expect(200, 'PATCH', stand.path, { settings: { schedule: [3_600] } });
    },
    settled: ({ deliveries: [first] }) => first?.attempt_count === 1 && first.status === 'failed',
    check: ({ deliveries: [first] }) =>
      expect(first).toMatchObject({ completed_at: null, next_attempt_at: expect.any(String) as string }),
  },
};

describe.each(LAYOUTS)('with %s', (_layout, one, another) => {
  const posthorn = sharedPosthorn({ parts: one });
  let beside: Awaited<ReturnType<TestPosthorn['beside']>>;
  let old: Receiver;
  let other: Receiver;
  beforeAll(async () => {
    beside = await posthorn.beside({ parts: another });
    [old, other] = [await Receiver.start(), await Receiver.start()];
  });

  const submitSingly = async (api: ApiClient, appId: string) =>
    api.submit(appId, { event_type: 'tick', data: {} });
  const submitInBatch = async (api: ApiClient, appId: string) => {
    const { events } = await api.expect<{ events: [Event] }>(202, 'POST', `/v1/apps/${appId}/events/batch`, {
      events: [{ event_type: 'tick', data: {} }],
    });
    return events[0];
  };

  /** The change is made in so many applications, in one after the other, as soon as an event has been opened there. */
  const carryOut = async (submit: typeof submitSingly, times: number, chosen: Case) => {
    const { webhook, change, settled, check } = chosen;
    old.answerAlways(200);
    // Where there is another API, what opens events in this process hears nothing of the change.
    const changes = one.api ? posthorn.api : beside.api;
    const delivered = async (appId: string) => {
      const { id } = await submit(beside.api, appId);
      await beside.api.eventThatIs('delivered', appId, id, 60_000);
    };
    const stands = await Promise.all(
      Array.from({ length: times }, async (): Promise<Stand> => {
        const { app } = await changes.createApp('standard', { settings: { schedule: [] } });
        const endpoint = await changes.createWebhook(app.id, { url: old.url, ...webhook });
        // The endpoint has earned the fast path.
        await delivered(app.id);
        return { api: changes, appId: app.id, path: `/v1/apps/${app.id}`, endpoint, old, other };
      }),
    );
    for (const stand of stands) {
      const { appId } = stand;
      old.answerAlways(200);
      await delivered(appId);
      await change(stand);
      const { id } = await submit(beside.api, appId);
      check(await beside.api.eventWhen(appId, id, settled, 60_000), stand);
    }
  };

  it.each(Object.entries(CASES))(
    'for the next event: %s',
    async (_name, chosen) => {
      await carryOut(submitSingly, 10, chosen);
    },
    120_000,
  );

  it.each(Object.entries(CASES))(
    'for the next batch: %s',
    async (_name, chosen) => {
      await carryOut(submitInBatch, 3, chosen);
    },
    120_000,
  );

  it('a test event goes to the new URL', async () => {
    await carryOut(
      async (api, appId) => {
        const { webhooks } = await api.expect<{ webhooks: [Webhook] }>(
          200,
          'GET',
          `/v1/apps/${appId}/webhooks`,
        );
        const path = `/v1/apps/${appId}/webhooks/${webhooks[0].id}/test`;
        return (await api.expect<{ event: Event }>(202, 'POST', path)).event;
      },
      3,
      {
        change: (stand) => patch(stand, { url: stand.other.url }),
        settled: isDelivered,
        check: (event, stand) => expect(came(event, stand)).toEqual({ old: 0, other: 1 }),
      },
    );
  });

  describe('for the next submission', () => {
    const changing = () => (one.api ? posthorn.api : beside.api);

    it("the application's settings are the new ones", async () => {
      const { app } = await changing().createApp('scalekit', { settings: { environment_id: 'env_old' } });
      await changing().createWebhook(app.id, { url: other.url });
      const attributes = { object: 'Organization', organization_id: 'org_1' };
      const submit = () =>
        beside.api.submit(app.id, { event_type: 'organization.created', data: {}, attributes });
      await during(
        changing().expect(200, 'PATCH', `/v1/apps/${app.id}`, { settings: { environment_id: 'env_new' } }),
        submit,
      );
      const { id } = await submit();
      await beside.api.eventThatIs('delivered', app.id, id);
      const bodies = other.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
      expect(bodies.find((body) => body.id === id)).toMatchObject({ environment_id: 'env_new' });
    });

    it('an event type and its schema are known when they have been made, and gone when deleted', async () => {
      const { app } = await changing().createApp('scute');
      const types = `/v1/apps/${app.id}/event-types`;
      const statusOf = async (data: unknown) => {
        const body = { event_type: 'parcel.sent', data };
        return (await beside.api.call('POST', `/v1/apps/${app.id}/events`, { body })).status;
      };
      const submit = () => statusOf({});
      expect(await submit()).toBe(422);
      await during(changing().expect(201, 'POST', types, { name: 'parcel.sent' }), submit);
      expect(await submit()).toBe(202);
      await during(changing().expect(204, 'DELETE', `${types}/parcel.sent`), submit);
      expect(await submit()).toBe(422);
      const schema = { required: ['id'] };
      await during(changing().expect(201, 'POST', types, { name: 'parcel.sent', schema }), submit);
      expect(await submit()).toBe(422);
      expect(await statusOf({ id: 1 })).toBe(202);
    });
  });
});

/** A change, while somebody submits all the time, so that what was before it is remembered. */
async function during(change: Promise<unknown>, submit: () => Promise<unknown>): Promise<void> {
  const state = { isOver: false };
  const over = change.finally(() => (state.isOver = true));
  do await submit();
  while (!state.isOver);
  await over;
}
