import type { ReactNode } from 'react';
import { PosthornProblem } from '../../client/index.js';
import { clockTime } from '../logic/times.js';
import { NotFound } from './not-found.js';
import { ProblemView } from './problem.js';
import { Skeleton } from './skeleton.js';

const UNAUTHORIZED = 401;
const NOT_FOUND = 404;

/** The part of a query that is shown. */
interface Query<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly dataUpdatedAt: number;
  readonly refetch: () => unknown;
}

/** What a query gives, or that it is on its way, or what went wrong. What was read before stays when a later read fails. */
export function Loaded<Data>({
  query,
  rows = 6,
  children,
}: {
  query: Query<Data>;
  rows?: number;
  children: (data: Data) => ReactNode;
}) {
  const { data, dataUpdatedAt, refetch } = query;
  const error = isEndOfSession(query.error) ? null : query.error;
  const retry = () => void refetch();
  if (data === undefined) {
    if (error instanceof PosthornProblem && error.status === NOT_FOUND) return <NotFound />;
    return error ? <ProblemView error={error} onRetry={retry} /> : <Skeleton rows={rows} />;
  }
  return (
    <>
      {error && (
        <>
          <ProblemView error={error} onRetry={retry} />
          <p className="muted stale">What follows is as of {clockTime(dataUpdatedAt)}.</p>
        </>
      )}
      {children(data)}
    </>
  );
}

/** A dialog asks to sign in again; the page stays as it is. */
function isEndOfSession(error: Error | null): boolean {
  return error instanceof PosthornProblem && error.status === UNAUTHORIZED;
}
