import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { UserError } from './lib/user-error.js';

const cidrs = z
  .string()
  .transform((list) => list.split(',').map((cidr) => cidr.trim()))
  .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'must be CIDRs like 10.0.0.0/8, comma-separated')));

/** In decimal digits: not `0x10`, not `1e3`. */
const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .trim()
    .regex(/^\d{1,15}$/, `must be a whole number from ${least} to ${most}`)
    .transform(Number)
    .pipe(z.number().min(least).max(most));

/** Strict: a list without its commas must not pass for its first key. */
const encryptionKey = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9+/_-]{43}=?$/, 'must be base64 of 32 bytes')
  .transform((key) => Buffer.from(key, 'base64'));

/**
 * Everything that can be set from outside: one environment variable a line, validated when the process starts.
 * `npm start` fills in what is unset for its embedded servers; the other commands refuse to guess which to use.
 */
const variables = z.object({
  /** Port of the API, 0 for any free one. */
  PORT: wholeNumber(0, 65_535).default(3000),
  /** Address that the API listens on. */
  HOST: z.string().trim().min(1).default('127.0.0.1'),

  /** PostgreSQL connection string. Unset: `npm start` runs an embedded PostgreSQL. */
  DATABASE_URL: z
    .string()
    .refine(
      (url) => /^postgres(ql)?:\/\//.test(url) && URL.canParse(url),
      'must be a postgres:// URL, its password percent-encoded',
    )
    .optional(),
  /**
   * Connections to PostgreSQL per process: a fifth of them, at most 4, for lists alone. Besides, one for these and one
   * for the others find out whether it answers.
   */
  POSTHORN_DATABASE_CONNECTIONS: wholeNumber(3, 500).default(20),

  /**
   * `host:port` of a Temporal frontend. Unset: `npm start` runs an embedded Temporal server. The other
   * TEMPORAL_ variables (namespace, API key, TLS, profile) are read by @temporalio/envconfig under their usual names.
   */
  TEMPORAL_ADDRESS: z.string().refine(isHostAndPort, 'must be host:port').optional(),
  /** Task queue of the workflows; first and later attempts that wait have `<queue>-deliveries`. */
  POSTHORN_TASK_QUEUE: z
    .string()
    .max(200)
    .regex(
      /^(?!__temporal_)[\x21-\x7e]+$/,
      'must be printable ASCII without spaces, and not begin with __temporal_',
    )
    .default('posthorn'),
  /** Path of a `temporal` command to run as the embedded server, instead of looking for one. */
  POSTHORN_TEMPORAL_SERVER: z.string().min(1).optional(),
  /** Port of the embedded server's UI. */
  POSTHORN_TEMPORAL_UI_PORT: wholeNumber(1, 65_535).default(8233),

  /** Where the embedded servers keep their data, and Posthorn its generated keys (mode 0600). */
  POSTHORN_DATA_DIR: z.string().min(1).default('.posthorn'),

  /**
   * Bearer key of the administration routes. Unset: generated once and kept in the data directory; with
   * NODE_ENV=production, refused.
   */
  POSTHORN_ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 printable ASCII characters and no spaces')
    .optional(),
  /** Base64 of the 32 bytes that encrypt signing secrets and custom headers at rest. Unset: as above. */
  POSTHORN_ENCRYPTION_KEY: encryptionKey.optional(),
  /** Keys of before, or the next one, comma-separated: they open what was sealed with them, and seal nothing. */
  POSTHORN_FORMER_ENCRYPTION_KEYS: z
    .string()
    .transform((list) => list.split(','))
    .pipe(z.array(encryptionKey))
    .default([]),

  /** CIDRs that the address guard lets through, comma-separated; `http://` targets are accepted only for these. */
  POSTHORN_ALLOWED_TARGETS: cidrs.optional(),
  /**
   * DNS servers that targets' names are resolved through, comma-separated: `address` or `address:port`, IPv6 in
   * brackets. Unset: the system's resolver, which may know internal names too.
   */
  POSTHORN_DNS_SERVERS: z
    .string()
    .transform((list) => list.split(',').map((server) => server.trim()))
    .pipe(z.array(z.string().refine(isDnsServer, 'must be like 9.9.9.9,10.0.0.2:5353,[2620:fe::fe]')))
    .optional(),
  /** Largest event body as it would be sent, in bytes: 256 KiB, at most 1 MiB. */
  POSTHORN_MAX_EVENT_BYTES: wholeNumber(1_024, 1_048_576).default(262_144),
  /** Requests that each API process serves a second for one key, before it answers 429; 0: no limit. */
  POSTHORN_RATE_LIMIT: wholeNumber(0, 1_000_000).default(1_000),
  /** CIDRs of proxies before the API, comma-separated: whom they name in `X-Forwarded-For` is who called. */
  POSTHORN_TRUSTED_PROXIES: cidrs
    .refine(
      (list) => list.every((cidr) => !cidr.endsWith('/0')),
      'must not hold /0: that would believe everybody',
    )
    .default([]),
  /** Attempts that one worker process makes at the same time. */
  POSTHORN_CONCURRENT_ATTEMPTS: wholeNumber(1, 10_000).default(1_000),

  /**
   * Events, deliveries and attempts are dropped so many days after the event was accepted, a day at a time, and not
   * while a delivery is open. Ids of events are remembered for twice as long. 1 to 400: with more, looking through all
   * days would take too long.
   */
  POSTHORN_RETENTION_DAYS: wholeNumber(1, 400).default(30),

  /** `trace`, `debug`, `info`, `warn`, `error` or `fatal`. JSON lines; pretty on a terminal. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  NODE_ENV: z.string().optional(),
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
    // Of a list, the first that is wrong.
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
