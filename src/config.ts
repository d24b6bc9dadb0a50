import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { UserError } from './lib/user-error.js';

const cidrs = z
  .string()
  .transform((list) => list.split(',').map((cidr) => cidr.trim()))
  .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'must be CIDRs like 10.0.0.0/8, comma-separated')));

/** Decimal digits only: not `0x10`, not `1e3`. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,15}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** Strict: a list of keys without its commas must not pass as its first key. */
const encryptionKey = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9+/_-]{43}=?$/, 'must be base64 of 32 bytes')
  .transform((key) => Buffer.from(key, 'base64'));

/** What docs/configuration.md says of a variable, beside its default and its range. */
export interface VariableText {
  /** The heading that it stands under. */
  readonly section: string;
  readonly text: string;
  /** What may be given, where the schema does not tell. */
  readonly form?: string;
  /** What happens without it, where there is no default. */
  readonly unset?: string;
}

/** The text of every variable: `npm run docs` makes docs/configuration.md of it. */
export const texts = z.registry<VariableText>();

const GENERATED_KEY =
  'a key is generated once and kept in `POSTHORN_DATA_DIR`. With `NODE_ENV=production`, Posthorn does not start.';

/**
 * Every setting: one environment variable each, validated when the process starts.
 * `npm start` fills in what is unset for its embedded servers. The other commands do not guess which servers to use.
 */
