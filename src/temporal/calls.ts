import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { messageOf } from '../lib/errors.js';
import { Pulse, Silent } from '../lib/pulse.js';
import { UserError } from '../lib/user-error.js';
import { withTimeout } from '../lib/timeout.js';

/** One call takes this long at most while Temporal lives; one that does not answer at all is given up earlier. */
export const DEADLINE_MS = 5_000;
/** Deadline of the call that checks whether Temporal answers. */
const ASK_MS = 1_250;

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
/** The codes among them that come from the server itself. */
const FROM_SERVER: ReadonlySet<number | undefined> = new Set([8, 10]);
const NOT_FOUND = 5;
const INVALID_ARGUMENT = 3;

/** Whether Temporal answers, by the client that asks. */
const pulses = new WeakMap<Client, Pulse>();

/**
 * What a call to Temporal gives, within `milliseconds`. The client's own retries may outlast its deadline, so time
 * is taken here too.
 * @throws TemporalUnavailable when it cannot be had now: after 1.5 s when Temporal does not answer anything
 */
export async function inTime<T>(client: Client, milliseconds: number, call: () => Promise<T>): Promise<T> {
  try {
    return await pulseOf(client).watch(() =>
      withTimeout(
        milliseconds,
        client.withDeadline(Date.now() + milliseconds, call),
        () => new TemporalUnavailable('Temporal did not answer in time'),
      ),
    );
  } catch (error) {
    if (error instanceof Silent) throw new TemporalUnavailable(error.message);
    throw isNotNow(error) ? new TemporalUnavailable('Temporal did not answer', { cause: error }) : error;
  }
}

function pulseOf(client: Client): Pulse {
  const known = pulses.get(client);
  if (known) return known;
  const pulse = new Pulse({
    name: 'Temporal',
    ask: () =>
      withTimeout(
        ASK_MS,
        client.withDeadline(Date.now() + ASK_MS, () => client.workflowService.getSystemInfo({})),
        () => new TemporalUnavailable('Temporal did not answer in time'),
      ),
    isAnswer: (error) => !(error instanceof TemporalUnavailable) && (!isNotNow(error) || isFromServer(error)),
  });
  pulses.set(client, pulse);
  return pulse;
}

/** What keeps a process from starting, in a sentence for who runs it, where that is Temporal; otherwise the error. */
export function troubleWithTemporal(error: unknown): unknown {
  if (error instanceof UserError) return error;
  if (error instanceof TemporalUnavailable) return new UserError(`${error.message}.`, { cause: error });
  const status =
    error instanceof Error && error.name === 'NamespaceNotFoundError' ? NOT_FOUND : statusOf(error);
  if (status === undefined) return error;
  return new UserError(
    `Temporal ${NOT_NOW.has(status) ? 'does not answer' : 'refuses'} (${messageOf(error)}): check TEMPORAL_ADDRESS, ` +
      'TEMPORAL_NAMESPACE and the other TEMPORAL_ variables.',
    { cause: error },
  );
}

/** Whether Temporal knows nothing by that name. */
export function isNotFound(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || statusOf(error) === NOT_FOUND;
}

/** Whether a run of a workflow has had as many signals as Temporal takes for one. The next run takes signals again. */
export function isFull(error: unknown): boolean {
  return statusOf(error) === INVALID_ARGUMENT && /limit for signal/.test(detailsOf(error));
}

/** Returns what the call returns, or null if Temporal does not know the name. */
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

function isFromServer(error: unknown): boolean {
  return FROM_SERVER.has(statusOf(error));
}

/** The gRPC status of an error, which the client may have wrapped. */
function statusOf(error: unknown): number | undefined {
  if (isGrpcServiceError(error)) return Number(error.code);
  return error instanceof Error && error.cause !== undefined ? statusOf(error.cause) : undefined;
}
