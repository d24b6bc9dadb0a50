import createClient, { type FetchOptions, type FetchResponse } from 'openapi-fetch';
import type { paths } from './api-types.js';
import { problemOf } from './problem.js';

type Method = 'get' | 'post' | 'patch' | 'delete';
type MediaType = `${string}/${string}`;

/** The paths that have this method. */
export type PathsWith<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends Record<M, object> ? Path : never;
}[keyof paths];

/** What the document says of one method of a path. */
type Operation<Path extends keyof paths, M extends Method> = NonNullable<paths[Path][M]>;

/** The body of a success; undefined where it has none. */
export type AnswerOf<Path extends keyof paths, M extends Method> =
  NonNullable<FetchResponse<Operation<Path, M>, unknown, MediaType>['data']> extends infer Data
    ? [Data] extends [never]
      ? undefined
      : Data
    : never;

/** The body of a request; of a route without one: never. */
export type BodyOf<Path extends keyof paths, M extends Method> =
  Operation<Path, M> extends { requestBody?: { content: { 'application/json': infer Body } } } ? Body : never;

/** `params` (`path`, `query`, `header`), `body`, and what `fetch` takes beside them. */
export type CallOptions<Path extends keyof paths, M extends Method> = FetchOptions<Operation<Path, M>> & {
  /** Says that repeating this call does no harm, so that it is repeated like a GET. Without it: reads, and what has an `Idempotency-Key`. */
  readonly idempotent?: boolean;
};

/** The options, which may be left out where nothing is required. */
type Given<Options> = Partial<Options> extends Options ? [options?: Options] : [options: Options];

type Call<M extends Method> = <Path extends PathsWith<M>>(
  path: Path,
  ...options: Given<CallOptions<Path, M>>
) => Promise<{ readonly data: AnswerOf<Path, M>; readonly response: Response }>;

/**
 * Typed calls by method and path, as the API's document has them. `data` is the answer's body.
 * @throws PosthornProblem when the answer is not 2xx; PosthornUnreachable when none came; PathParameterError
 */
export interface Api {
  readonly GET: Call<'get'>;
  readonly POST: Call<'post'>;
  readonly PATCH: Call<'patch'>;
  readonly DELETE: Call<'delete'>;
}

/**
 * A path parameter that is no part of a path is refused before the call is made.
 * @param baseUrl of the API; empty: of the page
 * @param fetch makes each call
 */
export function createApi(
  baseUrl: string,
  headers: Readonly<Record<string, string>>,
  fetch: (request: Request) => Promise<Response>,
): Api {
  const client = createClient<paths>({ baseUrl, headers, fetch });
  client.use({
    onRequest({ params }) {
      for (const [name, value] of Object.entries(params.path ?? {})) assertSegment(name, String(value));
    },
    async onResponse({ request, response }) {
      if (!response.ok) throw await problemOf(`${request.method} ${request.url}`, response);
    },
  });
  // What is not 2xx has been thrown, so `data` is always there: that is all that the types add.
  return client as Api;
}

/**
 * A value that cannot stand in a path: URLs drop `.`, `..` and what is empty, escaped or not. The call would go to another
 * route, and `DELETE` to what contains the thing that was meant.
 */
export class PathParameterError extends TypeError {
  override name = 'PathParameterError';
}

/** @throws PathParameterError */
function assertSegment(name: string, value: string): void {
  if (!/^\.{0,2}$/.test(value)) return;
  throw new PathParameterError(`"${value}" cannot be the "${name}" of a path.`);
}
