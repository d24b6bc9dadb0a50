import { describe, expect, it } from 'vitest';
import { allows, createAuthenticator, newApiKey } from '../../src/api/access/auth.js';
import { credentialOf } from '../../src/api/access/credentials.js';
import { SCOPES, type Scope } from '../../src/store/apps/api-keys.js';
import type { Pool } from '../../src/store/database/pool.js';

const ADMIN_KEY = 'the-admin-key-of-this-test';
const key = (scopes: readonly Scope[]) => ({
  id: 'k',
  appId: 'a',
  name: null,
  scopes,
  createdAt: new Date(),
});
const row = { id: 'k', app_id: 'a', name: null, scopes: [...SCOPES], created_at: new Date() };

/** A database whose answers a test gives when it wants to. */
function slowDatabase() {
  const asked: ((rows: unknown[]) => void)[] = [];
  const query = () => new Promise((resolve) => asked.push((rows) => resolve({ rows })));
  return { pool: { query } as unknown as Pool, asked };
}

const nobody = { of: () => Promise.resolve(null) };
const authenticatorOf = ({ pool }: { readonly pool: Pool }) => createAuthenticator(pool, ADMIN_KEY, nobody);
const inHeader = (authorization: string | undefined) =>
  credentialOf({ headers: authorization === undefined ? {} : { authorization }, host: 'localhost' });

describe('a scope', () => {
  it.each<[Scope, Scope[]]>([
    ['webhooks:read', ['webhooks:read']],
    ['webhooks:write', ['webhooks:read', 'webhooks:write']],
    ['events:read', ['events:read']],
    ['events:write', ['events:read', 'events:write']],
  ])('%s allows %j and nothing else', (held, allowed) => {
    expect(SCOPES.filter((scope) => allows(key([held]), scope))).toEqual(allowed);
  });
});

describe('a key', () => {
  it('has 256 random bits, and is stored as a hash', () => {
    const [one, two] = [newApiKey(), newApiKey()];
    expect(one.key).toMatch(/^phk_[A-Za-z0-9_-]{43}$/);
    expect(one.key).not.toBe(two.key);
    expect(one.hash).toHaveLength(32);
  });

  it.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    'Basic abc',
    ADMIN_KEY,
    `Bearer ${ADMIN_KEY} x`,
    `Token ${ADMIN_KEY}`,
  ])('is not in "Authorization: %s"', async (header) => {
    expect(await authenticatorOf(slowDatabase()).callerOf(inHeader(header))).toBeNull();
  });

  it.each([`Bearer ${ADMIN_KEY}`, `bearer ${ADMIN_KEY}`, `BEARER   ${ADMIN_KEY}`])(
    'of the administrator is in "%s"',
    async (header) => {
      expect(await authenticatorOf(slowDatabase()).callerOf(inHeader(header))).toEqual({ kind: 'admin' });
    },
  );

  it.each(['phk_', 'phk_x', `phk_${'x'.repeat(44)}`, 'y'.repeat(47)])(
    'that none was ever like, "%s", is not looked up',
    async (given) => {
      const database = slowDatabase();
      expect(await authenticatorOf(database).callerOf(inHeader(`Bearer ${given}`))).toBeNull();
      expect(database.asked).toEqual([]);
    },
  );

  it('that nobody has is asked for again: it may have been made since', async () => {
    const database = slowDatabase();
    const { asked } = database;
    const authenticator = authenticatorOf(database);
    const given = inHeader(`Bearer ${newApiKey().key}`);
    const early = authenticator.callerOf(given);
    asked[0]?.([]);
    expect(await early).toBeNull();
    const late = authenticator.callerOf(given);
    asked[1]?.([row]);
    expect(await late).toMatchObject({ kind: 'key' });
    expect(await authenticator.callerOf(given)).toMatchObject({ kind: 'key' });
    expect(asked).toHaveLength(2);
  });
});
