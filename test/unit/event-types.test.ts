import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EVENT_TYPE_MAX_LENGTH,
  isEventType,
  isEventTypePattern,
  matchesEventType,
  subscribes,
  subscriptionRegex,
} from '../../src/domain/event-type.js';
import { profileById } from '../../src/profiles/index.js';
import { eventType, eventTypePattern } from '../support/arbitraries.js';

const longest = 'a'.repeat(EVENT_TYPE_MAX_LENGTH);

describe('an event type', () => {
  it.each([
    'user.created',
    'tick',
    'a.b.c.d',
    'User_1.Created',
    '0',
    'verification.sms.delivery_failed',
    longest,
  ])('%s is well-formed', (type) => expect(isEventType(type)).toBe(true));

  it.each([
    '',
    '.',
    'user.',
    '.user',
    'a..b',
    'user-created',
    'user created',
    'user.*',
    '*',
    'zoë',
    'a.b\n',
    `${longest}a`,
  ])('%j is not', (type) => expect(isEventType(type)).toBe(false));
});

describe('a pattern', () => {
  it.each(['*', 'user.*', 'verification.*.expired', '*.created', '*.*', 'user.created', longest])(
    '%s is well-formed',
    (pattern) => expect(isEventTypePattern(pattern)).toBe(true),
  );

  it.each([
    '',
    'us*',
    '*er',
    'user.',
    '.*',
    '**',
    'user.**',
    'user.*.',
    'a.*b',
    'user.?',
    'user.* ',
    '*\n',
    `${longest}*`,
    `${'a.'.repeat(EVENT_TYPE_MAX_LENGTH / 2)}*`,
  ])('%j is not', (pattern) => expect(isEventTypePattern(pattern)).toBe(false));

  it.each([
    ['*', ['tick', 'user.created', 'a.b.c.d'], []],
    [
      'user.*',
      ['user.created', 'user.identifier_changed', 'user.a.b'],
      ['user', 'users.created', 'my.user.created'],
    ],
    [
      'verification.*.expired',
      ['verification.sms.expired', 'verification.email.expired'],
      [
        'verification.sms.verified',
        'verification.expired',
        'verification.a.b.expired',
        'verification.sms.expired.x',
      ],
    ],
    ['*.created', ['user.created', 'challenge.created'], ['created', 'a.b.created', 'user.updated']],
    ['*.*', ['user.created', 'a.b.c'], ['tick']],
    ['user.created', ['user.created'], ['user.createdx', 'User.created', 'user.created.x', 'user']],
    ['a_b', ['a_b'], ['aXb']],
  ])('%s takes %j and not %j', (pattern, taken, others) => {
    expect(taken.filter((type) => !matchesEventType(pattern, type))).toEqual([]);
    expect(others.filter((type) => matchesEventType(pattern, type))).toEqual([]);
  });
});

describe('what endpoints subscribe to, as a regular expression', () => {
  it.each([
    [['*'], '^(.*)$'],
    [['user.*', 'tick'], '^(user\\..*|tick)$'],
    [['verification.*.expired'], '^(verification\\.[^.]*\\.expired)$'],
  ])('%j is %s', (patterns, regex) => expect(subscriptionRegex(patterns)).toBe(regex));

  it('matches the types that the patterns match, and no others', () => {
    fc.assert(
      fc.property(fc.array(eventTypePattern, { minLength: 1, maxLength: 3 }), eventType, (patterns, type) => {
        expect(new RegExp(subscriptionRegex(patterns)).test(type)).toBe(subscribes(patterns, type));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("scute's catalogue (file 000)", () => {
  const names = (profileById('scute').catalogue ?? []).map(({ name }) => name);

  it('has 2 channels × 6 outcomes of verification, and the eight others', () => {
    const outcomes = ['requested', 'verified', 'expired', 'failed', 'denied', 'delivery_failed'];
    expect(names.toSorted()).toEqual(
      [
        ...outcomes.flatMap((outcome) => [`verification.sms.${outcome}`, `verification.email.${outcome}`]),
        'auth.login.failed',
        'challenge.created',
        'challenge.completed',
        'challenge.failed',
        'user.created',
        'user.updated',
        'user.identifier_changed',
        'webhook.test',
      ].toSorted(),
    );
    expect(names.filter((name) => !isEventType(name))).toEqual([]);
  });

  it('says when each fires, with an example', () => {
    for (const { description, example } of profileById('scute').catalogue ?? []) {
      expect(description).not.toBe('');
      expect(Object.keys(example)).not.toHaveLength(0);
    }
  });

  it('adds to the payload what the document adds', () => {
    const example = (name: string) =>
      profileById('scute').catalogue?.find((entry) => entry.name === name)?.example;
    expect(example('verification.sms.expired')).toHaveProperty('was_opened');
    expect(example('verification.email.delivery_failed')).toMatchObject({ channel: 'email' });
    expect(example('verification.email.delivery_failed')).toHaveProperty('error');
    expect(example('verification.sms.denied')).toHaveProperty('consent_decision');
    expect(example('verification.sms.denied')).toHaveProperty('denial_reason');
    expect(example('verification.sms.verified')).toMatchObject({
      timing: { time_to_verify_seconds: 52 },
      device: { os: 'iOS', browser: 'Safari' },
    });
  });
});
