/** Event types and the patterns that endpoints subscribe with. Pure. */

const SEGMENT = '[A-Za-z0-9_]+';
const EVENT_TYPE = new RegExp(`^${SEGMENT}(\\.${SEGMENT})*$`);
const PATTERN = new RegExp(`^(${SEGMENT}|\\*)(\\.(${SEGMENT}|\\*))*$`);

/** Longest event type and pattern, in characters. */
export const EVENT_TYPE_MAX_LENGTH = 128;

/** Whether `type` is a well-formed event type: `[A-Za-z0-9_]+` segments, separated by dots. */
export function isEventType(type: string): boolean {
  return type.length <= EVENT_TYPE_MAX_LENGTH && EVENT_TYPE.test(type);
}

/** Whether `pattern` is an event type in which any whole segment may be `*`. */
export function isEventTypePattern(pattern: string): boolean {
  return pattern.length <= EVENT_TYPE_MAX_LENGTH && PATTERN.test(pattern);
}

/**
 * Whether `type` is subscribed to by `pattern`: `*` matches every type, a last segment `*` one or more segments
 * (`user.*`), any other `*` exactly one (`verification.*.expired`, file 000).
 */
export function matchesEventType(pattern: string, type: string): boolean {
  const wanted = pattern.split('.');
  const segments = type.split('.');
  const open = wanted.at(-1) === '*';
  if (open ? segments.length < wanted.length : segments.length !== wanted.length) return false;
  return wanted.every((segment, index) => segment === '*' || segment === segments[index]);
}

/** Whether any of an endpoint's patterns matches an event's type. */
export function subscribes(patterns: readonly string[], type: string): boolean {
  return patterns.some((pattern) => matchesEventType(pattern, type));
}

/**
 * A regular expression that matches the types which any of the patterns subscribes to, in what JavaScript and
 * PostgreSQL have in common: the log is searched with it.
 */
export function subscriptionRegex(patterns: readonly string[]): string {
  return `^(${patterns.map(patternRegex).join('|')})$`;
}

function patternRegex(pattern: string): string {
  const segments = pattern.split('.');
  const last = segments.length - 1;
  return segments
    .map((segment, index) => (segment !== '*' ? segment : index === last ? '.*' : '[^.]*'))
    .join('\\.');
}
