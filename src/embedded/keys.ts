import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../lib/user-error.js';
import { createFile, ensureDataDir, readIfThere } from './files.js';

const Keys = z.object({
  adminKey: z.string().min(16),
  encryptionKey: z.string().refine((key) => Buffer.from(key, 'base64').length === 32, 'base64 of 32 bytes'),
  postgresPassword: z.string().min(16),
});

export type Keys = z.infer<typeof Keys>;

/**
 * The keys of this installation: made at the first start, kept in `keys.json` (mode 0600) in the data directory. Losing
 * the file means losing the embedded database's password and every signing secret encrypted with its key, so a damaged
 * one is reported, never replaced.
 */
export async function loadOrCreateKeys(dataDir: string): Promise<Keys> {
  const path = join(await ensureDataDir(dataDir), 'keys.json');
  const kept = await read(path);
  if (kept !== undefined) return kept;
  const fresh: Keys = {
    adminKey: `pha_${randomBytes(32).toString('base64url')}`,
    encryptionKey: randomBytes(32).toString('base64'),
    postgresPassword: randomBytes(24).toString('hex'),
  };
  if (await createFile(path, `${JSON.stringify(fresh, null, 2)}\n`)) return fresh;
  return (await read(path)) ?? fresh; // another process was first
}

/** The keys that a start has made before; undefined without one. Makes nothing. @throws UserError for a damaged file */
export function keptKeys(dataDir: string): Promise<Keys | undefined> {
  return read(join(dataDir, 'keys.json'));
}

async function read(path: string): Promise<Keys | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return Keys.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `${path} is damaged: restore it, or delete the whole data directory to start afresh.`,
    );
  }
}
