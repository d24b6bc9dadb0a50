/** How a target's URL may be written. The parser forgives much: what it would quietly change or guess is refused. Pure. */

export const MAX_URL_LENGTH = 2048;

/** White space and invisible characters: control and format characters, half surrogates, and those without a glyph. */
const UNSEEN = /[\s\p{Z}\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u;
const SCHEME = /^(https?):(.*)$/is;
/** Two slashes and a host: the parser takes one, none and many for the same. */
const AUTHORITY = /^\/\/([^/?#]+)/;
/** A label of a host name, after the parser has converted it to ASCII. */
const LABEL = /^[a-z0-9_-]{1,63}$/;
const MAX_HOST_LENGTH = 253;

/** A target's URL, or why it cannot be one. */
export function targetUrl(text: string): { readonly url: URL } | { readonly problem: string } {
  if (UNSEEN.test(text)) return { problem: 'must not contain white space, control or invisible characters' };
  if (text.length > MAX_URL_LENGTH) return { problem: `must have at most ${MAX_URL_LENGTH} characters` };
  const [, , rest] = SCHEME.exec(text) ?? [];
  if (rest === undefined) return { problem: 'must be an https:// URL' };
  const [, authority] = AUTHORITY.exec(rest) ?? [];
  if (authority === undefined) return notValid('"https:" must be followed by two slashes and a host');
  if (text.includes('\\')) return notValid('it must not contain a backslash');
  if (authority.includes('@')) {
    return { problem: 'must not contain a user name or password: send credentials in headers' };
  }
  if (authority.includes('%')) return notValid('its host must not be percent-encoded');
  if (!URL.canParse(text)) return notValid('its host or port cannot be read');
  const url = new URL(text);
  if (url.port === '0') return notValid('there is no port 0');
  const problem = hostProblem(url.hostname);
  return problem === null ? { url } : notValid(problem);
}

const notValid = (why: string) => ({ problem: `is not a valid URL: ${why}` });

/** @param host as the parser writes it: in lower case and ASCII, an IPv6 address in brackets */
function hostProblem(host: string): string | null {
  if (host.startsWith('[')) return null;
  // One dot at the end names the root.
  const name = host.replace(/\.$/, '');
  const labels = name.split('.');
  if (labels.includes('')) return 'its host has an empty label';
  if (!labels.every((label) => LABEL.test(label))) {
    return 'a label of its host has more than 63 characters, or characters other than letters, digits, - and _';
  }
  return name.length > MAX_HOST_LENGTH ? `its host has more than ${MAX_HOST_LENGTH} characters` : null;
}
