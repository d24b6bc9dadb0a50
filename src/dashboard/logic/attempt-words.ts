import type { components } from '../../client/index.js';
import { duration } from './times.js';

type Attempt = Pick<components['schemas']['Attempt'], 'status_code' | 'error' | 'duration_ms'>;

/** Whether an attempt delivered. */
export function isGood({ status_code: status, error }: Attempt): boolean {
  return error === null && status !== null && status >= 200 && status < 300;
}

/** How an attempt ended: `Delivered: 200 in 35 ms`, `Failed: 500 in 12 ms`, `Failed: timeout after 15.0 s`. */
export function attemptWords(attempt: Attempt): string {
  const { status_code: status, error, duration_ms: ms } = attempt;
  if (status !== null) {
    return `${isGood(attempt) ? 'Delivered' : 'Failed'}: ${status}${ms === null ? '' : ` in ${duration(ms)}`}`;
  }
  return `Failed: ${errorName(error)}${ms === null ? '' : ` after ${duration(ms)}`}`;
}

/** The answer alone: `500 after 35 ms`, `timeout after 15.0 s`. */
export function answerWords({ status_code: status, error, duration_ms: ms }: Attempt): string {
  return `${status ?? errorName(error)}${ms === null ? '' : ` after ${duration(ms)}`}`;
}

/** An error's code as words: `connection refused`. */
export function errorName(error: string | null): string {
  const [code = ''] = (error ?? 'no answer').split(':');
  return code.replaceAll('_', ' ');
}

/** What an error says after its code; null where it says nothing. */
export function errorDetail(error: string | null): string | null {
  const text = error?.slice(error.indexOf(':') + 1).trim() ?? '';
  return error === null || !error.includes(':') || text === '' ? null : text;
}
