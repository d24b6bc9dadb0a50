/**
 * What "Latin-1" means to browsers and Windows. It stands here because not every runtime's `TextDecoder` has it.
 * @see https://encoding.spec.whatwg.org/#windows-1252
 */
const FROM_0X80 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

const FIRST = 0x80;
const AFTER = FIRST + FROM_0X80.length;

/** The bytes of a text; null where a character is not in it. A character may also be the byte of its own number. */
export function toWindows1252(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const place = FROM_0X80.indexOf(text.charAt(index));
    if (place >= 0) bytes[index] = FIRST + place;
    else if (code <= 0xff) bytes[index] = code;
    else return null;
  }
  return bytes;
}

export function fromWindows1252(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    byte >= FIRST && byte < AFTER ? FROM_0X80.charAt(byte - FIRST) : String.fromCharCode(byte),
  ).join('');
}
