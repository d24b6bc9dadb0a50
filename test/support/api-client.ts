import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { components } from '../../src/client/index.js';
import { comparisonWith, undocumented, type ApiDocument, type Comparison } from './documented.js';

type Schemas = components['schemas'];

// What the API answers with, where an answer may have more or less than one of the document's views.
export type App = Schemas['Application'];
export type Webhook = Schemas['Webhook'] & { secret?: string };
export type Attempt = Schemas['Attempt'];
export type Delivery = Schemas['Delivery'] & { attempts?: Attempt[] };
/** A delivery alone, or inside its event. */
export type ExplainedDelivery = Schemas['DeliveryWithAttempts'];
export type Remedy = ExplainedDelivery['explanation']['remedies'][number];
export type Event = Schemas['Event'] & Partial<Pick<Schemas['EventWithDeliveries'], 'data' | 'deliveries'>>;
/** The workflow of an event's own, which one of a batch may not have. */
export const ownWorkflow = ({ app_id, id }: Pick<Event, 'app_id' | 'id'>) => `event/${app_id}/${id}`;
export type Job = Schemas['RecoveryJob'];
export type ProblemBody = Omit<Schemas['Problem'], 'errors'> & {
  errors?: { pointer?: string; parameter?: string; detail: string }[];
};

export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: T;
}

export interface Call {
  /** Sent as JSON, unless it is text or bytes, which are sent as they are. */
  readonly body?: unknown;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

const POLL_MS = 20;

/**
 * The raw caller of all tests. Not posthorn/client, which cannot send what is wrong, and hides statuses and headers. An
 * answer that is not documented fails them.
 */
export class ApiClient {
  /** @param where its URL, or what gives it when the first call is made */
  constructor(
    private readonly where: string | (() => string),
    private readonly key: string,
    private readonly compare: Comparison = undocumented,
  ) {}

  get url(): string {
    return typeof this.where === 'string' ? this.where : this.where();
  }

  /** The same API with another key. */
  with(key: string): ApiClient {
    return new ApiClient(this.where, key, this.compare);
  }

  /** The same API, whose answers are compared with another document. */
  by(document: ApiDocument): ApiClient {
    return new ApiClient(this.where, this.key, comparisonWith(document));
  }

  async call<T = unknown>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
    const { body, key = this.key, headers = {} } = call;
    const raw = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await request(`${this.url}${path}`, {
      method: method as 'GET',
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : raw ? body : JSON.stringify(body),
    });
    const text = await response.body.text();
    const { statusCode: status, headers: answered } = response;
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    const type = answered['content-type']?.toString();
    const difference = this.compare(method, path, { status, type, body: json });
    if (difference !== null) throw new Error(`${difference}: ${text}`);
    return { status, headers: answered, body: json as T };
  }

  /** The body of an answer that must have this status. */
  async expect<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body === undefined ? {} : { body });
    if (answer.status !== status) {
      throw new Error(`${method} ${path} gave ${answer.status}: ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  async createApp(
    profile = 'standard',
    { name = 'Acme', settings = {} }: { name?: string; settings?: Record<string, unknown> } = {},
  ): Promise<{ app: App; key: string }> {
    const { app, api_key } = await this.expect<{ app: App; api_key: { key: string } }>(
      201,
      'POST',
      '/v1/apps',
      { name, profile, settings },
    );
    return { app, key: api_key.key };
  }

  async createWebhook(
    appId: string,
    webhook: Record<string, unknown>,
  ): Promise<Webhook & { secret: string }> {
    const answer = await this.expect<{ webhook: Webhook & { secret: string } }>(
      201,
      'POST',
      `/v1/apps/${appId}/webhooks`,
      { webhook },
    );
    return answer.webhook;
  }

  async submit(appId: string, event: Record<string, unknown>): Promise<Event> {
    return (await this.expect<{ event: Event }>(202, 'POST', `/v1/apps/${appId}/events`, event)).event;
  }

  async event(appId: string, id: string): Promise<Required<Event>> {
    return (await this.expect<{ event: Required<Event> }>(200, 'GET', `/v1/apps/${appId}/events/${id}`))
      .event;
  }

  /** The event as soon as it is as wanted. */
  async eventWhen(
    appId: string,
    id: string,
    wanted: (event: Required<Event>) => boolean,
    patienceMs = 20_000,
  ): Promise<Required<Event>> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const event = await this.event(appId, id);
      if (wanted(event)) return event;
      if (Date.now() > deadline) {
        throw new Error(`the event did not come to be as wanted: ${JSON.stringify(event)}`);
      }
      await sleep(POLL_MS);
    }
  }

  /** The event's first delivery as soon as it is explained by this code. */
  async deliveryExplainedBy(
    code: string,
    appId: string,
    id: string,
    patienceMs?: number,
  ): Promise<ExplainedDelivery> {
    const isSo = ({ deliveries }: Required<Event>) => deliveries[0]?.explanation.code === code;
    return (await this.eventWhen(appId, id, isSo, patienceMs)).deliveries[0] as ExplainedDelivery;
  }

  /** The event as soon as it has this status. */
  eventThatIs(status: string, appId: string, id: string, patienceMs?: number): Promise<Required<Event>> {
    return this.eventWhen(appId, id, (event) => event.status === status, patienceMs);
  }
}
