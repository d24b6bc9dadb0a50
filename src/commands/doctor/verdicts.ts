import { fail, ok, warn, type Verdict } from '../../lib/verdict.js';
import { VERSION } from '../../lib/version.js';

/** What was found out, here and from the API. */
export interface Facts {
  /** Without the `v`. */
  readonly nodeVersion: string;
  readonly url: string;
  readonly urlFrom: string;
  readonly keyFrom: string;
  /** What `/healthz` did. `version` is null where nothing says it. */
  readonly api:
    | {
        readonly kind: 'answers';
        readonly ms: number;
        readonly version: string | null;
        readonly clockAheadMs: number;
      }
    | { readonly kind: 'not_posthorn'; readonly status: number }
    | { readonly kind: 'away'; readonly why: string };
  /** Whose key it is; null where that was not asked, because there is no API or no key. */
  readonly key: 'admin' | 'application' | 'none' | 'refused' | null;
  readonly dataDir: DataDir;
  /** What the installation says of itself; null where it cannot be asked. */
  readonly system: readonly Verdict[] | null;
}

export interface DataDir {
  readonly path: string;
  /** Null: there is none. */
  readonly keysMode: number | null;
  /** The process that has announced itself there, and whether it lives. */
  readonly announced: { readonly pid: number; readonly lives: boolean } | null;
  /** Null: not known. */
  readonly freeBytes: number | null;
}

const OLDEST_NODE = [20, 19] as const;
const CLOCK_TOLERANCE_MS = 10_000;
const LITTLE_SPACE = 1_000_000_000;
const OTHERS = 0o077;

/** What is well and what is not, in the order in which one looks. Pure. */
export function verdictsOn(facts: Facts): Verdict[] {
  return [
    nodeVerdict(facts),
    apiVerdict(facts),
    ...versionVerdicts(facts),
    ...keyVerdicts(facts),
    ...clockVerdicts(facts),
    ...dataDirVerdicts(facts),
    ...(facts.system ?? []),
  ];
}

function nodeVerdict({ nodeVersion }: Facts): Verdict {
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number);
  const recent = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return recent
    ? ok('node', `Node ${nodeVersion}.`)
    : fail('node', `Node ${nodeVersion} is too old.`, `Install Node ${OLDEST_NODE.join('.')} or later.`);
}

function apiVerdict({ api, url, urlFrom }: Facts): Verdict {
  switch (api.kind) {
    case 'answers':
      return ok('api', `${url} answers in ${Math.round(api.ms)} ms (the address is from ${urlFrom}).`);
    case 'not_posthorn':
      return fail(
        'api',
        `${url} answers ${api.status} to /healthz: that is no Posthorn.`,
        'Correct the address: --url or POSTHORN_URL.',
      );
    case 'away':
      return fail(
        'api',
        `${url} does not answer: ${api.why} (the address is from ${urlFrom}).`,
        'Start it with `npm start` or `posthorn all`, or correct the address: --url or POSTHORN_URL.',
      );
  }
}

function versionVerdicts({ api }: Facts): Verdict[] {
  if (api.kind !== 'answers' || api.version === null) return [];
  return api.version === VERSION
    ? [ok('command', `This command and the API are version ${VERSION}.`)]
    : [
        warn(
          'command',
          `This command is version ${VERSION}, the API is ${api.version}.`,
          'Use the command of the API’s version.',
        ),
      ];
}

function keyVerdicts({ key, keyFrom }: Facts): Verdict[] {
  switch (key) {
    case null:
      return [];
    case 'none':
      return [warn('key', 'No key was found.', 'posthorn login, or set POSTHORN_API_KEY.')];
    case 'refused':
      return [
        fail('key', `The key from ${keyFrom} is not known.`, 'posthorn login, or set POSTHORN_API_KEY.'),
      ];
    case 'admin':
      return [ok('key', `The admin key, from ${keyFrom}.`)];
    case 'application':
      return [
        warn(
          'key',
          `An application's key, from ${keyFrom}: it may not ask how the installation does.`,
          'Use the admin key to have PostgreSQL, Temporal and the workers checked.',
        ),
      ];
  }
}

function clockVerdicts({ api }: Facts): Verdict[] {
  if (api.kind !== 'answers') return [];
  const seconds = Math.round(api.clockAheadMs / 1_000);
  return Math.abs(api.clockAheadMs) > CLOCK_TOLERANCE_MS
    ? [
        warn(
          'clock_here',
          `This machine's clock is ahead of the API's by ${seconds} s.`,
          'Set the clocks by NTP.',
        ),
      ]
    : [ok('clock_here', 'This machine’s clock and the API’s agree.')];
}

function dataDirVerdicts({ dataDir }: Facts): Verdict[] {
  const { path, keysMode, announced, freeBytes } = dataDir;
  return [
    ...(keysMode === null
      ? []
      : [
          (keysMode & OTHERS) === 0
            ? ok('keys_file', `${path}/keys.json is for its owner alone.`)
            : fail('keys_file', `Others may read ${path}/keys.json.`, `chmod 600 ${path}/keys.json`),
        ]),
    ...(announced === null || announced.lives
      ? []
      : [
          warn(
            'leftovers',
            `The Posthorn on ${path} (process ${announced.pid}) was killed; its servers may still run.`,
            'npm start ends them, or goes on with them.',
          ),
        ]),
    ...(freeBytes === null
      ? []
      : [
          freeBytes < LITTLE_SPACE
            ? warn(
                'disk',
                `${gigabytes(freeBytes)} GB are free in ${path}.`,
                'Make room, or set POSTHORN_DATA_DIR.',
              )
            : ok('disk', `${gigabytes(freeBytes)} GB are free in ${path}.`),
        ]),
  ];
}

function gigabytes(bytes: number): string {
  return (bytes / 1_000_000_000).toFixed(1);
}
