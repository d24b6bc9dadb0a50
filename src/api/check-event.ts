import { profileById } from '../profiles/index.js';
import type { App } from '../store/apps.js';
import type { ApiContext } from './context.js';
import { pointerTo, problems } from './problem.js';
import { eventTypeProblem } from './schemas/event-types.js';

/**
 * That there is such an event type, and that the data satisfy its schema. Both may change: an event that was accepted
 * before is not asked for them again.
 * @throws Problem 422, 503
 */
export async function checkEvent(
  { eventTypes }: ApiContext,
  app: App,
  { eventType, data }: { readonly eventType: string; readonly data: unknown },
): Promise<void> {
  const problem = eventTypeProblem(profileById(app.profile), await eventTypes.of(app.id), eventType);
  if (problem !== null) throw problems.validationFailed([{ pointer: '/event_type', detail: problem }]);
  const found = await eventTypes.problemsWith(app.id, eventType, data);
  if (found.length === 0) return;
  throw problems.validationFailed(
    found.map(({ path, detail }) => ({ pointer: pointerTo(['data', ...path]), detail })),
  );
}
