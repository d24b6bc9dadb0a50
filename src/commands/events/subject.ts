/** What a message of the stream is about, in a line. */
export interface Subject {
  readonly eventType: string | null;
  readonly text: string;
}

/** Members in the order in which they are told. */
const TOLD = ['event_type', 'id', 'event_id', 'number', 'url', 'status', 'reason', 'status_code', 'error'];

/** Reads the view of an event, a delivery, an attempt, an endpoint or a recovery, or what has one in it. */
export function subjectOf(data: unknown): Subject {
  const view = viewIn(data);
  const eventType = view.event_type;
  const told = TOLD.map((name) => view[name]).filter((value) => value !== null && value !== undefined);
  return {
    eventType: typeof eventType === 'string' ? eventType : null,
    text: told.map(String).join('  '),
  };
}

/** `{delivery: {…}}` and the delivery alone are the same here. */
function viewIn(data: unknown): Readonly<Record<string, unknown>> {
  if (typeof data !== 'object' || data === null) return {};
  const members = data as Readonly<Record<string, unknown>>;
  const inner = Object.values(members).filter((value) => typeof value === 'object' && value !== null);
  const [only] = inner;
  return 'id' in members || 'number' in members || inner.length !== 1 || only === undefined
    ? members
    : { ...members, ...only };
}
