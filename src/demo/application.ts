import { randomBytes, randomUUID } from 'node:crypto';
import type { AnswerOf, BodyOf, Event, EventWithDeliveries, Posthorn } from '../client/index.js';
import type { Profile } from '../profiles/profile.js';
import { profile as scendcore } from '../profiles/scendcore.js';
import { present } from '../lib/present.js';
import { UserError } from '../lib/user-error.js';
import type { Patience } from './patience.js';
import type { AnsweredPost, Inbox, Receiver } from './receiver.js';
import { sampleOf, type Sample } from './sample.js';
import { verifierFor, type ReceivedPost, type Verifier } from './verifiers.js';

/** Longer than anything takes here that is not waiting for a schedule. */
const PATIENCE_MS = 15_000;
/** It is not in the answer to a repetition. */
const SHOWN_ONCE = 'what is shown once';

export type Endpoint = AnswerOf<'/v1/apps/{app_id}/webhooks', 'get'>['webhooks'][number];

/** The API with an application's key; without one, with the admin key. */
export type Connect = (key?: string) => Posthorn;

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
    private readonly posthorn: Posthorn,
    private readonly patience: Patience,
  ) {
    this.sample = sampleOf(profile);
  }

  static async create(
    profile: Profile,
    connect: Connect,
    receiver: Receiver,
    patience: Patience,
  ): Promise<Application> {
    const verifier = verifierFor(profile.id);
    const { data } = await connect().api.POST('/v1/apps', {
      params: { header: onlyOnce() },
      // The client's types know the profiles of its document, and there may be one more.
      body: { name: 'Posthorn Demo', profile: profile.id } as BodyOf<'/v1/apps', 'post'>,
    });
    const { app, api_key } = data;
    const posthorn = connect(present(api_key.key, SHOWN_ONCE));
    // The application's own: what an earlier demo left open may still come, with another secret.
    const path = `/${profile.id}/${app.id}`;
    const secret = await addEndpoint(profile, app.id, posthorn, receiver.urlOf(path));
    const inbox = receiver.open(path, (post) => verifier.verify(post, secret));
    return new Application(profile, app.id, verifier, inbox, secret, posthorn, patience);
  }

  submitSample(): Promise<Event> {
    return this.posthorn.send(this.id, this.sample);
  }

  async resend(eventId: string): Promise<void> {
    await this.posthorn.api.POST('/v1/apps/{app_id}/events/{event_id}/resend', {
      params: { path: { app_id: this.id, event_id: eventId }, header: onlyOnce() },
    });
  }

  /** Its endpoint as the API tells it, as soon as that is as wanted. */
  endpointWhen(wanted: (endpoint: Endpoint) => boolean, what: string): Promise<Endpoint> {
    return this.patience.until(
      PATIENCE_MS,
      async () => {
        const params = { path: { app_id: this.id } };
        const { data } = await this.posthorn.api.GET('/v1/apps/{app_id}/webhooks', { params });
        return data.webhooks.find(wanted) ?? null;
      },
      `${this.profile.id}: the API does not show within ${PATIENCE_MS / 1000} s that ${what}.`,
    );
  }

  async enable(endpoint: Endpoint): Promise<void> {
    await this.posthorn.api.POST('/v1/apps/{app_id}/webhooks/{id}/enable', {
      params: { path: { app_id: this.id, id: endpoint.id } },
      idempotent: true,
    });
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
  eventWhen(
    id: string,
    wanted: (event: EventWithDeliveries) => boolean,
    what: string,
  ): Promise<EventWithDeliveries> {
    return this.patience.until(
      PATIENCE_MS,
      async () => {
        const params = { path: { app_id: this.id, event_id: id } };
        const { data } = await this.posthorn.api.GET('/v1/apps/{app_id}/events/{event_id}', { params });
        return wanted(data.event) ? data.event : null;
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
async function addEndpoint(profile: Profile, appId: string, { api }: Posthorn, url: string): Promise<string> {
  if (profile.id === scendcore.id) {
    // ScendCore generates no secret: the subscriber brings one.
    const secret = randomBytes(24).toString('base64url');
    const events = (profile.catalogue ?? []).map(({ name }) => name);
    const body = { url, events, secret };
    await api.POST('/api/v1/webhooks/subscribe', { params: { header: onlyOnce() }, body });
    return secret;
  }
  const description = 'The receiver inside `npm run demo`';
  const { data } = await api.POST('/v1/apps/{app_id}/webhooks', {
    params: { path: { app_id: appId }, header: onlyOnce() },
    body: { webhook: { url, description } },
  });
  return present(data.webhook.secret, SHOWN_ONCE);
}

/** Lets the client repeat what POSTHORN_RATE_LIMIT refuses. */
function onlyOnce(): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': randomUUID() };
}
