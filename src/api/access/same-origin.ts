import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { problems } from '../http/problem.js';

/** The header that a page of the dashboard sends with every change, with the session's `csrf_token`. */
export const CSRF_HEADER = 'X-Posthorn-CSRF';

/** What a page of another origin cannot know of a session: it reads no answer of ours. */
export const csrfTokenOf = (sessionToken: string) =>
  createHmac('sha256', sessionToken).update('csrf').digest('base64url');

/** The origin by which the caller has reached the API, behind a trusted proxy too. */
export const originOf = ({ protocol, host }: Pick<Request, 'protocol' | 'host'>) => `${protocol}://${host}`;

/**
 * Refuses what a page of another origin has a browser send, for which the browser adds the session's cookie.
 * @throws Problem 403
 */
export function assertNotForged(request: Request, sessionToken: string): void {
  if (request.method === 'GET' || request.method === 'HEAD') {
    // Nothing is changed by these, and the other page cannot read the answer; but it is not to begin work either.
    if (['cross-site', 'same-site'].includes(request.get('Sec-Fetch-Site') ?? '')) {
      throw problems.csrf('A page of another site has asked for this, with the cookie of this one.');
    }
    return;
  }
  assertSameOrigin(request);
  const given = Buffer.from(request.get(CSRF_HEADER) ?? '');
  const wanted = Buffer.from(csrfTokenOf(sessionToken));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw problems.csrf(
      `Who is signed in by a cookie sends the session’s \`csrf_token\` in the header ${CSRF_HEADER} with every ` +
        'change. This one is missing or of another session. Or send a key as "Authorization: Bearer <key>".',
    );
  }
}

/**
 * Behind a proxy that is not trusted the API does not know that it is reached by TLS: hosts alone are compared then.
 * @throws Problem 403
 */
export function assertSameOrigin(request: Request): void {
  const given = request.get('Origin');
  const origin = parsed(given);
  const own = parsed(originOf(request));
  if (origin && own && origin.host === own.host && (!request.secure || origin.protocol === 'https:')) return;
  throw problems.csrf(
    `The page is at ${given === undefined ? 'no origin' : `"${given.slice(0, 200)}"`}, and Posthorn was reached at ` +
      `"${originOf(request)}". If a proxy stands between them, have it keep Host and send X-Forwarded-Proto, and ` +
      'name it in POSTHORN_TRUSTED_PROXIES.',
  );
}

/** Whether a page is reached by TLS, which a proxy that is not trusted may end. */
export const isSecurePage = (request: Request) =>
  request.secure || parsed(request.get('Origin'))?.protocol === 'https:';

function parsed(origin: string | undefined): URL | null {
  return origin !== undefined && URL.canParse(origin) ? new URL(origin) : null;
}
