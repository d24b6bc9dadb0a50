import type { Request } from 'express';
import type { z } from 'zod';
import { unfaithfulParts } from './json-text.js';
import { pointerTo } from './json-pointer.js';
import { MAX_FIELD_ERRORS, problems, type FieldError } from './problem.js';

/** Largest request body in bytes: a batch of 1.5 MiB, or one event of which every character is escaped. */
const MAX_REQUEST_BYTES = 1_572_864;
const DISCARDED_BYTES = 16 * MAX_REQUEST_BYTES;

/**
 * Reads and parses a JSON body; undefined when there is none and none is needed.
 * @throws Problem 400, 413, 415, or 422 for what JSON could not bring through unchanged
 */
export async function readBody(request: Request, optional: boolean): Promise<unknown> {
  const bytes = await bytesOf(request);
  if (bytes.length === 0 && optional) return {};
  if (!isJson(request)) throw problems.unsupportedMediaType();
  const text = decode(bytes);
  const value = parse(text);
  const unfaithful = unfaithfulParts(text);
  if (unfaithful.length > 0) throw problems.validationFailed(unfaithful);
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
  return error.issues
    .slice(0, MAX_FIELD_ERRORS)
    .flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys
            .slice(0, MAX_FIELD_ERRORS)
            .map((key) => toError([...issue.path, key], 'is not known here'))
        : [toError(issue.path, issue.message)],
    );
}

async function bytesOf(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // A body that is too large is read on for a while: a client that still sends would not read the answer.
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length <= MAX_REQUEST_BYTES) chunks.push(chunk);
      else if (length > DISCARDED_BYTES) break;
    }
  } catch {
    throw problems.invalidJson('The body broke off.');
  }
  if (length <= MAX_REQUEST_BYTES) return Buffer.concat(chunks);
  throw problems.bodyTooLarge(`A request body may have at most ${MAX_REQUEST_BYTES} bytes.`);
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
