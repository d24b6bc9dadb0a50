/** What a list is asked for: at most `limit` rows, newest first, those after a position in that order. */
export interface PageRequest {
  readonly after: Position | null;
  readonly limit: number;
}

/** A row's place in a list that is sorted by time and id. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}
