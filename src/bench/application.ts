import { z } from 'zod';
import type { ApiClient } from '../client/api-client.js';
import { forEachConcurrent } from '../lib/for-each-concurrent.js';
import { now } from './clock.js';
import type { Manner, ReceivedEndpoint, ReceivedEndpoints, Receiver } from './receiver.js';

const ENDPOINTS_AT_ONCE = 10;

/** An application under measurement, with endpoints that all lead to the benchmark's receiver. */
export class Application {
  private constructor(
    private readonly api: ApiClient,
    private readonly id: string,
    readonly endpoints: ReceivedEndpoints,
  ) {}

  /** @param schedule delays in seconds; the profile's without it */
  static async create(
    admin: ApiClient,
    receiver: Receiver,
    options: { readonly endpoints?: number; readonly manner?: Manner; readonly schedule?: readonly number[] },
  ): Promise<Application> {
    const { endpoints = 1, manner = 'well', schedule } = options;
    const newApp = z.object({ app: z.object({ id: z.string() }), api_key: z.object({ key: z.string() }) });
    const { app, api_key } = await admin.call(newApp, 'POST', '/v1/apps', { name: `Bench ${endpoints}` });
    const api = admin.with(api_key.key);
    const answer = z.object({ webhook: z.object({ secret: z.string() }) });
    const known: Record<string, ReceivedEndpoint> = {};
    await forEachConcurrent(ENDPOINTS_AT_ONCE, Array(endpoints).keys(), async (n) => {
      const path = `/${app.id}/${n}`;
      const webhook = { url: receiver.url + path, ...(schedule ? { schedule } : {}) };
      const made = await api.call(answer, 'POST', `/v1/apps/${app.id}/webhooks`, { webhook });
      known[path] = { secret: made.webhook.secret, manner };
    });
    return new Application(api, app.id, known);
  }

  /** @param measured whether its way is timed */
  async submit(measured = true): Promise<void> {
    await this.api.call(z.unknown(), 'POST', `/v1/apps/${this.id}/events`, eventOf(measured));
  }

  async submitBatch(events: number): Promise<void> {
    await this.api.call(z.unknown(), 'POST', `/v1/apps/${this.id}/events/batch`, {
      events: Array.from({ length: events }, () => eventOf(true)),
    });
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
