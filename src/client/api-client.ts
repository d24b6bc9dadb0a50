import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { z } from 'zod';

type Method = 'GET' | 'POST' | 'PATCH';

/** The API is on this machine. Node's own agent would go through a proxy of the environment (NODE_USE_ENV_PROXY). */
const directly = new Agent();

/** The API refused. */
export class Refused extends Error {
  override name = 'Refused';

  constructor(
    call: string,
    readonly status: number,
    problem: unknown,
  ) {
    super(`${call}: ${JSON.stringify(problem)}`);
  }
}

/** How often a call is tried when POSTHORN_RATE_LIMIT refuses it. */
const TRIES = 10;
const TOO_MANY_REQUESTS = 429;

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

  /** @throws Refused with the API's own problem, and Error when the answer is not as `answer` has it */
  async call<T>(answer: z.ZodType<T>, method: Method, path: string, body?: unknown): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      const { status, seconds, json } = await this.send(method, path, body);
      if (status < 300) return answer.parse(json);
      if (status !== TOO_MANY_REQUESTS || tries === TRIES)
        throw new Refused(`${method} ${path}`, status, json);
      await sleep(seconds * 1_000, undefined, { signal: this.signal });
    }
  }

  private async send(method: Method, path: string, body: unknown) {
    const response = await request(`${this.url}${path}`, {
      dispatcher: directly,
      method,
      headers: {
        authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: this.signal ?? null,
    });
    const json: unknown = await response.body.json();
    return { status: response.statusCode, seconds: Number(response.headers['retry-after'] ?? 1), json };
  }
}
