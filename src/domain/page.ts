/** The request for a page: at most `limit` rows, newest first, after a position in that order. */
export interface PageRequest {
  readonly after: Position | null;
  readonly limit: number;
}

/** A row's place in a list that is sorted by time and id. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

/** Merges the rows of several statements: each once, the newest first, at most `limit`. Their ids are UUIDs. */
export function newestFirst<Row extends Position>(found: readonly Row[], limit: number): Row[] {
  const byId = new Map(found.map((row) => [row.id, row]));
  return [...byId.values()]
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}

/** The earliest of those that are given. */
export function earliest(...times: readonly (Date | undefined)[]): Date | undefined {
  return times.reduce(
    (first, time) => (first === undefined || (time && time < first) ? time : first),
    undefined,
  );
}
