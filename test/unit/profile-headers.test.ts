import { validateHeaderName, validateHeaderValue } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newAppBody } from '../../src/api/apps/requests.js';
import { secretProblem, type SecretKind } from '../../src/profiles/signing/secret.js';
import { profileById, profileIds } from '../../src/profiles/index.js';

/** Whatever people call things, line breaks and what else ends a header among it. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.constantFrom('\r\n', '\n', '\0', ': ', 'Ä', '😀', '"', '\\', 'Evil: yes', ' ', '\u2028', 'a'))
    .map((parts) => parts.join('')),
);

const base64Of = (prefix: string, minLength: number, maxLength: number) =>
  fc.uint8Array({ minLength, maxLength }).map((bytes) => prefix + Buffer.from(bytes).toString('base64'));
const secretOf = (kind: SecretKind) =>
  fc.oneof(text, base64Of('whsec_', 24, 64)).filter((secret) => secretProblem(kind, secret) === null);

describe.each(profileIds)('%s', (id) => {
  const profile = profileById(id);
  const eventId = fc.oneof(
    fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => profile.eventId.fromBytes(Buffer.from(bytes))),
    fc.stringMatching(new RegExp(profile.eventId.pattern.source)),
  );

  it('sets headers that are valid HTTP, whatever the application is called', () => {
    const appName = text.filter((name) => newAppBody.safeParse({ name }).success);
    fc.assert(
      fc.property(
        fc.record({
          appName,
          eventId,
          timestamp: fc.nat(),
          body: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
          secrets: fc.array(secretOf(profile.secretKind), { maxLength: 3 }),
        }),
        (attempt) => {
          for (const [name, value] of Object.entries(profile.headers(attempt))) {
            validateHeaderName(name);
            validateHeaderValue(name, value);
            expect(value).toMatch(/^[\x20-\x7e]*$/);
            expect(profile.ownHeaders).toContain(name.toLowerCase());
          }
        },
      ),
    );
  });
});
