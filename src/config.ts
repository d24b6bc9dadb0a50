import { z } from 'zod';
import { UserError } from './user-error.js';

/**
 * Everything that can be set from outside: one environment variable a line, validated when the process starts.
 * `npm start` fills in what is unset for its embedded servers; the production commands refuse to guess.
 */
const variables = z.object({
  /** Port of the API, 0 for any free one. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Address that the API listens on. */
  HOST: z.string().min(1).default('127.0.0.1'),

  /** PostgreSQL connection string. Unset: `npm start` runs an embedded PostgreSQL. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL')
    .optional(),
  /** Connections to PostgreSQL per process. */
  POSTHORN_DATABASE_CONNECTIONS: z.coerce.number().int().min(2).max(500).default(20),

  /**
   * `host:port` of a Temporal frontend. Unset: `npm start` runs an embedded Temporal server. The other
   * TEMPORAL_ variables (namespace, API key, TLS, profile) are read by @temporalio/envconfig under their usual names.
   */
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/]+:\d+$/, 'must be host:port')
    .optional(),
  /** Task queue of the workflows; first and later attempts that wait have `<queue>-deliveries`. */
  POSTHORN_TASK_QUEUE: z.string().min(1).max(200).default('posthorn'),
  /** Path of a `temporal` command to run as the embedded server, instead of looking for one. */
  POSTHORN_TEMPORAL_SERVER: z.string().min(1).optional(),
  /** Port of the embedded server's UI. */
  POSTHORN_TEMPORAL_UI_PORT: z.coerce.number().int().min(1).max(65_535).default(8233),

  /** Where the embedded servers keep their data, and Posthorn its generated keys (mode 0600). */
  POSTHORN_DATA_DIR: z.string().min(1).default('.posthorn'),

  /** Bearer key of the administration routes. Unset: generated once and kept in the data directory (embedded only). */
  POSTHORN_ADMIN_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, 'must have at least 16 printable ASCII characters and no spaces')
    .optional(),
  /** Base64 of the 32 bytes that encrypt signing secrets and custom headers at rest. Unset: as above. */
  POSTHORN_ENCRYPTION_KEY: z
    .string()
    .refine((key) => Buffer.from(key, 'base64').length === 32, 'must be base64 of 32 bytes')
    .optional(),

  /** CIDRs that the address guard lets through, comma-separated; `http://` targets are accepted only for these. */
  POSTHORN_ALLOWED_TARGETS: z
    .string()
    .transform((list) => list.split(',').map((cidr) => cidr.trim()))
    .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], 'must be CIDRs like 10.0.0.0/8, comma-separated')))
    .optional(),
  /** Largest event body as it would be sent, in bytes: 256 KiB, at most 1 MiB. */
  POSTHORN_MAX_EVENT_BYTES: z.coerce.number().int().min(1_024).max(1_048_576).default(262_144),
  /** Attempts that one worker process makes at the same time. */
  POSTHORN_CONCURRENT_ATTEMPTS: z.coerce.number().int().min(1).max(10_000).default(200),

  /**
   * Events, deliveries and attempts are dropped so many days after the event was accepted, a day at a time, and not
   * while a delivery is open. Ids of events are remembered for twice as long. 1 to 3,650.
   */
  POSTHORN_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),

  /** `trace`, `debug`, `info`, `warn`, `error` or `fatal`. JSON lines; pretty on a terminal. */
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  NODE_ENV: z.string().optional(),
});

export type Config = ReturnType<typeof loadConfig>;

/**
 * Reads the environment. An empty or blank variable counts as unset.
 * @throws UserError that names every variable with a bad value
 */
export function loadConfig(environment: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim() !== ''));
  const result = variables.safeParse(given);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new UserError(`The configuration is not valid. ${problems.join('; ')}`);
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
    encryptionKey: values.POSTHORN_ENCRYPTION_KEY
      ? Buffer.from(values.POSTHORN_ENCRYPTION_KEY, 'base64')
      : undefined,
    /** Undefined when unset: embedded mode then allows loopback. */
    allowedTargets: values.POSTHORN_ALLOWED_TARGETS,
    maxEventBytes: values.POSTHORN_MAX_EVENT_BYTES,
    concurrentAttempts: values.POSTHORN_CONCURRENT_ATTEMPTS,
    retentionDays: values.POSTHORN_RETENTION_DAYS,
    logLevel: values.LOG_LEVEL,
    production: values.NODE_ENV === 'production',
  });
}
