import { errorCode, messageOf } from '../../lib/errors.js';
import { UserError } from '../../lib/user-error.js';
import { ConnectionFailed, notNow } from './errors.js';

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * What keeps a process from starting, in a sentence for who runs it, where that is PostgreSQL or how it was set up;
 * otherwise the error as it is.
 */
export function troubleWith(databaseUrl: string, error: unknown): unknown {
  if (error instanceof UserError) return error;
  const kind = notNow(error);
  if (kind === null && errorCode(error) !== INSUFFICIENT_PRIVILEGE) return error;
  const host = new URL(databaseUrl).host || 'localhost';
  const failed = error instanceof ConnectionFailed ? error.cause : error;
  const why = messageOf(failed).replace(/\.$/, '');
  const said = why === '' ? '' : ` (${why})`;
  switch (kind) {
    case 'read_only':
      return new UserError(
        `PostgreSQL at ${host} is read-only: point DATABASE_URL at a server that accepts writes.`,
        {
          cause: error,
        },
      );
    case 'busy':
      return new UserError(`PostgreSQL at ${host} is too busy${said}: start again later.`, { cause: error });
    case 'away':
      return new UserError(`PostgreSQL cannot be reached at ${host}${said}: check DATABASE_URL.`, {
        cause: error,
      });
    case null:
      return new UserError(
        `PostgreSQL at ${host} denies access${said}: check DATABASE_URL and the rights of its user.`,
        { cause: error },
      );
  }
}
