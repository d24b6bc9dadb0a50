import type { Body } from './types.js';

/**
 * The bytes of a body.
 * @throws TypeError for anything but text and bytes: the caller's code is wrong, not the request
 */
export function bytesOf(body: Body): Uint8Array {
  if (typeof body === 'string') return utf8(body);
  // By what they are, not by `instanceof`: tests and edge runtimes have several realms.
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  if (Object.prototype.toString.call(body) === '[object ArrayBuffer]') return new Uint8Array(body);
  throw new TypeError(
    'The body must be the bytes of the request as they came, or their text: not a parsed body. ' +
      'Read it raw, for example with express.raw(), and before anything else reads it.',
  );
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of bytes in UTF-8, a byte order mark included; null where they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

export function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/**
 * The bytes that base64 with its padding stands for. Null for any other text, also for one that differs from the usual
 * spelling in bits that nobody reads: a signature has one spelling.
 */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const binary = atob(text);
  return btoa(binary) === text ? fromBinary(binary) : null;
}

/** The bytes that lower-case hex stands for; null for any other text. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^(?:[0-9a-f]{2})+$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** One byte a character, which must all be below U+0100. */
export function fromBinary(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
