/** Why an attempt got no answer that counts. Each is recorded as `code: text`. */
export const ATTEMPT_ERROR_CODES = [
  'timeout',
  'connection_refused',
  'connection_lost',
  'unreachable',
  'dns',
  'tls',
  'address_refused',
  'redirect',
  'invalid_answer',
  'worker_lost',
  'not_in_log',
  'unknown',
] as const;
export type AttemptErrorCode = (typeof ATTEMPT_ERROR_CODES)[number];

/** One attempt that has come to an end. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: Date;
  /** Null for an attempt that was lost with its worker. */
  readonly durationMs: number | null;
  readonly statusCode: number | null;
  /** Null, or a code with text: `timeout: …`. */
  readonly error: string | null;
  readonly slow: boolean;
  /** The same attempt may have been sent before: by a worker that died, or over a connection that was closed. */
  readonly possiblyRepeated: boolean;
  readonly responseBody: string | null;
}
