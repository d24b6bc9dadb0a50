import { distance } from 'fastest-levenshtein';
import { matchesEventType } from '../domain/event-type.js';
import type { Endpoint } from '../domain/endpoint.js';
import { asksForOperational, isOperational } from '../domain/operational-events.js';

/** Why an endpoint got an event, or did not. Pure. */

/**
 * `type`: by its event types, which match the event's or do not. `created_later`, `changed_later`: it would match now.
 * `test`: the event is a test of one endpoint. `about_itself`: the event is Posthorn's own, about this endpoint.
 */
export const MATCH_REASONS = ['type', 'created_later', 'changed_later', 'test', 'about_itself'] as const;
export type MatchReason = (typeof MATCH_REASONS)[number];

export interface Match {
  readonly matched: boolean;
  readonly why: MatchReason;
  /** A pattern that matches the event's type, and differs from one of the endpoint's by two characters at most. */
  readonly nearestPattern: string | null;
}

/** An event as its endpoints were chosen for it. */
export interface MatchedEvent {
  readonly eventType: string;
  readonly createdAt: Date;
  readonly isTest: boolean;
  /** The endpoint that an event of Posthorn's own is about. */
  readonly aboutEndpointId: string | undefined;
}

/** @param isDelivered whether the log has a delivery of the event to the endpoint, made with the event itself */
export function matchOf(
  { eventType, createdAt, isTest, aboutEndpointId }: MatchedEvent,
  endpoint: Pick<Endpoint, 'id' | 'eventTypes' | 'createdAt'>,
  isDelivered: boolean,
): Match {
  if (isTest) return { matched: isDelivered, why: 'test', nearestPattern: null };
  if (isDelivered) return { matched: true, why: 'type', nearestPattern: null };
  if (endpoint.id === aboutEndpointId) return { matched: false, why: 'about_itself', nearestPattern: null };
  if (!asksFor(endpoint.eventTypes, eventType)) {
    return { matched: false, why: 'type', nearestPattern: nearestPattern(endpoint.eventTypes, eventType) };
  }
  const why = endpoint.createdAt > createdAt ? 'created_later' : 'changed_later';
  return { matched: false, why, nearestPattern: null };
}

function asksFor(patterns: readonly string[], type: string): boolean {
  return isOperational(type)
    ? asksForOperational(patterns, type)
    : patterns.some((pattern) => matchesEventType(pattern, type));
}

/** With more differences it is another word. */
const MOST_DIFFERENCES = 2;

/** The pattern that somebody may have meant who wrote one of these: it matches the type. */
export function nearestPattern(patterns: readonly string[], type: string): string | null {
  let nearest: { readonly pattern: string; readonly differences: number } | null = null;
  for (const written of patterns) {
    for (const pattern of new Set([inShapeOf(written, type), type])) {
      const differences = distance(written, pattern);
      // One that it has does not ask for this type: `*` does not, for Posthorn's own events.
      if (differences === 0 || differences > MOST_DIFFERENCES || !matchesEventType(pattern, type)) continue;
      if (nearest === null || differences < nearest.differences) nearest = { pattern, differences };
    }
  }
  return nearest?.pattern ?? null;
}

/** The type with `*` where a pattern has it: `order.*` for `orders.*` and `order.paid`. */
function inShapeOf(pattern: string, type: string): string {
  const segments = type.split('.');
  return pattern
    .split('.')
    .map((segment, index) => (segment === '*' ? '*' : (segments[index] ?? segment)))
    .join('.');
}
