import { delimiter, resolve } from 'node:path';
import { UserError } from '../../lib/user-error.js';
import { isExecutableFile } from '../files.js';
import { keptForUser } from '../kept.js';
import { run } from '../processes/run.js';
import type { Progress } from '../progress.js';
import { buildTemporal } from './build.js';
import { downloadTemporal } from './download.js';

/** The newest whose source `go install` accepts (later ones have a replace directive). Server 1.29.1, UI 2.42.1. */
const CLI_VERSION = '1.5.1';

/** What Posthorn is tested with; an older one on PATH is passed over. */
const OLDEST_SERVER = [1, 29] as const;

export interface TemporalBinaryOptions {
  /** POSTHORN_TEMPORAL_SERVER */
  readonly serverPath?: string | undefined;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * The path of a `temporal` command, the first that there is of: the one given, one on PATH, one kept in the user's cache
 * from an earlier run, downloaded by the Temporal SDK, built with Go.
 */
export async function temporalBinary(options: TemporalBinaryOptions): Promise<string> {
  if (options.serverPath !== undefined) return given(resolve(options.serverPath));
  return (await onPath(options.progress)) ?? (await kept(options));
}

async function given(path: string): Promise<string> {
  if (!(await isExecutableFile(path)) || (await serverVersion(path)) === undefined) {
    throw new UserError(
      `POSTHORN_TEMPORAL_SERVER is ${path}, which is not a \`temporal\` command that runs here.`,
    );
  }
  return path;
}

async function onPath(progress: Progress): Promise<string | undefined> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = resolve(directory, 'temporal');
    if (directory === '' || !(await isExecutableFile(path))) continue;
    const version = await serverVersion(path);
    if (version !== undefined && atLeast(version)) return path;
    const found =
      version === undefined ? 'does not tell a server version' : `has server ${version.join('.')}`;
    progress(`Not using ${path}: it ${found}, and ${OLDEST_SERVER.join('.')} or later is needed`);
    return undefined;
  }
  return undefined;
}

function kept({ progress, signal }: TemporalBinaryOptions): Promise<string> {
  return keptForUser({
    folder: `temporal-cli-${CLI_VERSION}`,
    file: 'temporal',
    what: 'the Temporal server',
    progress,
    signal,
    make: (target, workDir) => acquire(target, workDir, progress, signal),
  });
}

async function acquire(
  target: string,
  workDir: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  progress('Downloading the Temporal server, because there is no `temporal` on PATH (once for this user)');
  const notDownloaded = await downloadTemporal(`v${CLI_VERSION}`, target, workDir, signal);
  if (notDownloaded === undefined) return;
  progress(`The download failed (${notDownloaded})`);
  const notBuilt = await buildTemporal(`v${CLI_VERSION}`, target, workDir, progress, signal);
  if (notBuilt === undefined) return;
  throw new UserError(
    `There is no Temporal server: \`temporal\` is not on PATH, it could not be downloaded (${notDownloaded}) nor built (${notBuilt}). ` +
      'Get one with `brew install temporal` or from https://docs.temporal.io/cli, or install Go (https://go.dev/dl) and start again, or set POSTHORN_TEMPORAL_SERVER or TEMPORAL_ADDRESS.',
  );
}

/** The version of the server inside a `temporal` command; undefined if it is none or does not run. */
async function serverVersion(path: string): Promise<[number, number] | undefined> {
  const result = await run(path, ['--version'], { signal: AbortSignal.timeout(20_000) }).catch(
    () => undefined,
  );
  const [, major, minor] = /\(Server (\d+)\.(\d+)/.exec(result?.output ?? '') ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

function atLeast([major, minor]: [number, number]): boolean {
  return major > OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor >= OLDEST_SERVER[1]);
}
