import { mkdir } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { messageOf } from '../lib/errors.js';
import { UserError } from '../lib/user-error.js';

/** Posthorn's directory for what is worth keeping per user, outside of any checkout: `~/.cache/posthorn` or its like. */
export async function userCache(): Promise<string> {
  const xdg = process.env['XDG_CACHE_HOME'] ?? '';
  const base = isAbsolute(xdg)
    ? xdg
    : join(homedir(), ...(platform() === 'darwin' ? ['Library', 'Caches'] : ['.cache']));
  const path = join(base, 'posthorn');
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw new UserError(
      `The cache directory ${path} cannot be created (${messageOf(error)}): set XDG_CACHE_HOME.`,
    );
  }
  return path;
}
