import type { Request } from 'express';

/** What says who calls: a key, or the token of somebody who is signed in to the dashboard. */
export type Credential =
  { readonly kind: 'key'; readonly key: string } | { readonly kind: 'session'; readonly token: string };

/**
 * The name of the cookie with a session's token. Ports share their cookies, so that its name has the port: several
 * Posthorns on one host keep theirs apart. A browser takes a name with `__Host-` by TLS alone, and from this host alone.
 */
export function sessionCookie({ host }: Pick<Request, 'host'>, isSecure: boolean): string {
  const port = /:(\d+)$/.exec(host)?.[1];
  return `${isSecure ? '__Host-' : ''}posthorn${port === undefined ? '' : `-${port}`}`;
}

/**
 * Null without one, and for a malformed one. A header `Authorization`, whatever it has, counts instead of a cookie. Of
 * two cookies with the name, one was set by somebody else: neither counts.
 */
export function credentialOf(request: Pick<Request, 'headers' | 'host'>): Credential | null {
  const { authorization, cookie } = request.headers;
  if (authorization !== undefined) {
    const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
    return key === undefined ? null : { kind: 'key', key };
  }
  if (cookie === undefined) return null;
  const pairs = cookie.split('; ');
  for (const isSecure of [true, false]) {
    const name = `${sessionCookie(request, isSecure)}=`;
    const [pair, ...others] = pairs.filter((each) => each.startsWith(name));
    if (pair === undefined) continue;
    return others.length > 0 ? null : { kind: 'session', token: pair.slice(name.length) };
  }
  return null;
}
