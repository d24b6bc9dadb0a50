import { Agent, fetch } from 'undici';

const directly = new Agent();

/** `fetch` for what runs on this machine. Node's own would go through a proxy of the environment (NODE_USE_ENV_PROXY). */
export function directFetch(
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly signal: AbortSignal;
  },
) {
  return fetch(url, { ...init, dispatcher: directly });
}