export const variables = z.object({
  PORT: wholeNumber(0, 65_535)
    .default(3000)
    .register(texts, { section: 'API', text: 'Port of the API. 0 picks any free port.' }),
  HOST: z
    .string()
    .trim()
    .min(1)
    .default('127.0.0.1')
    .register(texts, {
      section: 'API',
      text:
        'Address that the API listens on. With an embedded server, `npm start` accepts only a loopback address, ' +
        'unless both `POSTHORN_ADMIN_KEY` and `POSTHORN_ENCRYPTION_KEY` are set.',
    }),
  POSTHORN_RATE_LIMIT: wholeNumber(0, 1_000_000).default(1_000).register(texts, {
    section: 'API',
    text: 'Requests per second that each API process serves for one key. More are answered 429. 0: no limit.',
  }),
  POSTHORN_TRUSTED_PROXIES: cidrs
    .refine(
      (list) => list.every((cidr) => !cidr.endsWith('/0')),
      'must not hold /0: it would trust every caller',
    )
    .default([])
    .register(texts, {
      section: 'API',
      text:
        'Address ranges of the proxies in front of the API. Posthorn takes the caller’s address from the ' +
        '`X-Forwarded-For` header of these proxies, and from nobody else. Their `X-Forwarded-Proto` and ' +
        '`X-Forwarded-Host` say how the dashboard is reached, so they must set all three themselves.',
      form: 'CIDRs, comma-separated; not `/0`',
    }),
  POSTHORN_MAX_EVENT_BYTES: wholeNumber(1_024, 1_048_576)
    .default(262_144)
    .register(texts, { section: 'API', text: 'Largest event body, in bytes as it is sent to endpoints.' }),

  DATABASE_URL: z
    .string()
    .refine(
      (url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url),
      'must be a postgres:// URL, its password percent-encoded',
    )
    .optional()
    .register(texts, {
      section: 'PostgreSQL',
      text: 'Connection string of PostgreSQL.',
      form: '`postgres://…`, the password percent-encoded',
      unset: '`npm start` and `npm run demo` run an embedded PostgreSQL. The other commands do not start.',
    }),
  POSTHORN_DATABASE_CONNECTIONS: wholeNumber(3, 500)
    .default(20)
    .register(texts, {
      section: 'PostgreSQL',
      text:
        'Connections to PostgreSQL that each process opens. A fifth of them, at most 4, is reserved for lists. ' +
        'To check whether PostgreSQL answers, a process with the API opens two more, one without opens one more.',
    }),

  TEMPORAL_ADDRESS: z
    .string()
    .refine(isHostAndPort, 'must be host:port')
    .optional()
    .register(texts, {
      section: 'Temporal',
      text: 'Address of the Temporal frontend.',
      form: '`host:port`',
      unset:
        '`npm start` and `npm run demo` run an embedded Temporal server. The other commands use the address of ' +
        'the Temporal profile, else `localhost:7233`.',
    }),
  POSTHORN_TASK_QUEUE: z
    .string()
    .max(200)
    .regex(
      /^(?!__temporal_)[\x21-\x7e]+$/,
      'must be printable ASCII without spaces, and not begin with __temporal_',
    )
    .default('posthorn')
    .register(texts, {
      section: 'Temporal',
      text:
        'Task queue of the workflows. Attempts that can wait (retries, and first attempts to slow endpoints) use ' +
        '`<queue>-deliveries`.',
      form: 'printable ASCII without spaces, at most 200 characters, not beginning with `__temporal_`',
    }),
  POSTHORN_TEMPORAL_SERVER: z.string().min(1).optional().register(texts, {
    section: 'Temporal',
    text: 'Path of a `temporal` command to run as the embedded server.',
    unset: 'Posthorn looks for one: see [operations.md](operations.md#the-embedded-servers).',
  }),
  POSTHORN_TEMPORAL_UI_PORT: wholeNumber(1, 65_535)
    .default(8233)
    .register(texts, { section: 'Temporal', text: 'Port of the embedded Temporal server’s UI.' }),
  POSTHORN_TEMPORAL_UI_URL: z
    .string()
    .refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'must be an http:// or https:// URL')
    .optional()
    .register(texts, {
      section: 'Temporal',
      text: 'Where the Temporal UI is: the API links to workflows there (`workflow_url`).',
      form: 'an `http://` or `https://` URL',
      unset: 'the UI of the embedded Temporal server; without one, there are no links.',
    }),

  POSTHORN_DATA_DIR: z
    .string()
    .min(1)
    .default('.posthorn')
    .register(texts, {
      section: 'Data and keys',
      text:
        'Directory of the embedded servers’ data and logs, and of the keys that Posthorn generates. The file of ' +
        'keys has mode 0600.',
    }),
  POSTHORN_ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 printable ASCII characters and no spaces')
    .optional()
    .register(texts, {
      section: 'Data and keys',
      text: 'Bearer key of the administrator. It works on every route of the API.',
      form: 'at least 16 printable ASCII characters, no spaces',
      unset: GENERATED_KEY,
    }),
  POSTHORN_ENCRYPTION_KEY: encryptionKey.optional().register(texts, {
    section: 'Data and keys',
    text: 'Encrypts signing secrets and custom headers in PostgreSQL. Every process needs the same key.',
    form: 'base64 of 32 bytes, as from `openssl rand -base64 32`',
    unset: GENERATED_KEY,
  }),
  POSTHORN_FORMER_ENCRYPTION_KEYS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(encryptionKey))
    .default([])
    .register(texts, {
      section: 'Data and keys',
      text:
        'Previous encryption keys, or the next one. Used to decrypt only. ' +
        'See [operations.md](operations.md#encryption-keys).',
      form: 'keys like `POSTHORN_ENCRYPTION_KEY`, comma-separated',
    }),
  NODE_ENV: z.string().optional().register(texts, {
    section: 'Data and keys',
    text: '`production`: Posthorn generates no keys, and does not start unless both are set.',
  }),

  POSTHORN_ALLOWED_TARGETS: cidrs.optional().register(texts, {
    section: 'Deliveries',
    text:
      'Address ranges that deliveries may reach although they are not public. `http://` URLs are accepted only for ' +
      'literal addresses and localhost names in these ranges. See [security.md](security.md#where-deliveries-may-go).',
    form: 'CIDRs, comma-separated',
    unset:
      'no other than public addresses; `npm start` and `npm run demo` allow loopback (`127.0.0.0/8,::1/128`).',
  }),
  POSTHORN_DNS_SERVERS: z
    .string()
    .transform((list) => list.split(',').map((server) => server.trim()))
    .pipe(z.array(z.string().refine(isDnsServer, 'must be like 9.9.9.9,10.0.0.2:5353,[2620:fe::fe]')))
    .optional()
    .register(texts, {
      section: 'Deliveries',
      text: 'DNS servers that resolve the host names of endpoints.',
      form: '`address` or `address:port`, comma-separated, IPv6 in brackets: `9.9.9.9,10.0.0.2:5353,[2620:fe::fe]`',
      unset: 'the resolver of the operating system, which may also know internal names.',
    }),
  POSTHORN_CONCURRENT_ATTEMPTS: wholeNumber(1, 10_000)
    .default(1_000)
    .register(texts, {
      section: 'Deliveries',
      text:
        'Queued attempts that one worker process makes at the same time. The process keeps 100 workflows in memory, ' +
        'and one more for every four of these attempts.',
    }),

  POSTHORN_RETENTION_DAYS: wholeNumber(1, 400)
    .default(30)
    .register(texts, {
      section: 'Retention and logging',
      text:
        'Days that events, deliveries and attempts are kept. See [operations.md](operations.md#retention). ' +
        'The maximum is 400 because some queries look through every day.',
    }),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info').register(texts, {
    section: 'Retention and logging',
    text: 'Least severe level that is logged. Log lines are JSON, and readable text on a terminal.',
  }),
});

