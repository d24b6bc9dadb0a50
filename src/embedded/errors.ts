import { UserError } from '../user-error.js';

/** What the user can put right: the message is one or two sentences that say what is missing and what to do. Printed without a stack. */
export class EmbeddedError extends UserError {
  override name = 'EmbeddedError';
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
