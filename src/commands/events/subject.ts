/** What a message of the stream is about, in a line. */
export interface Subject {
  /** Null for endpoints and recoveries, and for an attempt, which has its event's id alone. */
  readonly eventType: string | null;
  readonly text: string;
}

type Members = Readonly<Record<string, unknown>>;

/** What is told of a thing, in this order. */
const TOLD = ['event_type', 'id', 'event_id', 'number', 'url', 'status', 'reason', 'status_code', 'error'];

/** Reads `{event}`, `{delivery}`, `{webhook}`, `{attempt, event_id, …}` or `{job, …}`. */
export function subjectOf(data: unknown): Subject {
  const members = isObject(data) ? data : {};
  const thing = Object.values(members).find(isObject) ?? {};
  const all = { ...members, ...thing };
  const told = TOLD.map((name) => all[name]).filter((value) => value !== null && value !== undefined);
  return {
    eventType: typeof all.event_type === 'string' ? all.event_type : null,
    text: told.map(String).join('  '),
  };
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null;
}
