import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  type ZlibOptions,
} from 'node:zlib';

/** A body that was cut off is decoded as far as possible. */
const CUT: ZlibOptions = { finishFlush: constants.Z_SYNC_FLUSH };

/**
 * The beginning of an answer's body as it was before it was encoded for its way (RFC 9110, 8.4), never more than
 * `most` bytes, whatever its decoded size. Null when it cannot be decoded.
 */
export async function decoded(
  body: Buffer,
  codings: readonly string[],
  most: number,
): Promise<Buffer | null> {
  const [coding, ...more] = codings.filter((each) => each !== 'identity');
  if (coding === undefined || body.length === 0) return body;
  const decoder = more.length > 0 ? null : decoderFor(coding, body);
  if (!decoder) return null;
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    decoder.end(body);
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= most) break;
    }
  } catch {
    // Up to where it is broken.
    if (length === 0) return null;
  }
  return Buffer.concat(chunks).subarray(0, most);
}

function decoderFor(coding: string, body: Buffer) {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(CUT);
    case 'deflate':
      // Some leave out the header that zlib puts before it.
      return ((body[0] ?? 0) & 0x0f) === 8 ? createInflate(CUT) : createInflateRaw(CUT);
    case 'br':
      return createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}
