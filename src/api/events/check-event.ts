import { profileById } from '../../profiles/index.js';
import type { App } from '../../domain/app.js';
import type { ApiContext } from '../context.js';
import { pointerTo } from '../http/json-pointer.js';
import type { FieldError } from '../http/problem.js';
import type { SubmittedEvent } from './submitted-event.js';
import { eventTypeProblem } from '../event-types/requests.js';

/**
 * Whether there is such an event type, and the data satisfy its schema. Both may change: an event that was accepted
 * before is not asked for them again.
 * @returns what is wrong
 * @throws Problem 503
 */
export async function problemsWithEvent(
  { eventTypes }: ApiContext,
  app: App,
  { eventType, data, at }: Pick<SubmittedEvent, 'eventType' | 'data' | 'at'>,
): Promise<FieldError[]> {
  const problem = eventTypeProblem(profileById(app.profile), await eventTypes.of(app.id), eventType);
  if (problem !== null) return [{ pointer: pointerTo([...at, 'event_type']), detail: problem }];
  const found = await eventTypes.problemsWith(app.id, eventType, data);
  return found.map(({ path, detail }) => ({ pointer: pointerTo([...at, 'data', ...path]), detail }));
}
