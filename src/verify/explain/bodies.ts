import { bytesOf, textOf } from '../bytes.js';
import { headerOf } from '../headers.js';
import type { Scheme } from '../scheme.js';
import type { Body, Finding, HeadersLike } from '../types.js';
import { type Change, CHANGES, type Received } from './body-changes.js';
import { difference } from './difference.js';
import type { Variation } from './search.js';

const RAW = 'Verify the bytes as they came.';

/** The body as it came, then every other one that may have been signed, none of them twice. */
export function bodyVariations(
  scheme: Scheme,
  bytes: Uint8Array,
  sentBody: Body | undefined,
): readonly Variation<Uint8Array>[] {
  const received = receivedOf(bytes);
  const all: Variation<Uint8Array>[] = [{ value: bytes, finding: null }];
  const add = ({ name, mistake }: Omit<Change, 'apply'>, body: Body | null) => {
    if (body === null) return;
    const value = bytesOf(body);
    if (all.some((each) => difference(each.value, value).firstDifferingByte === null)) return;
    const { firstDifferingByte, text } = difference(bytes, value);
    const finding: Finding = {
      kind: 'body',
      validIf: name,
      firstDifferingByte,
      text: `${mistake} ${text} ${RAW}`,
    };
    all.push({ value, finding });
  };
  for (const change of CHANGES) add(change, change.apply(received, scheme));
  add({ name: 'sent_body', mistake: 'The body is not the one that was sent.' }, sentBody ?? null);
  return all;
}

/** What is odd about a body with which nothing fits. */
export function bodyHints(bytes: Uint8Array, headers: HeadersLike): readonly Finding[] {
  const { text, parsed } = receivedOf(bytes);
  const length = lengthOf(headers);
  const texts = [
    bytes.length === 0 && 'The body is empty: it was read before, or is not what came.',
    text?.startsWith('[object ') &&
      'A parsed body was turned into text. Verify the bytes before they are parsed.',
    text?.includes('\ufffd') &&
      'The body has replacement characters (U+FFFD): it was read in another encoding than UTF-8.',
    bytes.length > 0 && !parsed && 'The body is not JSON, so it is not whole, or not the one that was sent.',
    length !== null &&
      length !== bytes.length &&
      `The header "content-length" says ${length} bytes; the body has ${bytes.length}.`,
  ];
  return texts.flatMap((each) =>
    typeof each === 'string' ? [{ kind: 'body', validIf: null, firstDifferingByte: null, text: each }] : [],
  );
}

/** For a signed body that is no JSON. */
export function notJson(signed: Uint8Array): readonly Finding[] {
  if (receivedOf(signed).parsed) return [];
  const text = 'The signature fits, but the signed body is not JSON.';
  return [{ kind: 'body', validIf: null, firstDifferingByte: null, text }];
}

/** The `id` that the body has; null where it has none. */
export function idIn(bytes: Uint8Array): string | null {
  const json = receivedOf(bytes).parsed?.json;
  if (typeof json !== 'object' || json === null || !('id' in json)) return null;
  return typeof json.id === 'string' ? json.id : null;
}

function receivedOf(bytes: Uint8Array): Received {
  const text = textOf(bytes);
  try {
    // With a byte order mark it is JSON all the same, to find what was signed.
    const json: unknown = JSON.parse((text ?? '').replace(/^\ufeff/, ''));
    return { bytes, text, parsed: { json } };
  } catch {
    return { bytes, text, parsed: null };
  }
}

function lengthOf(headers: HeadersLike): number | null {
  try {
    const value = headerOf(headers, 'content-length');
    return value !== null && /^\d+$/.test(value) ? Number(value) : null;
  } catch {
    return null;
  }
}
