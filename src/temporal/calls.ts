import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { within } from '../within.js';

/** One call made for a caller of the API takes this long at most. */
export const DEADLINE_MS = 5_000;

/** Temporal did not answer in time. What was asked of it may have been done nevertheless. */
export class TemporalUnavailable extends Error {
  override name = 'TemporalUnavailable';
}

/** gRPC statuses that say "not now" rather than "no": see `isNotNow`. */
const NOT_NOW: ReadonlySet<number> = new Set([
  1, // CANCELLED: by our own deadline
  4, // DEADLINE_EXCEEDED
  8, // RESOURCE_EXHAUSTED
  10, // ABORTED
  13, // INTERNAL
  14, // UNAVAILABLE
]);
const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;

/**
 * What a call to Temporal gives, within `milliseconds`. The client's own retries may outlast its deadline, so time
 * is taken here too.
 * @throws TemporalUnavailable when it cannot be had now
 */
export async function inTime<T>(client: Client, milliseconds: number, call: () => Promise<T>): Promise<T> {
  const answer = client.withDeadline(Date.now() + milliseconds, call);
  try {
    return await within(
      milliseconds,
      answer,
      () => new TemporalUnavailable('Temporal did not answer in time'),
    );
  } catch (error) {
    throw isNotNow(error) ? new TemporalUnavailable('Temporal did not answer', { cause: error }) : error;
  }
}

/** Whether Temporal knows nothing by that name. */
export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || statusOf(error) === NOT_FOUND;
}

/** Whether a run of a workflow has had as many signals as Temporal takes for one. The next run takes signals again. */
export function isFull(error: unknown): boolean {
  return statusOf(error) === INVALID_ARGUMENT && /limit for signal/.test(detailsOf(error));
}

/** What the call gives, or null if Temporal knows nothing by that name. */
export async function nullIfNotFound<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return null;
    throw error;
  }
}

function isNotNow(error: unknown): boolean {
  if (error instanceof Error && error.name === 'TransportError') return true;
  const status = statusOf(error);
  return status !== undefined && NOT_NOW.has(status);
}

/** What the server says about an error, which the client may have wrapped. */
function detailsOf(error: unknown): string {
  // The native connection has it in the message alone.
  if (isGrpcServiceError(error)) return `${error.message} ${error.details}`;
  return error instanceof Error && error.cause !== undefined ? detailsOf(error.cause) : '';
}

/** The gRPC status of an error, which the client may have wrapped. */
function statusOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return Number(error.code);
  return error instanceof Error && error.cause !== undefined ? statusOf(error.cause) : undefined;
}
