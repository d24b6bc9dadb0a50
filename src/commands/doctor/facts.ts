import { stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { PosthornProblem, PosthornUnreachable, type Api } from '../../client/index.js';
import { announcedIn, runningOn } from '../../embedded/running.js';
import { messageOf } from '../../lib/errors.js';
import type { Verdict } from '../../lib/verdict.js';
import { DEFAULT_DATA_DIR } from '../shared/connection.js';
import { appOfKey, type Session } from '../shared/session.js';
import type { DataDir, Facts } from './verdicts.js';

/** Finds out what the verdicts are about. What cannot be found out is null; it throws for nothing of that. */
export async function findFacts(
  { api, connection }: Pick<Session, 'api' | 'connection'>,
  environment: NodeJS.ProcessEnv,
): Promise<Facts> {
  const answer = await apiFacts(api);
  const key = answer.kind === 'answers' ? await keyKind(api, connection.key) : null;
  return {
    nodeVersion: process.versions.node,
    url: connection.url,
    urlFrom: connection.urlFrom,
    keyFrom: connection.keyFrom,
    api: answer,
    key,
    dataDir: await dataDirFacts(environment.POSTHORN_DATA_DIR?.trim() || DEFAULT_DATA_DIR),
    system: key === 'admin' ? await systemVerdicts(api) : await readiness(api, answer),
  };
}

async function apiFacts(api: Api): Promise<Facts['api']> {
  const startedAt = performance.now();
  try {
    const { response } = await api.GET('/healthz');
    const ms = performance.now() - startedAt;
    const date = Date.parse(response.headers.get('date') ?? '');
    const { data } = await api.GET('/openapi.json');
    const { info } = data as { readonly info?: { readonly version?: unknown } };
    return {
      kind: 'answers',
      ms,
      version: typeof info?.version === 'string' ? info.version : null,
      clockAheadMs: Number.isNaN(date) ? 0 : Date.now() - date,
    };
  } catch (error) {
    if (error instanceof PosthornProblem) return { kind: 'not_posthorn', status: error.status };
    return { kind: 'away', why: error instanceof PosthornUnreachable ? reasonOf(error) : messageOf(error) };
  }
}

function reasonOf({ cause }: PosthornUnreachable): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return messageOf(inner) || 'it refuses connections';
}

async function keyKind(api: Api, key: string | null): Promise<Facts['key']> {
  if (key === null) return 'none';
  try {
    return (await appOfKey(api)) === null ? 'admin' : 'application';
  } catch (error) {
    if (error instanceof PosthornProblem && error.status === 401) return 'refused';
    // PostgreSQL is away, so nobody can tell whose key it is.
    if (error instanceof PosthornProblem) return null;
    throw error;
  }
}

async function systemVerdicts(api: Api): Promise<readonly Verdict[] | null> {
  try {
    return (await api.GET('/v1/system')).data.checks;
  } catch (error) {
    if (error instanceof PosthornProblem) return null;
    throw error;
  }
}

/** Without the admin key there is what everybody may know. */
async function readiness(api: Api, answer: Facts['api']): Promise<readonly Verdict[] | null> {
  if (answer.kind !== 'answers') return null;
  try {
    const { data } = await api.GET('/readyz');
    return verdictsOfReadiness(data.checks);
  } catch (error) {
    if (!(error instanceof PosthornProblem)) throw error;
    const checks = error.body && 'checks' in error.body ? error.body.checks : undefined;
    return verdictsOfReadiness(checks ?? {});
  }
}

function verdictsOfReadiness(checks: Readonly<Record<string, string>>): Verdict[] {
  return Object.entries(checks).map(([name, text]) =>
    text === 'ok'
      ? { name, verdict: 'ok', text: `${name} answers.`, remedy: null }
      : { name, verdict: 'fail', text: `${name}: ${text}.`, remedy: 'See docs/troubleshooting.md.' },
  );
}

async function dataDirFacts(path: string): Promise<DataDir> {
  const announced = await announcedIn(path);
  const keys = await stat(join(path, 'keys.json')).catch(() => null);
  const space = await statfs(path).catch(() => null);
  return {
    path,
    keysMode: keys && keys.mode & 0o777,
    announced: announced && { pid: announced.pid, lives: (await runningOn(path)) !== null },
    freeBytes: space && space.bavail * space.bsize,
  };
}
