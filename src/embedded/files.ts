import { randomBytes } from 'node:crypto';
import { access, chmod, constants, link, mkdir, open, readFile, realpath, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorCode, messageOf } from '../lib/errors.js';
import { UserError } from '../lib/user-error.js';

/**
 * The data directory, made if missing, as an absolute path without symbolic links. Only the owner may enter it, except
 * for root's: PostgreSQL runs as another user then and has to pass through (0711, so still nobody can list it). A
 * directory that was there keeps its mode.
 */
export async function ensureDataDir(dataDir: string): Promise<string> {
  const path = resolve(dataDir);
  try {
    if ((await mkdir(path, { recursive: true })) !== undefined) await chmod(path, isRoot() ? 0o711 : 0o700);
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (error) {
    throw new UserError(
      `The data directory ${path} cannot be used (${messageOf(error)}); set POSTHORN_DATA_DIR.`,
    );
  }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Makes a file with all its content, or returns false if one of that name is there already. Mode 0600. */
export async function createFile(path: string, content: string): Promise<boolean> {
  const draft = await writeDraft(path, content);
  try {
    await link(draft, path); // like O_EXCL, but nobody ever sees the file empty
    await syncDirectory(dirname(path));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function writeDraft(path: string, content: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  return draft;
}

/** A rename survives a power cut only once its directory is synced. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export async function isExecutableFile(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** A file's text; undefined when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
