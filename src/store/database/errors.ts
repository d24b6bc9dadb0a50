import { errorCode, messageOf } from '../../lib/errors.js';
import { Silent } from '../../lib/pulse.js';

/** Why a statement could not be carried out now, and may be later: no fault of the statement. */
export type NotNow =
  /** PostgreSQL cannot be reached, does not answer, or accepts no connections. */
  | 'away'
  /** It answers, and takes no changes: a standby, or a primary that was made read-only. */
  | 'read_only'
  /** It answers, and has too much to do; or all of this process's connections are taken. */
  | 'busy';

/** Every SQLSTATE, or class of them, that means "not now". The longest that fits decides. */
export const NOT_NOW_STATES: readonly (readonly [state: string, kind: NotNow, why: string])[] = [
  ['08', 'away', 'the connection failed or was lost; poolers answer so while they reach no server'],
  ['25006', 'read_only', 'a read-only transaction: a standby, or default_transaction_read_only'],
  ['25P03', 'away', 'idle_in_transaction_session_timeout: the server has ended the connection'],
  ['25P04', 'busy', 'transaction_timeout: the transaction took too long for this server'],
  ['28', 'away', 'the server lets this process not in: a password or pg_hba.conf that changes'],
  ['3D000', 'away', 'there is no such database: it is being restored'],
  ['40', 'busy', 'a deadlock, or a conflict with another transaction or with recovery: it was rolled back'],
  ['53', 'busy', 'too many connections, no memory'],
  ['53100', 'away', 'the disk is full: nothing can be written'],
  ['55P03', 'busy', 'a lock could not be had in time'],
  ['57P', 'away', 'shutting down, starting up, recovering; the session was ended from outside'],
  ['58', 'away', 'the server cannot use its files'],
];

/** Node's error codes of failed connections. */
const NOT_NOW_CODES: ReadonlyMap<string, NotNow> = new Map([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
  ].map((code) => [code, 'away'] as const),
  // This process has no file descriptors, or this machine no ports left.
  ...['EMFILE', 'ENFILE', 'EADDRNOTAVAIL'].map((code) => [code, 'busy'] as const),
]);

/** pg gives no code to these. */
const AWAY_MESSAGE = /Connection terminated|Query read timeout|connection error|not queryable/i;

/** SQLSTATE of a statement that has had its time. */
export const QUERY_CANCELED = '57014';

/** A new connection could not be made, for any reason. */
export class ConnectionFailed extends Error {
  override name = 'ConnectionFailed';

  constructor(cause: unknown) {
    super(`could not connect to PostgreSQL: ${messageOf(cause)}`, { cause });
  }
}

/** All connections of this process were in use during the whole wait. */
export class ConnectionsBusy extends Error {
  override name = 'ConnectionsBusy';
}

/** Why a statement could not run now; null when the statement itself failed. */
export function notNow(error: unknown): NotNow | null {
  if (error instanceof Silent) return 'away';
  if (error instanceof ConnectionsBusy) return 'busy';
  if (error instanceof ConnectionFailed) return notNow(error.cause) ?? 'away';
  const code = errorCode(error);
  const byCode = code === undefined ? undefined : (NOT_NOW_CODES.get(code) ?? kindOfState(code));
  if (byCode !== undefined) return byCode;
  return AWAY_MESSAGE.test(messageOf(error)) ? 'away' : null;
}

function kindOfState(code: string): NotNow | undefined {
  const fitting = NOT_NOW_STATES.filter(([state]) => code.startsWith(state));
  return fitting.toSorted(([a], [b]) => b.length - a.length)[0]?.[1];
}

/** Whether a statement failed because PostgreSQL cannot do it now, not because of the statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return notNow(error) !== null;
}
