import { createPosthorn, PosthornProblem, type Api, type Fetch, type Posthorn } from '../../client/index.js';
import type { ClientFlags } from './client-flags.js';
import { CommandError } from './command-error.js';
import { connectionFor, type Connection } from './connection.js';
import { millisecondsIn } from './durations.js';
import { EXIT } from './exit-codes.js';
import { endAtInterrupt } from './interrupt.js';
import { outputFor, type Output } from './output.js';

/** What a command works with. */
export interface Session {
  readonly connection: Connection;
  readonly posthorn: Posthorn;
  readonly api: Api;
  readonly out: Output;
  /**
   * The application's id: as it was given, else the key's own, else the only one.
   * @throws CommandError when it cannot be told which is meant
   */
  readonly app: () => Promise<string>;
}

/** Calls that were refused for now are made twice more, so that nobody waits long for an answer. */
const RETRIES = 2;

/** @throws CommandError of usage */
export async function openSession(flags: ClientFlags, environment = process.env): Promise<Session> {
  endAtInterrupt();
  const connection = await connectionFor(flags, environment);
  const posthorn = createPosthorn({
    url: connection.url,
    key: connection.key,
    timeoutMs: millisecondsIn(flags.timeout, '--timeout'),
    retries: RETRIES,
    ...(isOnThisMachine(connection.url) ? { fetch: await fetchWithoutProxy() } : {}),
  });
  const { api } = posthorn;
  return {
    connection,
    posthorn,
    api,
    out: outputFor(flags),
    app: async () => connection.app ?? (await impliedApp(api)),
  };
}

/** Whether the URL leads to this machine. */
export function isOnThisMachine(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
}

/** An environment's proxy cannot know this machine's addresses. */
async function fetchWithoutProxy(): Promise<Fetch> {
  return (await import('../../lib/direct-fetch.js')).directFetch;
}

/** An application's key implies its application, and one application implies itself. */
async function impliedApp(api: Api): Promise<string> {
  const own = await appOfKey(api);
  if (own !== null) return own;
  const { data } = await api.GET('/v1/apps', { params: { query: { limit: 2 } } });
  const [first, second] = data.apps;
  if (first && !second) return first.id;
  throw first
    ? new CommandError(
        EXIT.usage,
        'There are several applications: say which one with --app or POSTHORN_APP.',
        'posthorn apps list',
      )
    : new CommandError(EXIT.notThere, 'There is no application yet.', 'posthorn apps create Shop');
}

/** The application that the key belongs to; null for the admin key. */
export async function appOfKey(api: Api): Promise<string | null> {
  try {
    return (await api.GET('/v1/app')).data.app.id;
  } catch (error) {
    // The admin key belongs to none. A Posthorn that does not have the route yet answers 404.
    if (error instanceof PosthornProblem && (error.status === 403 || error.status === 404)) return null;
    throw error;
  }
}
