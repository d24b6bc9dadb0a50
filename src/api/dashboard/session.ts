import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { SCOPES } from '../../store/apps/api-keys.js';
import { SESSION_HOURS, type DashboardSession } from '../../store/dashboard/sessions.js';
import { credentialOf, sessionCookie } from '../access/credentials.js';
import { assertNotForged, assertSameOrigin, csrfTokenOf, isSecurePage } from '../access/same-origin.js';
import { callerOfSession, type SignedIn } from '../access/sessions.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { parseBody, parseQuery, readBody } from '../http/request.js';
import { nameOf } from '../http/route.js';

/** Signing in to the dashboard and out of it, by a cookie. Everything else that the dashboard does is the API's. */

export const SESSION_PATH = '/dashboard/session';
export const SESSION_METHODS: readonly string[] = ['GET', 'POST', 'DELETE'];

/** Whoever has no key yet may send this much: a key or a token. */
const MAX_SIGN_IN_BYTES = 4_096;
const SESSION_MS = SESSION_HOURS * 3_600_000;

type Context = Pick<ApiContext, 'authenticator' | 'limits' | 'sessions'>;

const signInBody = z.union(
  [z.strictObject({ key: z.string() }), z.strictObject({ link: z.string() })],
  'must have either "key" or "link", a text',
);

export function serveSessions(server: Express, context: Context): void {
  const { sessions } = context;
  server.post(SESSION_PATH, async (request, response) => {
    // Or another page could sign a person in as somebody else, and be told what that person does.
    assertSameOrigin(request);
    assertPlain(request);
    const expected = { optional: false, maxBytes: MAX_SIGN_IN_BYTES };
    const given = parseBody(signInBody, await readBody(request, expected, null));
    const { token, session } = await signedIn(context, request, given);
    // Nobody could sign out of the one before any more.
    const former = tokenIn(request);
    if (former !== null) await sessions.end(former);
    const isSecure = isSecurePage(request);
    response.cookie(sessionCookie(request, isSecure), token, { ...cookie(isSecure), maxAge: SESSION_MS });
    response.json(answerOf(token, session));
  });
  server.get(SESSION_PATH, async (request, response) => {
    assertPlain(request);
    const signedIn = await ownSession(context, request);
    if (!signedIn) throw problems.notSignedIn();
    assertNotForged(request, signedIn.token);
    response.json(answerOf(signedIn.token, signedIn.session));
  });
  server.delete(SESSION_PATH, async (request, response: Response) => {
    assertPlain(request);
    const signedIn = await ownSession(context, request);
    if (signedIn) {
      assertNotForged(request, signedIn.token);
      await sessions.end(signedIn.token);
    } else {
      // It may have ended just now, with an answer that was lost: its cookie is still there.
      assertSameOrigin(request);
    }
    for (const isSecure of [true, false]) {
      response.clearCookie(sessionCookie(request, isSecure), cookie(isSecure));
    }
    response.status(204).end();
  });
}

const cookie = (isSecure: boolean) =>
  ({ httpOnly: true, sameSite: 'strict', secure: isSecure, path: '/' }) as const;

/** @throws Problem 400 */
function assertPlain(request: Request): void {
  idempotencyKeyOf(request, false);
  parseQuery(z.strictObject({}), request.query);
}

function tokenIn(request: Request): string | null {
  const credential = credentialOf(request);
  return credential?.kind === 'session' ? credential.token : null;
}

/** @throws Problem 401, 429 */
async function signedIn(
  { authenticator, limits, sessions }: Context,
  request: Request,
  given: z.output<typeof signInBody>,
): Promise<SignedIn> {
  let begun: SignedIn | null;
  if ('key' in given) {
    const caller = await authenticator.callerOf({ kind: 'key', key: given.key });
    if (caller) await limits.request(nameOf(caller));
    begun = caller && (await sessions.begin(caller));
  } else {
    begun = await sessions.beginByLink(given.link);
  }
  if (begun) return begun;
  await limits.failedAuthentication(request.ip);
  throw 'key' in given ? problems.unknownKey() : problems.unknownLink();
}

/** @throws Problem 429 */
async function ownSession({ limits, sessions }: Context, request: Request): Promise<SignedIn | null> {
  const token = tokenIn(request);
  const session = token === null ? null : await sessions.of(token);
  if (token === null || !session) return null;
  await limits.request(nameOf(callerOfSession(session)));
  return { token, session };
}

function answerOf(token: string, session: DashboardSession) {
  const { appId, scopes } = rightsOf(session);
  return {
    session: {
      kind: session.kind,
      app_id: appId,
      scopes,
      expires_at: session.expiresAt,
      csrf_token: csrfTokenOf(token),
    },
  };
}

function rightsOf(session: DashboardSession) {
  switch (session.kind) {
    case 'admin':
      return { appId: null, scopes: SCOPES };
    case 'key':
      return session.key;
    case 'link':
      return session;
  }
}
