import { describe, expect, it } from 'vitest';
import { isEventType } from '../../src/domain/event-type.js';
import { profileById, profileIds } from '../../src/profiles/index.js';
import { attemptsInAll, documentedDelayMs } from '../../src/domain/schedule.js';

const content = {
  id: 'the-id',
  type: 'user.created',
  appId: '6f1f2a34-58a1-4a53-9b8d-0a3a1b6f7d20',
  environmentId: 'env_1',
  acceptedAt: new Date('2026-04-16T12:00:00.072Z'),
  data: { a: 1 },
  attributes: { object: 'User', organization_id: null },
};
const bodyOf = (profile: string) => JSON.stringify(profileById(profile).envelope(content));

describe('the body, to the letter', () => {
  it.each([
    ['standard', '{"type":"user.created","timestamp":"2026-04-16T12:00:00Z","data":{"a":1}}'],
    [
      'scute',
      '{"id":"the-id","created_at":"2026-04-16T12:00:00Z","event_type":"user.created",' +
        '"app_id":"6f1f2a34-58a1-4a53-9b8d-0a3a1b6f7d20","data":{"a":1},"api_version":"v1"}',
    ],
    [
      'scalekit',
      '{"spec_version":"1","id":"the-id","object":"User","environment_id":"env_1",' +
        '"occurred_at":"2026-04-16T12:00:00.072Z","organization_id":null,"type":"user.created","data":{"a":1}}',
    ],
    [
      'scalekit-auth',
      '{"id":"the-id","type":"user.created","created":"2026-04-16T12:00:00Z","data":{"a":1}}',
    ],
    [
      'scendcore',
      '{"event":"user.created","timestamp":"2026-04-16T12:00:00Z",' +
        '"tenant_id":"6f1f2a34-58a1-4a53-9b8d-0a3a1b6f7d20","data":{"a":1}}',
    ],
  ])('%s', (profile, body) => expect(bodyOf(profile)).toBe(body));
});

describe.each(profileIds)('%s', (id) => {
  const profile = profileById(id);

  it('has delays that Temporal can keep: of a second at least', () => {
    const attempts = attemptsInAll(profile.schedule);
    for (let n = 2; n <= attempts; n += 1) {
      expect(documentedDelayMs(profile.schedule, n)).toBeGreaterThanOrEqual(1_000);
    }
  });

  it('has a catalogue of well-formed types, each once, with an example', () => {
    const names = (profile.catalogue ?? []).map(({ name }) => name);
    expect(names.filter((name) => !isEventType(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a test event that it would accept itself', () => {
    const { type, attributes } = profile.testEvent;
    expect(profile.catalogue === null || profile.catalogue.some(({ name }) => name === type)).toBe(true);
    expect(profile.attributes.parse(attributes)).toEqual(attributes);
  });

  it('makes event ids in its own form', () => {
    expect(profile.eventId.fromBytes(Buffer.alloc(32, 0xff))).toMatch(profile.eventId.pattern);
    expect(profile.eventId.fromBytes(Buffer.alloc(32))).toMatch(profile.eventId.pattern);
  });

  it('names every header that it sets', () => {
    const headers = profile.headers({
      eventId: 'e',
      appName: 'Acme',
      timestamp: 1,
      body: Buffer.from('{}'),
      secrets: [profile.secretKind === 'text' ? 'a text secret' : `whsec_${'A'.repeat(32)}`],
    });
    expect(
      Object.keys(headers)
        .map((name) => name.toLowerCase())
        .sort(),
    ).toEqual([...profile.ownHeaders].sort());
  });
});

describe('the catalogues', () => {
  it.each([
    ['scute', 20],
    ['scalekit', 16],
    ['scalekit-auth', 11],
    ['scendcore', 15],
  ])('%s has %i types', (id, count) => expect(profileById(id).catalogue).toHaveLength(count));
});
