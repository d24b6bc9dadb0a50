import { describe, expect, it } from 'vitest';
import { loadConfig, VARIABLES } from '../../src/config.js';
import { UserError } from '../../src/lib/user-error.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const FORMER = Buffer.alloc(32, 6).toString('base64');

describe('the configuration', () => {
  it('has a default for everything', () => {
    expect(loadConfig({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: undefined,
      databaseConnections: 20,
      temporalAddress: undefined,
      taskQueue: 'posthorn',
      temporalServerPath: undefined,
      temporalUiPort: 8233,
      dataDir: '.posthorn',
      adminKey: undefined,
      encryptionKey: undefined,
      formerEncryptionKeys: [],
      allowedTargets: undefined,
      dnsServers: undefined,
      maxEventBytes: 262_144,
      requestsPerSecond: 1_000,
      trustedProxies: [],
      concurrentAttempts: 1_000,
      retentionDays: 30,
      logLevel: 'info',
      production: false,
    });
  });

  it('takes a blank variable as unset', () => {
    expect(loadConfig({ PORT: ' ', DATABASE_URL: '' })).toEqual(loadConfig({}));
  });

  it('takes what the environment says', () => {
    expect(
      loadConfig({
        PORT: '0',
        HOST: '::1',
        DATABASE_URL: 'postgresql://u:p@db/posthorn',
        TEMPORAL_ADDRESS: 'temporal:7233',
        POSTHORN_TASK_QUEUE: 'mine',
        POSTHORN_ENCRYPTION_KEY: KEY,
        POSTHORN_FORMER_ENCRYPTION_KEYS: `${FORMER}, ${KEY}`,
        POSTHORN_ADMIN_KEY: 'sixteen-letters!',
        POSTHORN_ALLOWED_TARGETS: '10.0.0.0/8, ::1/128',
        POSTHORN_DNS_SERVERS: '9.9.9.9, 10.0.0.2:5353,[2620:fe::fe],[::1]:53',
        POSTHORN_MAX_EVENT_BYTES: '1048576',
        LOG_LEVEL: 'debug',
        UNRELATED: 'x',
      }),
    ).toMatchObject({
      port: 0,
      host: '::1',
      databaseUrl: 'postgresql://u:p@db/posthorn',
      temporalAddress: 'temporal:7233',
      taskQueue: 'mine',
      encryptionKey: Buffer.alloc(32, 7),
      formerEncryptionKeys: [Buffer.alloc(32, 6), Buffer.alloc(32, 7)],
      adminKey: 'sixteen-letters!',
      allowedTargets: ['10.0.0.0/8', '::1/128'],
      dnsServers: ['9.9.9.9', '10.0.0.2:5353', '[2620:fe::fe]', '[::1]:53'],
      maxEventBytes: 1_048_576,
      logLevel: 'debug',
    });
  });

  it('takes an empty variable as unset', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '', POSTHORN_ENCRYPTION_KEY: '', LOG_LEVEL: '' })).toEqual(
      loadConfig({}),
    );
  });

  it('cannot be changed', () => {
    expect(Object.isFrozen(loadConfig({}))).toBe(true);
  });

  it.each([
    ['PORT', 'http'],
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['PORT', '0x10'],
    ['PORT', '1e3'],
    ['PORT', '9'.repeat(1_000)],
    ['DATABASE_URL', 'mysql://db/posthorn'],
    ['DATABASE_URL', 'localhost:5432'],
    ['DATABASE_URL', 'postgres://me:with/slash@db/posthorn'],
    ['POSTHORN_DATABASE_CONNECTIONS', '2'],
    ['POSTHORN_DATABASE_CONNECTIONS', '501'],
    ['TEMPORAL_ADDRESS', 'temporal'],
    ['TEMPORAL_ADDRESS', 'http://temporal:7233'],
    ['TEMPORAL_ADDRESS', '127.0.0.1:99999'],
    ['TEMPORAL_ADDRESS', 'a%00b:7233'],
    ['TEMPORAL_ADDRESS', '::1:7233'],
    ['POSTHORN_TASK_QUEUE', 'x'.repeat(201)],
    ['POSTHORN_TASK_QUEUE', '__temporal_mine'],
    ['POSTHORN_TASK_QUEUE', 'two words'],
    ['POSTHORN_TRUSTED_PROXIES', '::/0'],
    ['POSTHORN_TRUSTED_PROXIES', '10.0.0.0/8,0.0.0.0/0'],
    ['POSTHORN_TRUSTED_PROXIES', ','],
    ['POSTHORN_TEMPORAL_UI_PORT', '0'],
    ['POSTHORN_ADMIN_KEY', 'too-short'],
    ['POSTHORN_ADMIN_KEY', 'a key with spaces in it'],
    ['POSTHORN_ENCRYPTION_KEY', 'secret'],
    ['POSTHORN_ENCRYPTION_KEY', Buffer.alloc(31).toString('base64')],
    ['POSTHORN_FORMER_ENCRYPTION_KEYS', 'secret'],
    ['POSTHORN_FORMER_ENCRYPTION_KEYS', `${KEY},`],
    ['POSTHORN_FORMER_ENCRYPTION_KEYS', `${KEY} ${FORMER}`],
    ['POSTHORN_ALLOWED_TARGETS', '10.0.0.0'],
    ['POSTHORN_ALLOWED_TARGETS', '10.0.0.0/8,nonsense'],
    ['POSTHORN_DNS_SERVERS', 'dns.example'],
    ['POSTHORN_DNS_SERVERS', '9.9.9.9,'],
    ['POSTHORN_DNS_SERVERS', '9.9.9.9:0'],
    ['POSTHORN_DNS_SERVERS', '9.9.9.9:65536'],
    ['POSTHORN_DNS_SERVERS', '9.9.9'],
    ['POSTHORN_DNS_SERVERS', '2620:fe::fe'],
    ['POSTHORN_DNS_SERVERS', '[9.9.9.9]:53'],
    ['POSTHORN_DNS_SERVERS', 'udp://9.9.9.9'],
    ['POSTHORN_MAX_EVENT_BYTES', '1048577'],
    ['POSTHORN_MAX_EVENT_BYTES', '1023'],
    ['POSTHORN_CONCURRENT_ATTEMPTS', '0'],
    ['POSTHORN_RETENTION_DAYS', '0'],
    ['POSTHORN_RETENTION_DAYS', '401'],
    ['POSTHORN_RETENTION_DAYS', '1.5'],
    ['LOG_LEVEL', 'loud'],
  ])('with %s=%j is refused, naming it', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(UserError);
    expect(() => loadConfig({ [name]: value })).toThrow(name);
  });

  /** Of whatever comes, the worst: what no variable is meant to have. */
  const HOSTILE = [
    ...[
      '-1',
      '0',
      '1e400',
      'NaN',
      '0x',
      '٣',
      'null',
      '[]',
      '{}',
      ',',
      ';',
      '%',
      '%00',
      '..',
      '/',
      '-',
      '--help',
    ],
    ...[
      '$(id)',
      '${PATH}',
      "'; drop table events; --",
      '\n',
      'a\nb',
      '\u2028',
      '\ud800',
      '\ufeff',
      'é',
      '😀',
    ],
    ...[
      '/dev/null',
      '/proc/self/mem',
      'file:///etc/passwd',
      'postgres://',
      'http://[',
      '::/0',
      '0.0.0.0/0',
      '::1',
    ],
    'x'.repeat(100_000),
    '9'.repeat(100_000),
    ','.repeat(10_000),
  ];

  it.each(VARIABLES)('%s with whatever value is taken, or refused by name in one line', (name) => {
    for (const value of HOSTILE) {
      let refusal: Error | null = null;
      try {
        loadConfig({ [name]: value });
      } catch (error) {
        refusal = error instanceof Error ? error : new Error('no error at all');
      }
      if (refusal === null) continue;
      expect(refusal).toBeInstanceOf(UserError);
      expect(refusal.message).toContain(name);
      expect(refusal.message).not.toContain('\n');
      expect(refusal.message.length).toBeLessThan(1_000);
    }
  });

  it.each(VARIABLES)('%s, when it is empty or blank, counts as unset', (name) => {
    for (const blank of ['', ' ', '\t\n']) expect(loadConfig({ [name]: blank })).toEqual(loadConfig({}));
  });

  it('names every bad variable at once, without the values of keys', () => {
    const variables = {
      PORT: 'x',
      DATABASE_URL: 'postgres://me:hush/hush@db/posthorn',
      LOG_LEVEL: 'y',
      POSTHORN_ADMIN_KEY: 'hush',
      POSTHORN_ENCRYPTION_KEY: 'hush',
      POSTHORN_FORMER_ENCRYPTION_KEYS: `${KEY},hush`,
    };
    const bad = () => loadConfig(variables);
    for (const name of Object.keys(variables)) expect(bad).toThrow(name);
    expect(bad).not.toThrow(/hush/);
    expect(bad).not.toThrow(KEY);
  });
});
