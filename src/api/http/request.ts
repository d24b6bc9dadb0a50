import type { Request } from 'express';
import type { z } from 'zod';
import { lookAtJson, MANY_MEMBERS, MAX_MEMBERS } from './json-text.js';
import { pointerTo } from './json-pointer.js';
import { MAX_FIELD_ERRORS, Problem, problems, type FieldError } from './problem.js';
import type { UnderWay } from '../access/rate-limits.js';

/** Largest body of a route that says nothing else, in bytes: an endpoint with all that it may have takes two thirds. */
export const MAX_BODY_BYTES = 131_072;
/** Largest body of submissions: a batch of 1.5 MiB, or one event of which every character is escaped. */
export const MAX_SUBMISSION_BYTES = 1_572_864;
/** Bytes that are read beyond the limit and discarded: a client that is still sending would not read the answer. */
const DISCARDED_BYTES = 25_165_824;

export interface ExpectedBody {
  /** Whether it may be left out: then it is `{}`. */
  readonly optional: boolean;
  readonly maxBytes: number;
}

/**
 * Reads and parses a JSON body.
 * @param underWay counts its bytes as they come
 * @throws Problem 400, 413, 415, 429, 503, or 422 for what JSON could not bring through unchanged
 */
export async function readBody(
  request: Request,
  { optional, maxBytes }: ExpectedBody,
  underWay: UnderWay | null,
): Promise<unknown> {
  const bytes = await bytesOf(request, maxBytes, underWay);
  if (bytes.length === 0 && optional) return {};
  if (!isJson(request)) throw problems.unsupportedMediaType();
  const text = decode(bytes);
  // Before it is parsed: that is what members cost.
  const look = lookAtJson(text);
  if (look.kind === 'too_many_members') {
    throw problems.validationFailed([{ pointer: '', detail: `has more than ${MAX_MEMBERS} members` }]);
  }
  const value =
    underWay && look.members >= MANY_MEMBERS
      ? await underWay.inTurn(text.length, () => parse(text))
      : parse(text);
  if (look.unfaithful.length > 0) throw problems.validationFailed(look.unfaithful);
  return value;
}

/** @throws Problem 422 with one error per field */
export function parseBody<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problems.validationFailed(
    fieldErrors(result.error, (path, detail) => ({ pointer: pointerTo(path), detail })),
  );
}

/** @throws Problem 400 with one error per parameter */
export function parseQuery<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw problems.invalidParameter(
    fieldErrors(result.error, (path, detail) => ({ parameter: String(path[0] ?? ''), detail })),
  );
}

function fieldErrors(
  error: z.ZodError,
  toError: (path: readonly PropertyKey[], detail: string) => FieldError,
): FieldError[] {
  // One more than are shown, so that `detail` can say that there are more.
  const most = MAX_FIELD_ERRORS + 1;
  return error.issues
    .slice(0, most)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.slice(0, most).map((key) => toError([...issue.path, key], 'is not a known field'))
        : [toError(issue.path, issue.message)],
    );
}

async function bytesOf(request: Request, maxBytes: number, underWay: UnderWay | null): Promise<Buffer> {
  const declared = request.headers['content-length'];
  // An announced length counts immediately, other bodies as they arrive.
  if (declared !== undefined) underWay?.add(Math.min(Number(declared), maxBytes));
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > DISCARDED_BYTES) break;
      if (length > maxBytes) continue;
      if (declared === undefined) underWay?.add(chunk.length);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw problems.invalidJson('The body ended early.');
  }
  if (length <= maxBytes) return Buffer.concat(chunks);
  throw problems.bodyTooLarge(`The body of this request may have at most ${maxBytes} bytes.`);
}

function isJson(request: Request): boolean {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((text) => text.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?utf-?8"?$/.test(charset);
  const encoding = request.headers['content-encoding'] ?? 'identity';
  return type.trim() === 'application/json' && isUtf8 && encoding === 'identity';
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw problems.invalidJson('The body is not valid UTF-8.');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw problems.invalidJson(error instanceof Error ? shortened(error.message) : 'The body is not JSON.');
  }
}

/** V8 quotes what it could not parse, in full for a short body. */
function shortened(message: string): string {
  return message.replace(/,? ?\.{0,3}"[\s\S]*?"\.{0,3} is not valid JSON/, ' in the body');
}
