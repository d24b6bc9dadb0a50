import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifierFor } from '../../src/demo/verifiers.js';
import type { App } from '../../src/domain/app.js';
import type { Pool } from '../../src/store/database/pool.js';
import { createSealer, type Sealer } from '../../src/store/secrets/sealer.js';
import type { ApiClient } from '../support/api-client.js';
import {
  connectTo,
  createDatabase,
  openPool,
  waitingForLocks,
  type TestDatabase,
} from '../support/database.js';
import { givenApp, givenEndpoint } from '../support/fixtures.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Receiver, type Received } from '../support/receiver.js';

/** Encryption keys in production: what does not start without them, and how they are changed while all goes on. */

const [formerKey, currentKey, lostKey] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const [former, current, lost] = [formerKey, currentKey, lostKey].map((key) => createSealer(key)) as [
  Sealer,
  Sealer,
  Sealer,
];
const text = (key: Buffer) => key.toString('base64');
const symmetric = () => `whsec_${randomBytes(32).toString('base64')}`;

let database: TestDatabase;
let pool: Pool;
let environment: Record<string, string>;
let app: App;
beforeEach(async () => {
  database = await createDatabase();
  pool = openPool(database.url, 5);
  environment = {
    DATABASE_URL: database.url,
    POSTHORN_TASK_QUEUE: `keys-${database.url.slice(-12)}`,
    POSTHORN_ENCRYPTION_KEY: text(currentKey),
    POSTHORN_FORMER_ENCRYPTION_KEYS: text(formerKey),
  };
  app = await givenApp(pool, 'standard');
});

interface Planted {
  readonly id: string;
  readonly secret: string;
}

/** Endpoints in the order of their ids, number n subscribed to `t.n`, with a secret, a secret of before and headers. */
async function givenEndpoints(
  count: number,
  sealedWith: Sealer,
  url = 'http://127.0.0.1:9',
): Promise<Planted[]> {
  const ids = Array.from({ length: count }, () => randomUUID()).toSorted();
  return Promise.all(
    ids.map(async (id, n) => {
      const secret = symmetric();
      const previous = {
        secret: sealedWith.seal(symmetric(), id).toString('base64'),
        expires_at: new Date(Date.now() + 3_600_000).toISOString(),
      };
      await givenEndpoint(pool, sealedWith, app, {
        id,
        url: `${url}/${n}`,
        eventTypes: [`t.${n}`],
        secret: sealedWith.seal(secret, id),
        headers: sealedWith.seal('{"X-Version":"0"}', id),
        previousSecrets: [previous],
      });
      return { id, secret };
    }),
  );
}

