import { chmod, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../lib/errors.js';
import { CommandError } from './command-error.js';
import { EXIT } from './exit-codes.js';

const Context = z.object({ url: z.url(), key: z.string(), app: z.string().nullable() });
const Contexts = z.object({ current: z.string().nullable(), contexts: z.record(z.string(), Context) });

/** Where a Posthorn is, and the key for it, under a name. */
export type Context = z.infer<typeof Context>;
export type Contexts = z.infer<typeof Contexts>;

const OTHERS = 0o077;

/** `$XDG_CONFIG_HOME/posthorn/contexts.json`. */
export function contextsPath(environment: NodeJS.ProcessEnv): string {
  const home = environment.XDG_CONFIG_HOME?.trim() || join(environment.HOME ?? homedir(), '.config');
  return join(home, 'posthorn', 'contexts.json');
}

/**
 * What `posthorn login` has kept.
 * @throws CommandError when others may read the keys, or the file is damaged
 */
export async function readContexts(environment: NodeJS.ProcessEnv): Promise<Contexts> {
  const path = contextsPath(environment);
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0) {
      throw new CommandError(
        EXIT.usage,
        `${path} has keys in it, and others may read it.`,
        `chmod 600 ${path}`,
      );
    }
    return Contexts.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { current: null, contexts: {} };
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      EXIT.usage,
      `${path} is damaged: mend it, or delete it and log in again.`,
      'posthorn login',
    );
  }
}

/** Keeps them, for the user's eyes alone. */
export async function writeContexts(environment: NodeJS.ProcessEnv, contexts: Contexts): Promise<void> {
  const path = contextsPath(environment);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, `${JSON.stringify(contexts, null, 2)}\n`, { mode: 0o600 });
  // A file that was there keeps its mode.
  await chmod(`${path}.new`, 0o600);
  await rename(`${path}.new`, path);
}

/**
 * The context of a name.
 * @throws CommandError when there is none
 */
export function contextNamed({ contexts }: Contexts, name: string): Context {
  const context = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
  if (context) return context;
  const known = Object.keys(contexts);
  throw new CommandError(
    EXIT.usage,
    `There is no context ${name}${known.length > 0 ? `; there are: ${known.join(', ')}` : ''}.`,
    `posthorn login --context ${name}`,
  );
}
