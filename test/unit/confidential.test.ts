import { randomBytes, randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confidentialIn } from '../../src/delivery/confidential.js';

describe('what is confidential', () => {
  it('is every secret, and every header of eight characters or more, without its scheme too', () => {
    const headers = {
      Authorization: 'Bearer abcdefgh',
      'X-Key': ' 12345678 ',
      'X-Short': '1234567',
      'X-Words': 'four words and more',
      'X-Scheme-Token': 'Token abc',
      'X-Basic': `Basic ${Buffer.from('me:s3cretpass').toString('base64')}`,
    };
    expect(confidentialIn(['whsec_a1b2c3d4', 'schlüssel'], headers)).toEqual([
      'whsec_a1b2c3d4',
      'schlüssel',
      'a1b2c3d4',
      'Bearer abcdefgh',
      'abcdefgh',
      '12345678',
      'four words and more',
      'Token abc',
      'Basic bWU6czNjcmV0cGFzcw==',
      'bWU6czNjcmV0cGFzcw==',
      'me:s3cretpass',
      's3cretpass',
      // As URLs write them.
      'schl%C3%BCssel',
      'Bearer%20abcdefgh',
      'four%20words%20and%20more',
      'Token%20abc',
      'Basic%20bWU6czNjcmV0cGFzcw%3D%3D',
      'bWU6czNjcmV0cGFzcw%3D%3D',
      'me%3As3cretpass',
    ]);
  });

  it.each([
    ['Accept', 'application/json'],
    ['Accept', 'application/vnd.api+json'],
    ['X-Format', 'text/plain'],
    ['X-Environment', 'production'],
    ['X-Environment', 'Development'],
    ['X-Stage', 'PRODUCTION'],
    ['X-Region', 'eu-west-1'],
    ['X-Region', 'europe-west12'],
    ['X-Customer', 'Acme International'],
    ['X-Source', 'orders_service_v2'],
    ['X-Source', 'billing.internal'],
    ['X-Stage', ' production '],
    ['Accept', ' application/vnd.api+json '],
    ['X-Stage', '-production-'],
    ['X-Stage', 'eu -- west'],
    ['X-Region', 'EU-WEST12'],
    ['X-Region', 'Europe West12'],
    ['X-Build', 'build 123'],
  ])('is not an ordinary word that a header has: %s: %s', (name, value) =>
    expect(confidentialIn([], { [name]: value })).toEqual([]),
  );

  it.each([
    'Authorization',
    'X-Upstream-Auth',
    'Cookie',
    'X-Api-Key',
    'APIKEY',
    'X-Session',
    'X-Shared-Secret',
    'X-Hub-Signature',
    'X-Password',
    'X-Pwd',
    'X-JWT',
    'PRIVATE-TOKEN',
    'X-CSRF',
    'License',
  ])('is any word in a header that is called so: %s', (name) =>
    expect(confidentialIn([], { [name]: 'production' })).toEqual(['production']),
  );

  it.each([
    'tenant-12345',
    'hunter2hunter2',
    'passw0rd',
    'summer24',
    'correct-horse-battery-staple',
    'abcd efgh ijkl mnop',
    '12345678',
    '123-456-789',
    'deadbeefdeadbeef',
    'sesameopenssesame',
    'aBcDeFgHiJ',
    'JBSWY3DPEHPK3PXP',
    'user:password',
    'application/s3cr3t',
    's3cr3tapplication/json',
    'Europe12',
    'build 1234',
    'Bearer tok3ntok3n',
  ])('is what may be a credential in a header of any name: %s', (value) =>
    expect(confidentialIn([], { 'X-Whatever': value })).toContain(value),
  );

  it('is a credential without its scheme, whatever stands between them', () => {
    expect(confidentialIn([], { 'X-Whatever': 'Bearer \t tok3ntok3n' })).toContain('tok3ntok3n');
  });

  it('is every random credential in a header of any name', () => {
    const bytes = fc.integer({ min: 12, max: 48 }).map((length) => randomBytes(length));
    const credential = fc.oneof(
      bytes.map((random) => random.toString('hex')),
      bytes.map((random) => random.toString('base64')),
      bytes.map((random) => random.toString('base64url')),
      fc.constant(0).map(() => randomUUID()),
    );
    fc.assert(
      fc.property(credential, (value) => {
        expect(confidentialIn([], { 'X-Whatever': value })).toContain(value);
      }),
      { numRuns: 2_000 },
    );
  });
});
