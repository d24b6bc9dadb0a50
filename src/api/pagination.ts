import { z } from 'zod';
import type { PageRequest, Position } from '../store/page.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const EVENT_ID = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_CURSOR_LENGTH = 300;

/** The query parameters of every list: `limit` (1 to 100, 50 by default) and `cursor`. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: cursorOf(UUID),
};

/** The same, for lists whose ids are event ids. */
export const eventPageQuery = { ...pageQuery, cursor: cursorOf(EVENT_ID) };

function cursorOf(idPattern: RegExp) {
  return z
    .string()
    .transform((text, context): Position => {
      const position = decodeCursor(text, idPattern);
      if (position) return position;
      context.addIssue({ code: 'custom', message: 'is not a cursor that a list gave' });
      return z.NEVER;
    })
    .optional();
}

/** The page that a request asks for, by a list that gives its rows, and the cursor of the next; null at the end. */
export async function pageOf<T extends Position>(
  query: { readonly limit: number; readonly cursor?: Position | undefined },
  list: (page: PageRequest) => Promise<readonly T[]>,
): Promise<{ page: readonly T[]; nextCursor: string | null }> {
  const { limit, cursor = null } = query;
  // One more than asked for tells whether there is a next page.
  const rows = await list({ after: cursor, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: rows.length > limit && last ? encodeCursor(last) : null };
}

function encodeCursor({ createdAt, id }: Position): string {
  return Buffer.from(`${createdAt.getTime()}/${id}`).toString('base64url');
}

function decodeCursor(text: string, idPattern: RegExp): Position | null {
  if (text.length > MAX_CURSOR_LENGTH) return null;
  const [, time = '', id = ''] = /^(\d{1,14})\/(.+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  return time !== '' && idPattern.test(id) ? { createdAt: new Date(Number(time)), id } : null;
}
