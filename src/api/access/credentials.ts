import type { Request } from 'express';

/** What says who calls: a key, or the token of somebody who is signed in to the dashboard. */
export type Credential =
  { readonly kind: 'key'; readonly key: string } | { readonly kind: 'session'; readonly token: string };

/** The cookie with a session's token. A browser takes a name with `__Host-` by TLS alone, and for this host alone. */
export const sessionCookie = ({ secure }: Pick<Request, 'secure'>) =>
  secure ? '__Host-posthorn' : 'posthorn';

/** Null without one, and for a malformed one. A header `Authorization`, whatever it has, counts instead of a cookie. */
export function credentialOf(request: Pick<Request, 'headers' | 'secure'>): Credential | null {
  const { authorization, cookie = '' } = request.headers;
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return key === undefined ? null : { kind: 'key', key };
  }
  const name = `${sessionCookie(request)}=`;
  const pair = cookie.split('; ').find((each) => each.startsWith(name));
  return pair === undefined ? null : { kind: 'session', token: pair.slice(name.length) };
}
