import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { ApiClient } from '../client/api-client.js';
import type { Profile } from '../profiles/profile.js';
import { profile as scendcore } from '../profiles/scendcore.js';
import { UserError } from '../lib/user-error.js';
import type { Patience } from './patience.js';
import type { AnsweredPost, Inbox, Receiver } from './receiver.js';
import { sampleOf, type Sample } from './sample.js';
import { verifierFor, type ReceivedPost, type Verifier } from './verifiers.js';

/** Longer than anything takes here that is not waiting for a schedule. */
const PATIENCE_MS = 15_000;

const NewApp = z.object({ app: z.object({ id: z.string() }), api_key: z.object({ key: z.string() }) });
const NewWebhook = z.object({ webhook: z.object({ id: z.string(), secret: z.string() }) });
const Subscribed = z.object({ subscription: z.object({ id: z.string() }) });
const Submitted = z.object({ event: z.object({ id: z.string(), workflow_id: z.string() }) });
type Submitted = z.infer<typeof Submitted>['event'];

const Attempt = z.object({ started_at: z.coerce.date(), duration_ms: z.number().nullable() });
const Delivery = z.object({
  reason: z.string().nullable(),
  next_attempt_at: z.coerce.date().nullable(),
  attempts: z.array(Attempt),
});
const Endpoints = z.object({
  webhooks: z.array(z.object({ id: z.string(), status: z.string(), failure_count: z.number() })),
});
export type Endpoint = z.infer<typeof Endpoints>['webhooks'][number];

const Event = z.object({ event: z.object({ status: z.string(), deliveries: z.array(Delivery) }) });
export type Event = z.infer<typeof Event>['event'];

/** An application of one profile with one endpoint, which is in this process: what its owner and its receiver do. */
export class Application {
  /** What it submits. */
  readonly sample: Sample;

  private constructor(
    readonly profile: Profile,
    readonly id: string,
    readonly verifier: Verifier,
    readonly inbox: Inbox,
    private readonly secret: string,
    private readonly api: ApiClient,
    private readonly patience: Patience,
  ) {
    this.sample = sampleOf(profile);
  }

  static async create(
    profile: Profile,
    admin: ApiClient,
    receiver: Receiver,
    patience: Patience,
  ): Promise<Application> {
    const verifier = verifierFor(profile.id);
    const { app, api_key } = await admin.call(NewApp, 'POST', '/v1/apps', {
      name: 'Posthorn Demo',
      profile: profile.id,
    });
    const api = admin.with(api_key.key);
    // The application's own: what an earlier demo left open may still come, with another secret.
    const path = `/${profile.id}/${app.id}`;
    const secret = await addEndpoint(profile, app.id, api, receiver.urlOf(path));
    const inbox = receiver.open(path, (post) => verifier.verify(post, secret));
    return new Application(profile, app.id, verifier, inbox, secret, api, patience);
  }

  async submitSample(): Promise<Submitted> {
    return (await this.api.call(Submitted, 'POST', `/v1/apps/${this.id}/events`, this.sample)).event;
  }

  async resend(eventId: string): Promise<void> {
    await this.api.call(z.unknown(), 'POST', `/v1/apps/${this.id}/events/${eventId}/resend`);
  }

  /** Its endpoint as the API tells it, as soon as that is as wanted. */
  endpointWhen(wanted: (endpoint: Endpoint) => boolean, what: string): Promise<Endpoint> {
    return this.patience.until(
      PATIENCE_MS,
      async () => {
        const { webhooks } = await this.api.call(Endpoints, 'GET', `/v1/apps/${this.id}/webhooks`);
        return webhooks.find(wanted) ?? null;
      },
      `${this.profile.id}: the API does not show within ${PATIENCE_MS / 1000} s that ${what}.`,
    );
  }

  async enable(endpoint: Endpoint): Promise<void> {
    await this.api.call(z.unknown(), 'POST', `/v1/apps/${this.id}/webhooks/${endpoint.id}/enable`);
  }

  /**
   * The next POST to its endpoint, verified.
   * @param what of it, for the error
   * @throws UserError when it does not come, or does not verify
   */
  async receives(what: string, patienceMs = PATIENCE_MS): Promise<AnsweredPost> {
    const late = `${this.profile.id}: ${what} did not arrive within ${(patienceMs / 1000).toFixed(0)} s.`;
    const post = await this.patience.for(patienceMs, this.inbox.next(), late);
    if (post.problem !== null) {
      throw new UserError(`${this.profile.id}: ${what} arrived, but does not verify: ${post.problem}.`);
    }
    return post;
  }

  /** The event as the API tells it, as soon as it is as wanted. */
  eventWhen(id: string, wanted: (event: Event) => boolean, what: string): Promise<Event> {
    return this.patience.until(
      PATIENCE_MS,
      async () => {
        const { event } = await this.api.call(Event, 'GET', `/v1/apps/${this.id}/events/${id}`);
        return wanted(event) ? event : null;
      },
      `${this.profile.id}: the API does not show within ${PATIENCE_MS / 1000} s that ${what}.`,
    );
  }

  /** Whether its receiver would take the POST for a true one. */
  async verifies(post: ReceivedPost): Promise<boolean> {
    try {
      await this.verifier.verify(post, this.secret);
      return true;
    } catch {
      return false;
    }
  }
}

/** Adds the endpoint in the way the profile's document has it; gives its signing secret. */
async function addEndpoint(profile: Profile, appId: string, api: ApiClient, url: string): Promise<string> {
  if (profile.id === scendcore.id) {
    // ScendCore generates no secret: the subscriber brings one.
    const secret = randomBytes(24).toString('base64url');
    const events = (profile.catalogue ?? []).map(({ name }) => name);
    await api.call(Subscribed, 'POST', '/api/v1/webhooks/subscribe', { url, events, secret });
    return secret;
  }
  const description = 'The receiver inside `npm run demo`';
  const path = `/v1/apps/${appId}/webhooks`;
  const { webhook } = await api.call(NewWebhook, 'POST', path, { webhook: { url, description } });
  return webhook.secret;
}
