import type { ApiClient } from './api-client.js';

/** Every page of a list, one after the other, until `next_cursor` is null. */
export async function allPages<T>(
  api: ApiClient,
  path: string,
  member: string,
  query: Readonly<Record<string, string>> = {},
): Promise<T[][]> {
  const pages: T[][] = [];
  let cursor: string | null = null;
  do {
    const parameters = new URLSearchParams({ ...query, ...(cursor === null ? {} : { cursor }) });
    const answer: Record<string, unknown> = await api.expect(200, 'GET', `${path}?${parameters.toString()}`);
    pages.push(answer[member] as T[]);
    cursor = answer.next_cursor as string | null;
  } while (cursor !== null);
  return pages;
}
