/**
 * Posthorn's own events, about endpoints and deliveries, which go to endpoints of the same application that name
 * them. Pure.
 */
export const OPERATIONAL_EVENTS = [
  'endpoint.failing',
  'endpoint.disabled',
  'endpoint.recovered',
  'delivery.exhausted',
] as const;

export type OperationalEvent = (typeof OPERATIONAL_EVENTS)[number];

export function isOperational(type: string): type is OperationalEvent {
  return OPERATIONAL_EVENTS.some((each) => each === type);
}

/** Whether an endpoint asks for it by name or by its whole group (`endpoint.*`): `*` means the application's events. */
export function asksForOperational(patterns: readonly string[], type: OperationalEvent): boolean {
  const group = `${type.split('.')[0] ?? ''}.*`;
  return patterns.some((pattern) => pattern === type || pattern === group);
}
