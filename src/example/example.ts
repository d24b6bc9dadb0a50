import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createPosthorn, PosthornProblem, type Posthorn } from '../client/index.js';
import { directFetch } from '../lib/direct-fetch.js';
import { messageOf } from '../lib/errors.js';
import { present } from '../lib/present.js';

/** An application to try Posthorn with, and a receiver for its events in this process. */
export interface Example {
  readonly appId: string;
  /** A command that submits an event when pasted into a shell. */
  readonly curl: string;
  /** Whether what it submits is delivered here. */
  readonly hasReceiver: boolean;
  stop(): Promise<void>;
}

interface ExampleOptions {
  readonly url: string;
  readonly adminKey: string;
  readonly dataDir: string;
  readonly say: (message: string) => void;
  /** Ends calls in flight. */
  readonly signal: AbortSignal;
}

const Kept = z.object({ app_id: z.uuid(), key: z.string(), webhook_id: z.uuid().nullable() });
type Kept = z.infer<typeof Kept>;

/** Makes the example application at the first start, through the API like anyone else, and starts its receiver. */
export async function ensureExample(options: ExampleOptions): Promise<Example> {
  let kept: Kept | null = null;
  const secrets = new Secrets(() => secretOf(options, kept));
  const receiver = createServer((incoming, response) => {
    receive(incoming, secrets).then(
      (line) => {
        options.say(line);
        response.end('thank you');
      },
      () => response.destroy(),
    );
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks`;
  const app = (await reuse(options)) ?? (await createApp(options));
  kept = { ...app, webhook_id: await endpointAt(receiverUrl, app, options) };
  await keep(options, kept);
  const event = JSON.stringify({ event_type: 'user.created', data: { name: 'Ada' } });
  return {
    appId: kept.app_id,
    curl:
      `curl -X POST ${options.url}/v1/apps/${kept.app_id}/events ` +
      `-H 'Authorization: Bearer ${kept.key}' -H 'Content-Type: application/json' -d '${event}'`,
    hasReceiver: kept.webhook_id !== null,
    async stop() {
      receiver.close();
      receiver.closeAllConnections();
      await once(receiver, 'close');
    },
  };
}

/** The application of an earlier start; null if it is gone. */
async function reuse(options: ExampleOptions): Promise<Kept | null> {
  try {
    const kept = Kept.parse(JSON.parse(await readFile(fileOf(options), 'utf8')));
    await apiOf(options).GET('/v1/apps/{app_id}', { params: { path: { app_id: kept.app_id } } });
    return kept;
  } catch {
    return null;
  }
}

async function createApp(options: ExampleOptions): Promise<Kept> {
  const { data } = await apiOf(options).POST('/v1/apps', {
    params: { header: { 'Idempotency-Key': randomUUID() } },
    body: { name: 'Example' },
  });
  const { app, api_key } = data;
  return { app_id: app.id, key: present(api_key.key, 'the key, which is shown once'), webhook_id: null };
}

/** The application's endpoint, pointed at this start's receiver; null where no delivery may go to this machine. */
async function endpointAt(url: string, kept: Kept, options: ExampleOptions): Promise<string | null> {
  const api = apiOf(options);
  try {
    if (kept.webhook_id !== null) {
      const known = await api
        .PATCH('/v1/apps/{app_id}/webhooks/{id}', {
          params: { path: { app_id: kept.app_id, id: kept.webhook_id } },
          body: { webhook: { url } },
          idempotent: true,
        })
        .catch((error: unknown) => {
          // Somebody deleted it: there is another.
          if (error instanceof PosthornProblem && error.status === 404) return null;
          throw error;
        });
      if (known !== null) return kept.webhook_id;
    }
    const { data } = await api.POST('/v1/apps/{app_id}/webhooks', {
      params: { path: { app_id: kept.app_id }, header: { 'Idempotency-Key': randomUUID() } },
      body: { webhook: { url, description: 'The receiver inside `npm start`' } },
    });
    return data.webhook.id;
  } catch (error) {
    if (!(error instanceof PosthornProblem) || error.status !== 422) throw error;
    options.say(
      'The example runs without its receiver, which listens on 127.0.0.1: POSTHORN_ALLOWED_TARGETS does not ' +
        'allow it. Add 127.0.0.0/8 to it, or unset it.',
    );
    return null;
  }
}

async function keep(options: ExampleOptions, kept: Kept): Promise<void> {
  const file = fileOf(options);
  await writeFile(`${file}.new`, JSON.stringify(kept, null, 2), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The endpoint's secret as the receiver knows it: somebody may rotate it, to try that too. */
class Secrets {
  private known = '';

  constructor(private readonly ask: () => Promise<string>) {}

  /** @throws what `verify` throws about the secret of now */
  async withCurrent(verify: (secret: string) => void): Promise<void> {
    try {
      verify(this.known);
    } catch {
      this.known = await this.ask();
      verify(this.known);
    }
  }
}

/** Verifies the signature as receivers do, with Standard Webhooks' own library, and says what came. */
async function receive(incoming: IncomingMessage, secrets: Secrets): Promise<string> {
  const body = await text(incoming);
  const headers = incoming.headers as Record<string, string>;
  const { Webhook } = await import('standardwebhooks');
  try {
    await secrets.withCurrent((secret) => void new Webhook(secret).verify(body, headers));
    return `The example receiver got ${headers['webhook-id']}, signature valid: ${body}`;
  } catch (error) {
    return `The example receiver got a POST that does not verify: ${messageOf(error)}`;
  }
}

async function secretOf(options: ExampleOptions, kept: Kept | null): Promise<string> {
  if (!kept?.webhook_id) throw new Error('the example is not there yet');
  const { data } = await apiOf(options).GET('/v1/apps/{app_id}/webhooks/{id}/secret', {
    params: { path: { app_id: kept.app_id, id: kept.webhook_id } },
  });
  return data.secret;
}

function apiOf({ url, adminKey, signal }: ExampleOptions): Posthorn['api'] {
  return createPosthorn({ url, key: adminKey, fetch: directFetch, signal }).api;
}

function fileOf({ dataDir }: ExampleOptions): string {
  return join(dataDir, 'example.json');
}
