import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import { SCOPES } from '../../store/apps/api-keys.js';
import type { DashboardSession } from '../../store/dashboard/sessions.js';
import { credentialOf, sessionCookie } from '../access/credentials.js';
import { assertNotForged, assertSameOrigin, csrfTokenOf } from '../access/same-origin.js';
import type { SignedIn } from '../access/sessions.js';
import type { ApiContext } from '../context.js';
import { problems } from '../http/problem.js';
import { MAX_BODY_BYTES, parseBody, readBody } from '../http/request.js';
import { nameOf } from '../http/route.js';

/** Signing in to the dashboard and out of it, by a cookie. Everything else that the dashboard does is the API's. */

export const SESSION_PATH = '/dashboard/session';
export const SESSION_METHODS: readonly string[] = ['GET', 'POST', 'DELETE'];

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
    const given = parseBody(
      signInBody,
      await readBody(request, { optional: false, maxBytes: MAX_BODY_BYTES }, null),
    );
    const { token, session } = await signedIn(context, request, given);
    response.cookie(sessionCookie(request), token, {
      ...cookieOf(request),
      expires: session.expiresAt,
    });
    response.json(answerOf(token, session));
  });
  server.get(SESSION_PATH, async (request, response) => {
    const { token, session } = await ownSession(context, request);
    response.json(answerOf(token, session));
  });
  server.delete(SESSION_PATH, async (request, response: Response) => {
    const { token } = await ownSession(context, request);
    await sessions.end(token);
    response.clearCookie(sessionCookie(request), cookieOf(request)).status(204).end();
  });
}

const cookieOf = ({ secure }: Request) =>
  ({ httpOnly: true, sameSite: 'strict', secure, path: '/' }) as const;

/** @throws Problem 401, 429 */
async function signedIn(
  { authenticator, limits, sessions }: Context,
  request: Request,
  given: z.output<typeof signInBody>,
): Promise<SignedIn> {
  if ('key' in given) {
    const caller = await authenticator.callerOf({ kind: 'key', key: given.key });
    if (caller) {
      await limits.request(nameOf(caller));
      return sessions.begin(caller);
    }
  } else {
    const begun = await sessions.beginByLink(given.link);
    if (begun) return begun;
  }
  await limits.failedAuthentication(request.ip);
  throw 'key' in given ? problems.unknownKey() : problems.unknownLink();
}

/** @throws Problem 401, 403 */
async function ownSession({ sessions }: Context, request: Request): Promise<SignedIn> {
  const credential = credentialOf(request);
  const token = credential?.kind === 'session' ? credential.token : null;
  const session = token === null ? null : await sessions.of(token);
  if (token === null || !session) throw problems.unauthorized();
  assertNotForged(request, token);
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
