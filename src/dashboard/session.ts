import { createContext, use, useSyncExternalStore } from 'react';
import { problemOf } from '../client/problem.js';

export type Scope = 'webhooks:read' | 'webhooks:write' | 'events:read' | 'events:write';

/** Who is signed in. The cookie that proves it is out of a script's reach. */
export interface Session {
  readonly kind: 'admin' | 'key' | 'link';
  /** The only application that it may see; null for an administrator. */
  readonly app_id: string | null;
  readonly scopes: readonly Scope[];
  readonly expires_at: string;
  /** Goes with every call that changes something. */
  readonly csrf_token: string;
}

export type SessionState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'signed-in'; readonly session: Session }
  /** Somebody is signed in, and has opened a link that would sign in as somebody else. */
  | { readonly kind: 'offered'; readonly session: Session; readonly link: string }
  /** It was, until an answer said 401. The page stays, so that what was typed is not lost. */
  | { readonly kind: 'ended'; readonly session: Session };

const PATH = '/dashboard/session';
const CSRF_HEADER = 'x-posthorn-csrf';
/** Whether it is worth asking who is signed in: a browser notes the answer that nobody is as an error. */
const MAY_BE_SIGNED_IN = 'posthorn-may-be-signed-in';

let state: SessionState = { kind: 'asking' };
const listeners = new Set<() => void>();

function change(next: SessionState): void {
  state = next;
  if (next.kind === 'none') localStorage.removeItem(MAY_BE_SIGNED_IN);
  if (next.kind === 'signed-in') localStorage.setItem(MAY_BE_SIGNED_IN, '1');
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The session, as it is from now on. */
export function useSessionState(): SessionState {
  return useSyncExternalStore(subscribe, () => state);
}

/** What proves that a change comes from this page; none before sign-in. */
export function csrfHeaders(): Record<string, string> {
  return 'session' in state ? { [CSRF_HEADER]: state.session.csrf_token } : {};
}

/** Tells that the API no longer knows the session. */
export function sessionHasEnded(): void {
  if (state.kind === 'signed-in') change({ kind: 'ended', session: state.session });
}

/** Asks who is signed in, as after a reload. */
export async function askForSession(): Promise<void> {
  if (localStorage.getItem(MAY_BE_SIGNED_IN) === null) return change({ kind: 'none' });
  change({ kind: 'asking' });
  try {
    const response = await fetch(PATH, { headers: { accept: 'application/json' } });
    if (response.status === 401) change({ kind: 'none' });
    else change({ kind: 'signed-in', session: await sessionIn(response) });
  } catch (error) {
    change({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
  }
}

/** @throws PosthornProblem of 401 for a key or a link that is not known */
export async function signIn(proof: { key: string } | { link: string }): Promise<void> {
  const response = await fetch(PATH, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(proof),
  });
  begin(await sessionIn(response), 'link' in proof ? location.pathname + location.search : '/dashboard');
}

/** @param home where the page begins anew for somebody else: what one was shown is not for another */
function begin(session: Session, home: string): void {
  if ('session' in state && !isSameOwner(state.session, session)) location.assign(home);
  else change({ kind: 'signed-in', session });
}

function isSameOwner(one: Session, other: Session): boolean {
  return one.app_id === other.app_id && one.scopes.join() === other.scopes.join();
}

/** Asks anew for the token of changes: another tab may have signed in. False where nobody is signed in, or somebody else. */
export async function renewSession(): Promise<boolean> {
  const response = await fetch(PATH, { headers: { accept: 'application/json' } });
  if (!response.ok) return false;
  const session = await sessionIn(response);
  const isSame = 'session' in state && isSameOwner(state.session, session);
  begin(session, '/dashboard');
  return isSame;
}

/**
 * Signs in by a link. Somebody who is signed in is asked first: whoever sent the link could read what that person then
 * does in the sender's application.
 * @throws PosthornProblem of 401 for a link that is not known
 */
export async function signInByLink(link: string): Promise<void> {
  await askForSession();
  if (state.kind === 'signed-in') change({ kind: 'offered', session: state.session, link });
  else await signIn({ link });
}

/** Stays signed in as before. */
export function declineLink(): void {
  if (state.kind === 'offered') change({ kind: 'signed-in', session: state.session });
}

export async function signOut(): Promise<void> {
  const response = await fetch(PATH, { method: 'DELETE', headers: csrfHeaders() });
  // The cookie is still there: to say otherwise would leave it to whoever comes next.
  if (!response.ok && response.status !== 401) throw await problemOf(PATH, response);
  change({ kind: 'none' });
}

async function sessionIn(response: Response): Promise<Session> {
  if (!response.ok) throw await problemOf(`${PATH}`, response);
  const { session } = (await response.json()) as { session: Session };
  return session;
}

export const SessionContext = createContext<Session | null>(null);

/** The session of a page, which is shown to those only who have one. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('There is no session here.');
  return session;
}

/** Whether it is an administrator's, by the admin key or by a link. */
export function isAdmin({ app_id: appId }: Session): boolean {
  return appId === null;
}

/** Why the session may not do this; null if it may. */
export function lackOf(session: Session, scope: Scope): string | null {
  return isAdmin(session) || session.scopes.includes(scope)
    ? null
    : `You may not do this: it needs the scope ${scope}.`;
}
