import { platform, userInfo } from 'node:os';
import { UserError } from '../../lib/user-error.js';
import { isRoot } from '../files.js';
import { run } from '../processes/run.js';
import type { Progress } from '../progress.js';

export interface PostgresUser {
  readonly uid: number;
  readonly gid: number;
}

const NAME = 'postgres';

/** The user that PostgreSQL runs as: ours (undefined), or the system's `postgres`, because PostgreSQL refuses root. */
export async function postgresUser(progress: Progress): Promise<PostgresUser | undefined> {
  if (!isRoot()) return undefined;
  const existing = await lookUp();
  if (existing !== undefined) return existing;
  if (platform() === 'linux') {
    progress(`Creating the system user "${NAME}", because PostgreSQL refuses to run as root`);
    await run('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', NAME]).catch(
      () => undefined,
    );
  }
  const created = await lookUp();
  if (created !== undefined) return created;
  throw new UserError(
    `PostgreSQL refuses to run as ${userInfo().username} and there is no user "${NAME}": run as an ordinary user, or set DATABASE_URL.`,
  );
}

/** Throws unless the user can enter the directory or file; `remedy` says what would help. */
export async function assertReachable(
  user: PostgresUser | undefined,
  path: string,
  remedy: string,
): Promise<void> {
  if (user === undefined) return;
  const { code } = await run('test', ['-x', path], { cwd: '/', user });
  if (code === 0) return;
  throw new UserError(
    `As root, PostgreSQL runs as the user "${NAME}", who may not enter ${path} (see \`namei -l ${path}\`): run as an ordinary user, ${remedy}, or set DATABASE_URL.`,
  );
}

async function lookUp(): Promise<PostgresUser | undefined> {
  const [uid, gid] = await Promise.all([id('-u'), id('-g')]);
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

async function id(option: string): Promise<number | undefined> {
  const { code, output } = await run('id', [option, NAME]);
  return code === 0 && /^\d+$/.test(output.trim()) ? Number(output) : undefined;
}
