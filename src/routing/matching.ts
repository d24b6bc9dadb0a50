import { asksForOperational, isOperational } from '../domain/operational-events.js';
import { subscribes } from '../domain/event-type.js';
import type { Profile } from '../profiles/profile.js';
import type { Endpoint } from '../domain/endpoint.js';
import type { StoredEvent } from '../domain/event.js';
import type { EventInput } from '../workflows/contract/event.js';
import { bodyOf } from './event-input.js';

/** The endpoints that an event goes to, disabled and paused ones included. */
export function endpointsFor(
  event: Pick<EventInput, 'eventType' | 'testEndpointId' | 'aboutEndpointId'>,
  endpoints: readonly Endpoint[],
): Endpoint[] {
  const { eventType, testEndpointId, aboutEndpointId } = event;
  if (testEndpointId !== undefined) return endpoints.filter(({ id }) => id === testEndpointId);
  if (isOperational(eventType)) {
    return endpoints.filter(
      ({ id, eventTypes }) => id !== aboutEndpointId && asksForOperational(eventTypes, eventType),
    );
  }
  return endpoints.filter(({ eventTypes }) => subscribes(eventTypes, eventType));
}

/** The same for an event in the log: Posthorn's own say in their data which endpoint they are about. */
export function endpointsForStored(
  { dataOf }: Pick<Profile, 'dataOf'>,
  { eventType, body }: StoredEvent,
  endpoints: readonly Endpoint[],
): Endpoint[] {
  const aboutEndpointId = endpointThatIsMeant({ dataOf }, { eventType, body });
  return endpointsFor(
    { eventType, ...(aboutEndpointId === undefined ? {} : { aboutEndpointId }) },
    endpoints,
  );
}

/** The endpoint that an event of Posthorn's own is about; undefined for any other event. */
export function endpointThatIsMeant(
  { dataOf }: Pick<Profile, 'dataOf'>,
  { eventType, body }: Pick<StoredEvent, 'eventType' | 'body'>,
): string | undefined {
  if (!isOperational(eventType)) return undefined;
  return (dataOf(bodyOf(body)) as { webhook_id: string }).webhook_id;
}
