import { isAdmin, type Session } from '../session.js';

/** Why the session may not do what only an administrator may; null for an administrator. */
export function adminOnly(session: Session): string | null {
  return isAdmin(session) ? null : 'Only an administrator may do this.';
}
