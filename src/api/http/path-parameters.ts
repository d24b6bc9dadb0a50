import { z } from 'zod';
import { EVENT_TYPE_MAX_LENGTH, isEventType } from '../../domain/event-type.js';

/** The ids and event types in paths and cursors, by the names that routes give them. */

/** An id as Posthorn writes it. */
export const id = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);

export const eventId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);

/** An id in a path, where a UUID may be in upper case (RFC 9562). */
const idInPath = z.string().toLowerCase().pipe(id);

const byName: Readonly<Record<string, z.ZodType<string>>> = {
  event_id: eventId,
  event_type: z.string().max(EVENT_TYPE_MAX_LENGTH).refine(isEventType),
};

/** The form that a parameter must have for anything to exist by it. */
export function pathParameter(name: string): z.ZodType<string> {
  return byName[name] ?? idInPath;
}

/** The names of a path's parameters, in order. */
export function parameterNames(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
}
