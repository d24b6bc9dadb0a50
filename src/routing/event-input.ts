import { contentHashOf } from '../lib/canonical-json.js';
import { profileById } from '../profiles/index.js';
import type { App } from '../domain/app.js';
import type { EventInput } from '../workflows/contract/event.js';

/** An event as it is given to Posthorn. */
export interface GivenEvent {
  readonly id: string;
  readonly eventType: string;
  readonly data: unknown;
  /** As the profile's `attributes` give them. */
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly deliverAt?: Date | undefined;
  readonly expiresAt?: Date | undefined;
  /** Set for a test event: the only endpoint that gets it. */
  readonly testEndpointId?: string | undefined;
  /** Set for an event of Posthorn's own: the endpoint that it is about. */
  readonly aboutEndpointId?: string | undefined;
}

/** An event's body as its profile made it, of the bytes that are kept and sent. */
export function bodyOf(bytes: Buffer): Readonly<Record<string, unknown>> {
  return JSON.parse(bytes.toString()) as Record<string, unknown>;
}

/** The input of the workflow that delivers an event: with its body as the application's profile has it. */
export function eventInputOf(app: App, given: GivenEvent, acceptedAt: Date): EventInput {
  const { id: eventId, eventType, data, attributes, testEndpointId, aboutEndpointId } = given;
  const deliverAt = given.deliverAt?.toISOString();
  const expiresAt = given.expiresAt?.toISOString();
  const envelope = profileById(app.profile).envelope({
    id: eventId,
    type: eventType,
    appId: app.id,
    environmentId: app.settings.environment_id,
    acceptedAt,
    data,
    attributes,
  });
  const content = { event_type: eventType, data, attributes, deliver_at: deliverAt, expires_at: expiresAt };
  return {
    appId: app.id,
    eventId,
    eventType,
    acceptedAt: acceptedAt.toISOString(),
    contentHash: contentHashOf(content).toString('hex'),
    envelope,
    ...(testEndpointId === undefined ? {} : { testEndpointId }),
    ...(aboutEndpointId === undefined ? {} : { aboutEndpointId }),
    ...(deliverAt === undefined ? {} : { deliverAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
