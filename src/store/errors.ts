import { errorCode, messageOf } from '../errors.js';

/** SQLSTATE classes that mean "not now": connection trouble, too many connections, the server going down. */
const UNAVAILABLE_STATE = /^(08|53|57P)/;
const UNAVAILABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
]);
/** pg gives no code to these. */
const UNAVAILABLE_MESSAGE =
  /timeout exceeded when trying to connect|Connection terminated|Query read timeout|connection error/i;

/** SQLSTATE of a statement that has had its time. */
export const QUERY_CANCELED = '57014';

/** Whether a statement failed because PostgreSQL cannot be reached now, not because of the statement. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && (UNAVAILABLE_STATE.test(code) || UNAVAILABLE_CODES.has(code))) return true;
  return UNAVAILABLE_MESSAGE.test(messageOf(error));
}
