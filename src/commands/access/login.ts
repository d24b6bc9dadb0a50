import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { createPosthorn } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { CommandError } from '../shared/command-error.js';
import { connectionFor } from '../shared/connection.js';
import { readContexts, writeContexts } from '../shared/contexts.js';
import { millisecondsIn } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { outputFor } from '../shared/output.js';
import { appOfKey } from '../shared/session.js';

/** `posthorn login`: the key is kept only when the API takes it. */
export async function run(_args: readonly string[], flags: ClientFlags): Promise<void> {
  const name = flags.context ?? 'default';
  // The context need not be there yet, so it is not asked.
  const { context: _context, key: _key, ...others } = flags;
  const { url, app } = await connectionFor(others, withoutContext(process.env));
  const key = await keyFrom(flags);
  const { api } = createPosthorn({
    url,
    key,
    timeoutMs: millisecondsIn(flags.timeout, '--timeout'),
    retries: 0,
  });
  const own = await appOfKey(api);
  if (own === null) await api.GET('/v1/apps', { params: { query: { limit: 1 } } });
  const { contexts } = await readContexts(process.env);
  await writeContexts(process.env, {
    current: name,
    contexts: { ...contexts, [name]: { url, key, app: own ?? app } },
  });
  const whose = own === null ? 'the admin key' : `a key of the application ${own}`;
  outputFor(flags).hint(`Kept ${whose} for ${url} as the context ${name}, which is the current one now.`);
}

async function keyFrom({ key }: ClientFlags): Promise<string> {
  const given = key === undefined ? await ask() : (await connectionFor({ key }, {})).key;
  if (given) return given;
  throw new CommandError(EXIT.usage, 'No key was given.');
}

/** Asks on the terminal, and shows nothing of what is typed. */
async function ask(): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new CommandError(EXIT.usage, 'Nobody can be asked for a key here.', 'posthorn login --key -');
  }
  process.stderr.write('Key: ');
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    return (await lines.question('')).trim();
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

function withoutContext(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { POSTHORN_CONTEXT: _context, ...others } = environment;
  return others;
}