/** The ids of the endpoints of which everything is sealed with a key, in order. */
async function sealedWith(sealer: Sealer): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from endpoints where substring(secret from 2 for 4) = decode($1, 'hex')
       and substring(headers from 2 for 4) = decode($1, 'hex')
       and not exists (select from jsonb_array_elements(previous_secrets) p
         where substring(decode(p ->> 'secret', 'base64') from 2 for 4) <> decode($1, 'hex'))
     order by id`,
    [sealer.keyId],
  );
  return rows.map(({ id }) => id);
}

/** Holds an endpoint's row as a change that is under way does; gives what lets it go. */
async function hold(id: string): Promise<() => Promise<void>> {
  const client = await connectTo(database.url);
  await client.query('begin');
  await client.query('select from endpoints where id = $1 for update', [id]);
  return () => client.end();
}

const rotation = (changes: Record<string, string> = {}) =>
  PosthornProcess.launch('rotate-encryption-key', { ...environment, ...changes });
const outputOf = async (posthorn: PosthornProcess) => ({
  code: await posthorn.ended,
  output: posthorn.lines.join('\n'),
});
const sealed = (anew: number, already: number) =>
  `Re-encrypted with the key ${current.keyId}: ${anew} endpoints. Encrypted with it before: ${already}.`;

function expectNoKeyIn(output: string): void {
  for (const key of [formerKey, currentKey, lostKey]) {
    for (const shown of [text(key), key.toString('hex'), key.toString('base64url')]) {
      expect(output).not.toContain(shown);
    }
  }
}

describe('in production', () => {
  it.each(['api', 'worker', 'all'])(
    'posthorn %s does not start without its keys, and says which',
    async (command) => {
      for (const missing of [{ POSTHORN_ADMIN_KEY: '' }, { POSTHORN_ENCRYPTION_KEY: '' }]) {
        const { code, output } = await outputOf(
          PosthornProcess.launch(command, { ...environment, ...missing }),
        );
        expect(code).toBe(1);
        expect(output).toMatch(
          /^With NODE_ENV=production, set POSTHORN_ADMIN_KEY .* and POSTHORN_ENCRYPTION_KEY /,
        );
        expect(output.split('\n')).toHaveLength(1);
        expectNoKeyIn(output);
      }
    },
  );

  it.each(['POSTHORN_ENCRYPTION_KEY', 'POSTHORN_FORMER_ENCRYPTION_KEYS'])(
    'a %s that is none is refused by its name, without what it is',
    async (name) => {
      const { code, output } = await outputOf(
        PosthornProcess.launch('all', { ...environment, [name]: `${text(currentKey)}${text(formerKey)}` }),
      );
      expect(code).toBe(1);
      expect(output).toMatch(
        new RegExp(`^The configuration is not valid. ${name}[.0]*: must be base64 of 32 bytes`),
      );
      expectNoKeyIn(output);
    },
  );

  it.each(['api', 'worker', 'all'])(
    'posthorn %s does not start where it could not open what is sealed',
    async (command) => {
      const [one, two] = await givenEndpoints(2, former);
      await pool.query('update endpoints set headers = $2 where id = $1', [
        one?.id,
        lost.seal('{}', one?.id ?? ''),
      ]);
      // What has expired is opened by nobody.
      const expired = {
        secret: createSealer(randomBytes(32))
          .seal('x', two?.id ?? '')
          .toString('base64'),
        expires_at: '2026-01-01T00:00:00.000Z',
      };
      await pool.query('update endpoints set previous_secrets = $2 where id = $1', [
        two?.id,
        JSON.stringify([expired]),
      ]);
      const { code, output } = await outputOf(
        PosthornProcess.launch(command, { ...environment, POSTHORN_FORMER_ENCRYPTION_KEYS: '' }),
      );
      expect(code).toBe(1);
      const missing = [former.keyId, lost.keyId].toSorted().join(', ');
      expect(output).toContain(`(ids ${missing}; given: ${current.keyId})`);
      expect(output).toMatch(/POSTHORN_ENCRYPTION_KEY .* POSTHORN_FORMER_ENCRYPTION_KEYS\.$/);
      expect(output.split('\n')).toHaveLength(1);
      expectNoKeyIn(output);
    },
  );
});

it('posthorn rotate-encryption-key says what it needs', async () => {
  for (const missing of ['DATABASE_URL', 'POSTHORN_ENCRYPTION_KEY']) {
    const { code, output } = await outputOf(rotation({ [missing]: '' }));
    expect(code).toBe(1);
    expect(output).toMatch(/^Set DATABASE_URL, POSTHORN_ENCRYPTION_KEY .* `npm start` /);
  }
  const { code, output } = await outputOf(rotation({ DATABASE_URL: 'postgres://me:hush@127.0.0.1:9/none' }));
  expect([code, output]).toEqual([
    1,
    'PostgreSQL cannot be reached at 127.0.0.1:9. What was re-encrypted stays so: run this again.',
  ]);
}, 60_000);

describe('posthorn rotate-encryption-key', () => {
  it('killed in the middle, goes on where it was', async () => {
    const all = (await givenEndpoints(60, former)).map(({ id }) => id);
    const release = await hold(all[25] ?? '');
    const first = rotation();
    await expect.poll(() => sealedWith(current), { timeout: 20_000 }).toEqual(all.slice(0, 25));
    await first.kill();
    await release();
    expect(await sealedWith(current)).toEqual(all.slice(0, 25));
    expect(await sealedWith(former)).toEqual(all.slice(25));

    expect(await outputOf(rotation())).toEqual({
      code: 0,
      output: `${sealed(35, 25)}\nThis key decrypts everything: the former keys can be removed.`,
    });
    expect(await sealedWith(current)).toEqual(all);
    expect(await outputOf(rotation({ POSTHORN_FORMER_ENCRYPTION_KEYS: '' }))).toMatchObject({
      code: 0,
      output: expect.stringContaining(sealed(0, 60)) as string,
    });
  }, 60_000);

  it('run twice at once, seals each endpoint once', async () => {
    const [first, ...others] = await givenEndpoints(60, former);
    const release = await hold(first?.id ?? '');
    const both = [rotation(), rotation()];
    await expect.poll(() => waitingForLocks(database.url), { timeout: 20_000 }).toBe(2);
    await release();
    const counts = await Promise.all(
      both.map(async (each) => {
        const { code, output } = await outputOf(each);
        expect(code).toBe(0);
        return /: (\d+) endpoints.*before: (\d+)\./.exec(output)?.slice(1).map(Number) ?? [];
      }),
    );
    expect(counts.map(([anew = 0, already = 0]) => anew + already)).toEqual([60, 60]);
    expect(counts.reduce((sum, [anew = 0]) => sum + anew, 0)).toBe(60);
    expect(await sealedWith(current)).toHaveLength(1 + others.length);
  }, 60_000);

  it('without one of the keys, does what it can and names the missing ones', async () => {
    const all = (await givenEndpoints(12, former)).map(({ id }) => id);
    for (const id of all.slice(0, 2)) {
      await pool.query('update endpoints set secret = $2 where id = $1', [id, lost.seal('x', id)]);
    }
    const moved = 'update endpoints e set secret = o.secret from endpoints o where e.id = $1 and o.id = $2';
    await pool.query(moved, [all[2], all[3]]);
    const { code, output } = await outputOf(rotation());
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      sealed(9, 0),
      `POSTHORN_ENCRYPTION_KEY does not decrypt the secrets of 3 endpoints: ${all.slice(0, 3).join(', ')}.`,
      `Missing keys: ${lost.keyId}. Add them to POSTHORN_FORMER_ENCRYPTION_KEYS.`,
      'Values that were altered after they were encrypted: 1. Set these secrets and headers again.',
    ]);
    expectNoKeyIn(output);
    expect(await sealedWith(current)).toEqual(all.slice(3));
  }, 60_000);

  it('leaves nothing unsigned while deliveries, changes and rotations of secrets go on', async () => {
    const receiver = await Receiver.start();
    const planted = await givenEndpoints(300, former, receiver.url);
    const stamps = () =>
      pool.query('select id, updated_at from endpoints where id = any($1) order by id', [idle]);
    // Of each ten one is busy: it is changed and delivered to all the time.
    const busy = planted.flatMap((each, n) => (n % 10 === 0 ? [{ ...each, n }] : []));
    const idle = planted.filter((_each, n) => n % 10 !== 0).map(({ id }) => id);
    const before = (await stamps()).rows;

    // The second step of a change of keys: the new one seals, the old one opens.
    const posthorn = await PosthornProcess.start('all', environment);
    const traffic = new Traffic(posthorn.api, app.id, busy);
    const middle = 150;
    const release = await hold(planted[middle + 1]?.id ?? '');
    traffic.begin();
    const command = rotation();
    const done = idle.filter((id) => id < (planted[middle]?.id ?? ''));
    await expect
      .poll(async () => (await sealedWith(current)).filter((id) => done.includes(id)), { timeout: 60_000 })
      .toEqual(done);
    // In the middle of it: some that it has been at, and some that it will come to.
    const rounds = traffic.rounds;
    await expect.poll(() => traffic.rounds, { timeout: 60_000 }).toBeGreaterThan(rounds + 2 * busy.length);
    await release();
    expect(await outputOf(command)).toMatchObject({ code: 0 });
    await traffic.end();
    expect((await stamps()).rows).toEqual(before);
    expect(await posthorn.stop()).toBe(0);

    // The last step: without the old one.
    const after = await PosthornProcess.start('all', { ...environment, POSTHORN_FORMER_ENCRYPTION_KEYS: '' });
    await new Traffic(after.api, app.id, busy, traffic.versions).round();
    expect(await after.stop()).toBe(0);
    expect(await sealedWith(current)).toHaveLength(planted.length);

    const secrets = new Map(planted.map(({ secret }, n) => [`/hook/${n}`, secret]));
    for (const post of receiver.received) await expectSigned(post, secrets.get(post.path) ?? '');
    expect(receiver.received.length).toBeGreaterThan(3 * busy.length);
    // The last of each has what was set last.
    for (const { n } of busy) {
      const last = receiver.received.findLast(({ path }) => path === `/hook/${n}`);
      expect(last?.headers['x-version']).toBe(String(traffic.versions.get(n)));
    }
  }, 180_000);
});

/** Changes, rotations and deliveries, one after the other for each endpoint. */
class Traffic {
  /** How many endpoints have been gone through. */
  rounds = 0;
  private going = true;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly api: ApiClient,
    private readonly appId: string,
    private readonly endpoints: readonly { id: string; n: number }[],
    /** The header that each was given last. */
    readonly versions = new Map<number, number>(),
  ) {}

  begin(): void {
    const lanes = [0, 1, 2].map(async (lane) => {
      while (this.going) await this.round((index) => index % 3 === lane);
    });
    this.running = Promise.all(lanes);
  }

  async end(): Promise<void> {
    this.going = false;
    await this.running;
  }

  async round(mine: (index: number) => boolean = () => true): Promise<void> {
    for (const [index, { id, n }] of this.endpoints.entries()) {
      if (!mine(index)) continue;
      const path = `/v1/apps/${this.appId}/webhooks/${id}`;
      const version = (this.versions.get(n) ?? 0) + 1;
      await this.api.expect(200, 'PATCH', path, { webhook: { headers: { 'X-Version': String(version) } } });
      this.versions.set(n, version);
      // The first secret must stay among the previous ones, of which there are five.
      if (version <= 4) {
        const { secret } = await this.api.expect<{ secret: string }>(200, 'POST', `${path}/rotate-secret`);
        expect(await this.api.expect(200, 'GET', `${path}/secret`)).toMatchObject({ secret });
      }
      const event = await this.api.submit(this.appId, { event_type: `t.${n}`, data: {} });
      await this.api.eventThatIs('delivered', this.appId, event.id);
      this.rounds += 1;
    }
  }
}

function expectSigned({ headers, body, at }: Received, secret: string): void | Promise<void> {
  const post = {
    headers: headers as Record<string, string>,
    body: Buffer.from(body),
    receivedAt: new Date(at),
  };
  return verifierFor('standard').verify(post, secret);
}

it('an attempt whose secret does not open waits without using itself up, and goes out when the key is there', async () => {
  const receiver = await Receiver.start();
  const before = await PosthornProcess.start('all', environment);
  const { app: own } = await before.api.createApp('standard');
  const { id } = await before.api.createWebhook(own.id, { url: receiver.url, retry_limit: 0 });
  const secret = symmetric();
  await pool.query('update endpoints set secret = $2 where id = $1', [id, lost.seal(secret, id)]);
  const { id: event } = await before.api.submit(own.id, { event_type: 'a', data: {} });
  const warnings = () => before.lines.filter((line) => line.includes('the attempt could not be made'));
  await expect.poll(warnings, { timeout: 20_000 }).toHaveLength(1);
  expect(warnings()[0]).toContain(`whose id is ${lost.keyId}`);
  // The check that it waits with now is tried again after one second, two, four: not in a hot loop.
  const checks = () => before.lines.filter((line) => line.includes(lost.keyId)).length;
  await expect.poll(checks, { timeout: 20_000 }).toBeGreaterThan(2);
  expect(warnings()).toHaveLength(1);
  expect(await before.api.event(own.id, event)).toMatchObject({ status: 'pending' });
  expect(receiver.received).toEqual([]);
  expect(await before.stop()).toBe(0);

  const keys = `${text(formerKey)},${text(lostKey)}`;
  const after = await PosthornProcess.start('all', { ...environment, POSTHORN_FORMER_ENCRYPTION_KEYS: keys });
  const delivered = await after.api.eventThatIs('delivered', own.id, event, 60_000);
  expect(delivered.deliveries[0]?.attempts).toMatchObject([{ number: 1, status_code: 200 }]);
  for (const post of receiver.received) await expectSigned(post, secret);
  expect(receiver.received).toHaveLength(1);
  expect(await after.stop()).toBe(0);
}, 120_000);