/** The name of every variable. */
export const VARIABLES: readonly string[] = Object.keys(variables.shape);

export type Config = ReturnType<typeof loadConfig>;

/**
 * Reads the environment. An empty or blank variable counts as unset.
 * @throws UserError that names every variable with a bad value
 */
export function loadConfig(environment: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
  const result = variables.safeParse(given);
  if (!result.success) {
    // One problem a variable: the first wrong item of a list.
    const problems = new Map<string, string>();
    for (const { path, message } of result.error.issues.toReversed()) problems.set(String(path[0]), message);
    const said = VARIABLES.filter((name) => problems.has(name)).map(
      (name) => `${name}: ${problems.get(name)}`,
    );
    throw new UserError(`The configuration is not valid. ${said.join('; ')}`);
  }
  const values = result.data;
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    databaseConnections: values.POSTHORN_DATABASE_CONNECTIONS,
    temporalAddress: values.TEMPORAL_ADDRESS,
    taskQueue: values.POSTHORN_TASK_QUEUE,
    temporalServerPath: values.POSTHORN_TEMPORAL_SERVER,
    temporalUiPort: values.POSTHORN_TEMPORAL_UI_PORT,
    /** Undefined when unset: embedded mode then has its own. */
    temporalUiUrl: values.POSTHORN_TEMPORAL_UI_URL,
    dataDir: values.POSTHORN_DATA_DIR,
    adminKey: values.POSTHORN_ADMIN_KEY,
    encryptionKey: values.POSTHORN_ENCRYPTION_KEY,
    formerEncryptionKeys: values.POSTHORN_FORMER_ENCRYPTION_KEYS,
    /** Undefined when unset: embedded mode then allows loopback. */
    allowedTargets: values.POSTHORN_ALLOWED_TARGETS,
    dnsServers: values.POSTHORN_DNS_SERVERS,
    maxEventBytes: values.POSTHORN_MAX_EVENT_BYTES,
    requestsPerSecond: values.POSTHORN_RATE_LIMIT,
    trustedProxies: values.POSTHORN_TRUSTED_PROXIES,
    concurrentAttempts: values.POSTHORN_CONCURRENT_ATTEMPTS,
    retentionDays: values.POSTHORN_RETENTION_DAYS,
    logLevel: values.LOG_LEVEL,
    production: values.NODE_ENV === 'production',
  });
}

function isHostAndPort(text: string): boolean {
  const [, host = '', port = ''] = /^([^\s/?#@%]+):(\d{1,5})$/.exec(text) ?? [];
  return URL.canParse(`http://${host}:${port}/`);
}

/** `1.2.3.4`, `1.2.3.4:53`, `[::1]` or `[::1]:53`. */
function isDnsServer(text: string): boolean {
  const {
    v4,
    v6,
    port = '53',
  } = /^(?:(?<v4>[\d.]+)|\[(?<v6>[^\]]*)\])(?::(?<port>\d{1,5}))?$/.exec(text)?.groups ?? {};
  return (isIPv4(v4 ?? '') || isIPv6(v6 ?? '')) && Number(port) >= 1 && Number(port) <= 65_535;
}
