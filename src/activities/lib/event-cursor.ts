import type { Position } from '../../domain/page.js';
import type { EventCursor } from '../../workflows/slices.js';

/** How far work that pages through events has come, for a workflow's history and back. */

export function cursorAt(event: Position | undefined): EventCursor | null {
  return event ? { createdAt: event.createdAt.toISOString(), eventId: event.id } : null;
}

export function positionOf(cursor: EventCursor | null): Position | null {
  return cursor && { createdAt: new Date(cursor.createdAt), id: cursor.eventId };
}
