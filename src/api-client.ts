import { request } from 'undici';
import type { z } from 'zod';

type Method = 'GET' | 'POST' | 'PATCH';

/** Posthorn's API as its users call it: what `npm start` and `npm run demo` set up goes through here. */
export class ApiClient {
  /**
   * @param url of the API
   * @param key the admin key, or an application's
   * @param signal ends calls in flight
   */
  constructor(
    private readonly url: string,
    private readonly key: string,
    private readonly signal?: AbortSignal,
  ) {}

  /** The same API with another key. */
  with(key: string): ApiClient {
    return new ApiClient(this.url, key, this.signal);
  }

  /** @throws Error with the API's own problem when it refuses, and when the answer is not as `answer` has it */
  async call<T>(answer: z.ZodType<T>, method: Method, path: string, body?: unknown): Promise<T> {
    const response = await request(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: this.signal ?? null,
    });
    const json: unknown = await response.body.json();
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
    return answer.parse(json);
  }
}
