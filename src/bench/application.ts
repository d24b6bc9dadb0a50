import { MOST_OF_A_KEY } from '../api/stream/streams.js';
import type { Posthorn } from '../client/index.js';
import { forEachConcurrent } from '../lib/for-each-concurrent.js';
import { present } from '../lib/present.js';
import { now } from './clock.js';
import type { ListenedStream } from './listeners.js';
import type { Manner, ReceivedEndpoint, ReceivedEndpoints, Receiver } from './receiver.js';

const ENDPOINTS_AT_ONCE = 10;
const KEYS_AT_ONCE = 10;

/** The API with an application's key; without one, with the admin key. */
export type Connect = (key?: string) => Posthorn;

/** An application under measurement, with endpoints that all lead to the benchmark's receiver. */
export class Application {
  private constructor(
    private readonly connect: Connect,
    private readonly api: Posthorn['api'],
    private readonly id: string,
    readonly endpoints: ReceivedEndpoints,
  ) {}

  /** @param schedule delays in seconds; the profile's without it */
  static async create(
    connect: Connect,
    receiver: Receiver,
    options: { readonly endpoints?: number; readonly manner?: Manner; readonly schedule?: readonly number[] },
  ): Promise<Application> {
    const { endpoints = 1, manner = 'well', schedule } = options;
    const { data } = await connect().api.POST('/v1/apps', { body: { name: `Bench ${endpoints}` } });
    const { app, api_key } = data;
    const { api } = connect(present(api_key.key, 'the key'));
    const known: Record<string, ReceivedEndpoint> = {};
    await forEachConcurrent(ENDPOINTS_AT_ONCE, Array(endpoints).keys(), async (n) => {
      const path = `/${app.id}/${n}`;
      const webhook = { url: receiver.url + path, ...(schedule ? { schedule: [...schedule] } : {}) };
      const params = { path: { app_id: app.id } };
      const made = await api.POST('/v1/apps/{app_id}/webhooks', { params, body: { webhook } });
      known[path] = { secret: present(made.data.webhook.secret, 'the secret'), manner };
    });
    return new Application(connect, api, app.id, known);
  }

  /** Makes so many keys, and gives each of them as many streams as a key may have. */
  async openableStreams(url: string, keys: number): Promise<ListenedStream[]> {
    const { api } = this.connect();
    const streams: ListenedStream[] = [];
    await forEachConcurrent(KEYS_AT_ONCE, Array(keys).keys(), async () => {
      const params = { path: { app_id: this.id } };
      const { data } = await api.POST('/v1/apps/{app_id}/keys', { params, body: {} });
      const stream = { url: `${url}/v1/apps/${this.id}/stream`, key: present(data.api_key.key, 'the key') };
      streams.push(...Array<ListenedStream>(MOST_OF_A_KEY).fill(stream));
    });
    return streams;
  }

  /**
   * Not by `send`, which names its events: what is measured is an event without an id, and one try.
   * @param measured whether its way is timed
   */
  async submit(measured = true): Promise<void> {
    const params = { path: { app_id: this.id } };
    await this.api.POST('/v1/apps/{app_id}/events', { params, body: eventOf(measured) });
  }

  async submitBatch(count: number): Promise<void> {
    const params = { path: { app_id: this.id } };
    const events = Array.from({ length: count }, () => eventOf(true));
    await this.api.POST('/v1/apps/{app_id}/events/batch', { params, body: { events } });
  }

  /** @param together events of one request */
  async submitMany(count: number, concurrency: number, onEach: () => void, together = 1): Promise<void> {
    await forEachConcurrent(concurrency, Array(count / together).keys(), async () => {
      await (together === 1 ? this.submit() : this.submitBatch(together));
      onEach();
    });
  }
}

function eventOf(measured: boolean) {
  return {
    event_type: 'bench.measured',
    data: {
      ...(measured ? { submitted_at: now() } : {}),
      text: 'As much as events have to say, more or less.',
    },
  };
}
