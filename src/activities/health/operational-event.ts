import { createHash } from 'node:crypto';
import { eventInputOf } from '../../routing/event-input.js';
import { asksForOperational, type OperationalEvent } from '../../domain/operational-events.js';
import { profileById } from '../../profiles/index.js';
import type { Endpoint } from '../../domain/endpoint.js';
import type { Dependencies } from '../dependencies.js';

/**
 * Tells the endpoints of an application that ask for it what happened: as an event of its own, whose id comes from
 * what happened, so that telling it again delivers nothing twice. Without such an endpoint there is no event.
 * @param occurrence what makes this one different from others of its type
 */
export async function tellOperational(
  deps: Dependencies,
  event: {
    readonly appId: string;
    readonly aboutEndpointId: string;
    readonly type: OperationalEvent;
    readonly occurrence: string;
    readonly data: unknown;
  },
): Promise<void> {
  const { appId, aboutEndpointId, type, occurrence, data } = event;
  const routes = await deps.routing.current(appId);
  const asks = ({ id, eventTypes }: Endpoint) =>
    id !== aboutEndpointId && asksForOperational(eventTypes, type);
  if (!routes?.endpoints.some(asks)) return;
  const { app } = routes;
  const profile = profileById(app.profile);
  const bytes = createHash('sha256').update(`${type}\n${aboutEndpointId}\n${occurrence}`).digest();
  const given = {
    id: profile.eventId.fromBytes(bytes),
    eventType: type,
    data,
    attributes: profile.operationalAttributes,
    aboutEndpointId,
  };
  await deps.workflows.startEvent(eventInputOf(app, given, deps.now()));
}
