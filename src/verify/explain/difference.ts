import { asciiOnly } from './json.js';

/** Bytes that are shown on either side of a difference. */
const AROUND = 12;

export interface Difference {
  /** From 0; null where there is none. */
  readonly firstDifferingByte: number | null;
  readonly text: string;
}

/** Where the received body first differs from the signed one, with what stands around it. */
export function difference(received: Uint8Array, signed: Uint8Array): Difference {
  const shorter = Math.min(received.length, signed.length);
  let at = 0;
  while (at < shorter && received[at] === signed[at]) at += 1;
  if (at === received.length && at === signed.length) return { firstDifferingByte: null, text: '' };
  return {
    firstDifferingByte: at,
    text: `They differ from byte ${at} on: received ${shown(received, at)}, signed ${shown(signed, at)}.`,
  };
}

function shown(bytes: Uint8Array, at: number): string {
  const part = bytes.subarray(Math.max(0, at - AROUND), at + AROUND);
  const end = at >= bytes.length ? ' and then the end' : '';
  // Only ASCII: other characters may be the very difference, and could do harm in a terminal.
  const text = asciiOnly(JSON.stringify(new TextDecoder().decode(part))).replaceAll('\x7f', '\\u007f');
  return `${text}${end}`;
}
