import type { Api } from '../../client/index.js';

type LooseCall<T> = (path: string, options: object) => Promise<{ readonly data: T }>;

/**
 * A call of a route that the client's types do not have yet. `answers.ts` has the types of what they answer. Both go
 * when the routes are in the document.
 * @throws as the client
 */
export async function call<T>(
  api: Api,
  method: 'GET' | 'POST',
  path: string,
  { query, body }: { query?: Readonly<Record<string, unknown>>; body?: unknown } = {},
): Promise<T> {
  const loose = api[method] as unknown as LooseCall<T>;
  const options = {
    ...(query === undefined ? {} : { params: { query } }),
    ...(body === undefined ? {} : { body }),
  };
  return (await loose(path, options)).data;
}
