import { z } from 'zod';
import { eventId, id } from './path-parameters.js';
import type { PageRequest, Position } from '../../domain/page.js';

const MAX_CURSOR_LENGTH = 300;

/** The query parameters of every list: `limit` (1 to 100, 50 by default) and `cursor`. */
export const pageQuery = {
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .meta({ override: { type: 'integer', minimum: 1, maximum: 100, default: 50, pattern: undefined } })
    .transform(Number)
    .default(50),
  cursor: cursorOf(id),
};

/** The same, for lists whose ids are event ids. */
export const eventPageQuery = { ...pageQuery, cursor: cursorOf(eventId) };

/** The same, for attempts, which have numbers. */
export const attemptPageQuery = { ...pageQuery, cursor: cursorOf(z.string().regex(/^[1-9]\d{0,8}$/)) };

function cursorOf(idForm: z.ZodType<string>) {
  return z
    .string()
    .transform((text, context): Position => {
      const position = decodeCursor(text, idForm);
      if (position) return position;
      context.addIssue({
        code: 'custom',
        message: 'is not a cursor of this API: use `next_cursor` of a list',
      });
      return z.NEVER;
    })
    .optional();
}

/** What `pageQuery` gives. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor?: Position | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Of the next page; null at the end. */
  readonly nextCursor: string | null;
}

/** The page that a request asks for, by a list that gives its rows. */
export async function pageOf<Row extends Position>(
  query: PageQuery,
  list: (page: PageRequest) => Promise<readonly Row[]>,
): Promise<Page<Row>> {
  const { limit, cursor = null } = query;
  // One more than asked for tells whether there is a next page.
  const found = await list({ after: cursor, limit: limit + 1 });
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > limit && last ? encodeCursor(last) : null };
}

function encodeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt.getTime()}/${id}`).toString('base64url');
}

function decodeCursor(text: string, idForm: z.ZodType<string>): Position | null {
  if (text.length > MAX_CURSOR_LENGTH) return null;
  const [, time = '', ofRow = ''] =
    /^(\d{1,14})\/(.+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  return time !== '' && idForm.safeParse(ofRow).success
    ? { createdAt: new Date(Number(time)), id: ofRow }
    : null;
}
