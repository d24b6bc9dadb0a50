import { text } from 'node:stream/consumers';
import { keptKeys } from '../../embedded/keys.js';
import { runningOn } from '../../embedded/running.js';
import type { ClientFlags } from './client-flags.js';
import { contextNamed, readContexts } from './contexts.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

/** Where the API is, and with which key and for which application it is called. */
export interface Connection {
  readonly url: string;
  /** Null: none was found. */
  readonly key: string | null;
  readonly app: string | null;
  /** Where the URL and the key come from, for `doctor`: a few words. */
  readonly urlFrom: string;
  readonly keyFrom: string;
  /** The Temporal UI of an embedded server; null elsewhere. */
  readonly temporalUiUrl: string | null;
}

interface Source {
  readonly name: string;
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly app?: string | null | undefined;
  readonly temporalUiUrl?: string | null;
  /** Its key is for its own URL alone: it must not be sent anywhere else. */
  readonly keyIsForItsUrl?: boolean;
}

const DEFAULT_URL = 'http://127.0.0.1:3000';
export const DEFAULT_DATA_DIR = '.posthorn';

/**
 * Flags come first, then the environment, then the context, then what runs beside the command.
 * @throws CommandError for a context that there is not, and for a URL that is none
 */
export async function connectionFor(
  flags: Pick<ClientFlags, 'url' | 'key' | 'app' | 'context'>,
  environment: NodeJS.ProcessEnv,
): Promise<Connection> {
  const sources = [
    await ofFlags(flags),
    ofEnvironment(environment),
    await ofContext(flags.context ?? set(environment.POSTHORN_CONTEXT), environment),
    await beside(environment),
  ].filter((source) => source !== null);
  const urlSource = sources.find(({ url }) => url !== undefined);
  const url = withoutSlash(urlSource?.url ?? DEFAULT_URL);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new CommandError(EXIT.usage, `${url} is no URL: write it like ${DEFAULT_URL}.`);
  }
  const mayGive = (source: Source) => !source.keyIsForItsUrl || withoutSlash(source.url ?? '') === url;
  const keySource = sources.find((source) => source.key !== undefined && mayGive(source));
  // An application is known to one Posthorn, like a key.
  const appSource = sources.find((source) => typeof source.app === 'string' && mayGive(source));
  return {
    url,
    key: keySource?.key ?? null,
    app: appSource?.app ?? null,
    urlFrom: urlSource?.name ?? 'the default',
    keyFrom: keySource?.name ?? 'nowhere',
    temporalUiUrl: sources.find(({ temporalUiUrl }) => temporalUiUrl)?.temporalUiUrl ?? null,
  };
}

async function ofFlags({ url, key, app }: Pick<ClientFlags, 'url' | 'key' | 'app'>): Promise<Source> {
  if (key === '-') return { name: 'standard input', url, app, key: (await text(process.stdin)).trim() };
  if (key !== undefined) {
    process.stderr.write(
      'The key is in the list of processes, where others may see it: POSTHORN_API_KEY, `posthorn login` or --key - hide it.\n',
    );
  }
  return { name: 'a flag', url, key, app };
}

function ofEnvironment(environment: NodeJS.ProcessEnv): Source {
  return {
    name: 'the environment',
    url: set(environment.POSTHORN_URL),
    key: set(environment.POSTHORN_API_KEY) ?? set(environment.POSTHORN_ADMIN_KEY),
    app: set(environment.POSTHORN_APP),
  };
}

async function ofContext(named: string | undefined, environment: NodeJS.ProcessEnv): Promise<Source | null> {
  const contexts = await readContexts(environment);
  const name = named ?? contexts.current;
  if (name === null) return null;
  return { name: `the context ${name}`, keyIsForItsUrl: true, ...contextNamed(contexts, name) };
}

/** What `npm start` runs on the data directory, with the key that it keeps there. */
async function beside(environment: NodeJS.ProcessEnv): Promise<Source | null> {
  const dataDir = set(environment.POSTHORN_DATA_DIR) ?? DEFAULT_DATA_DIR;
  const running = await runningOn(dataDir);
  if (running === null) return null;
  const keys = await keptKeys(dataDir).catch(() => undefined);
  return {
    name: `${dataDir}, where Posthorn runs`,
    url: running.url,
    key: keys?.adminKey,
    temporalUiUrl: running.temporal_ui_url,
    keyIsForItsUrl: true,
  };
}

/** A variable that is empty is none. */
function set(value: string | undefined): string | undefined {
  return value?.trim() || undefined;
}

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
