import { fromBase64 } from '../bytes.js';
import type { Scheme } from '../scheme.js';
import type { BodyChange } from '../types.js';
import { asciiOnly, inOrder, slashesEscaped, sorted, spaced } from './json.js';
import { fromWindows1252, toWindows1252 } from './windows-1252.js';

/** A body, in every form that a change starts from. */
export interface Received {
  readonly bytes: Uint8Array;
  /** Null where it is not UTF-8. */
  readonly text: string | null;
  /** Null where it is not JSON. */
  readonly parsed: { readonly json: unknown } | null;
}

export interface Change {
  readonly name: BodyChange;
  /** What went wrong if the changed body was signed. */
  readonly mistake: string;
  /** The changed body; null where the change does not apply. */
  readonly apply: (received: Received, scheme: Scheme) => string | Uint8Array | null;
}

const REWRITTEN = 'The body was parsed and written again';

/** What turns the bodies that are usually received into those that were signed; the likelier stand first. */
export const CHANGES: readonly Change[] = [
  {
    name: 'no_trailing_newline',
    mistake: 'A line break was added at the end of the body.',
    apply: ofText((text) => text.replace(/\r?\n$/, '')),
  },
  {
    name: 'reserialised',
    mistake: `${REWRITTEN}, with other spaces or escapes.`,
    apply: ofJson((json) => JSON.stringify(json)),
  },
  {
    name: 'documented_key_order',
    mistake: `${REWRITTEN}, and its members came into another order.`,
    apply: ofJson((json, { members }) => JSON.stringify(inOrder(json, members))),
  },
  {
    name: 'bom_removed',
    mistake: 'A byte order mark was put before the body.',
    apply: ofText((text) => text.replace(/^\ufeff/, '')),
  },
  {
    name: 'trimmed',
    mistake: 'White space was put around the body.',
    apply: ofText((text) => text.trim()),
  },
  {
    name: 'crlf_to_lf',
    mistake: 'The line breaks of the body were turned from LF into CRLF.',
    apply: ofText((text) => text.replaceAll('\r\n', '\n')),
  },
  {
    name: 'latin1',
    mistake: 'The body is UTF-8 and was read as Latin-1.',
    apply: ofText(toWindows1252),
  },
  {
    name: 'utf8',
    mistake: 'The body was turned from UTF-8 into Latin-1.',
    apply: ({ bytes, text }) => (text === null ? fromWindows1252(bytes) : null),
  },
  {
    name: 'unwrapped',
    mistake: 'The body was made a JSON string: it was stringified twice.',
    apply: ofJson((json) => (typeof json === 'string' ? json : null)),
  },
  {
    name: 'base64_decoded',
    mistake: 'The body is in base64, as some gateways give it.',
    apply: ofText((text) => fromBase64(text.trim())),
  },
  {
    name: 'trailing_newline',
    mistake: 'The line break at the end of the body was lost.',
    apply: ofText((text) => `${text}\n`),
  },
  {
    name: 'lf_to_crlf',
    mistake: 'The line breaks of the body were turned from CRLF into LF.',
    apply: ofText((text) => text.replaceAll(/\r?\n/g, '\r\n')),
  },
  // Posthorn signs compact JSON. Other senders of Standard Webhooks sign what their language writes.
  {
    name: 'spaced',
    mistake: `${REWRITTEN}, without the spaces of the signed one.`,
    apply: ofJson(spaced),
  },
  {
    name: 'spaced',
    mistake: `${REWRITTEN}, without the spaces and the \\u escapes of the signed one.`,
    apply: ofJson((json) => asciiOnly(spaced(json))),
  },
  {
    name: 'escaped_slashes',
    mistake: `${REWRITTEN}, without the escaped slashes of the signed one.`,
    apply: ofJson((json) => slashesEscaped(JSON.stringify(json))),
  },
  {
    name: 'escaped_slashes',
    mistake: `${REWRITTEN}, without the escaped slashes and the \\u escapes of the signed one.`,
    apply: ofJson((json) => asciiOnly(slashesEscaped(JSON.stringify(json)))),
  },
  {
    name: 'escaped_unicode',
    mistake: `${REWRITTEN}, without the \\u escapes of the signed one.`,
    apply: ofJson((json) => asciiOnly(JSON.stringify(json))),
  },
  {
    name: 'sorted_keys',
    mistake: `${REWRITTEN}, and its members are no longer sorted.`,
    apply: ofJson((json) => JSON.stringify(sorted(json))),
  },
  {
    name: 'indented',
    mistake: `${REWRITTEN}, without the indentation of the signed one.`,
    apply: ofJson((json) => JSON.stringify(json, null, 2)),
  },
];

function ofText(change: (text: string) => string | Uint8Array | null): Change['apply'] {
  return ({ text }) => (text === null ? null : change(text));
}

function ofJson(change: (json: unknown, scheme: Scheme) => string | null): Change['apply'] {
  return ({ parsed }, scheme) => {
    try {
      return parsed && change(parsed.json, scheme);
    } catch {
      // Nested so deeply that it cannot be written.
      return null;
    }
  };
}
