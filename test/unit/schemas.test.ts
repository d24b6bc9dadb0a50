import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { AppEventTypes } from '../../src/api/app-event-types.js';
import { pointerTo } from '../../src/api/json-pointer.js';
import { Problem } from '../../src/api/problem.js';
import { parseBody } from '../../src/api/request.js';
import { newAppBody, newKeyBody } from '../../src/api/schemas/apps.js';
import { newEventBody, resendBody } from '../../src/api/schemas/events.js';
import { timeText } from '../../src/api/schemas/fields.js';
import { newWebhookBody, rotationBody, webhookChangesBody } from '../../src/api/schemas/webhooks.js';
import { createAddressGuard } from '../../src/delivery/address-guard.js';
import { profileById } from '../../src/profiles/index.js';

const guard = createAddressGuard([]);
/** Of an application that added none. */
const NO_APP_EVENT_TYPES: AppEventTypes = { has: () => false };
const scute = profileById('scute');
const standard = profileById('standard');
const webhook = newWebhookBody(scute, guard, NO_APP_EVENT_TYPES);
const changes = webhookChangesBody(scute, guard, NO_APP_EVENT_TYPES);
const url = 'https://example.com/hook';

/** What is wrong with a value: a pointer and a message for each field. */
function errorsOf(schema: z.ZodType, value: unknown): (string | undefined)[][] {
  try {
    parseBody(schema, value);
    return [];
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.status).toBe(422);
    return (error.more.errors ?? []).map((each) => ['pointer' in each ? each.pointer : '?', each.detail]);
  }
}
const pointersOf = (schema: z.ZodType, value: unknown) => errorsOf(schema, value).map(([pointer]) => pointer);

describe('a new endpoint', () => {
  it('needs nothing but a URL', () => {
    expect(parseBody(webhook, { webhook: { url } })).toEqual({ webhook: { url } });
  });

  it('keeps its metadata as they are, whatever their keys', () => {
    const metadata = JSON.parse('{"__proto__":{"a":1},"constructor":null,"2":"b","1":"a"}') as object;
    const parsed = parseBody(webhook, { webhook: { url, metadata } });
    expect(JSON.stringify(parsed.webhook.metadata)).toBe(JSON.stringify(metadata));
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no URL', { url: undefined }, '/webhook/url'],
    ['a URL that is none', { url: 'nonsense' }, '/webhook/url'],
    ['a URL that is a number', { url: 1 }, '/webhook/url'],
    ['an http URL', { url: 'http://example.com' }, '/webhook/url'],
    ['a private address', { url: 'https://10.0.0.1' }, '/webhook/url'],
    ['no event types', { event_types: [] }, '/webhook/event_types'],
    ['event types that are a text', { event_types: '*' }, '/webhook/event_types'],
    ['event types that are null', { event_types: null }, '/webhook/event_types'],
    ['201 event types', { event_types: Array.from({ length: 201 }, () => '*') }, '/webhook/event_types'],
    ['us*', { event_types: ['*', 'us*'] }, '/webhook/event_types/1'],
    ['user.', { event_types: ['user.'] }, '/webhook/event_types/0'],
    ['**', { event_types: ['**'] }, '/webhook/event_types/0'],
    ['an event type of another profile', { event_types: ['order.created'] }, '/webhook/event_types/0'],
    ['an event type that is null', { event_types: [null] }, '/webhook/event_types/0'],
    ['retry_limit 11', { retry_limit: 11 }, '/webhook/retry_limit'],
    ['retry_limit -1', { retry_limit: -1 }, '/webhook/retry_limit'],
    ['retry_limit 1.5', { retry_limit: 1.5 }, '/webhook/retry_limit'],
    ['retry_limit "3"', { retry_limit: '3' }, '/webhook/retry_limit'],
    ['a description with a NUL', { description: 'a\0b' }, '/webhook/description'],
    ['a description that is too long', { description: 'x'.repeat(1_001) }, '/webhook/description'],
    ['metadata that are a list', { metadata: [] }, '/webhook/metadata'],
    ['metadata that are null', { metadata: null }, '/webhook/metadata'],
    ['metadata that are too long', { metadata: { a: 'x'.repeat(16_384) } }, '/webhook/metadata'],
    ['enabled "yes"', { enabled: 'yes' }, '/webhook/enabled'],
    ['a short secret', { secret: '1234567' }, '/webhook/secret'],
    ['a secret that is null', { secret: null }, '/webhook/secret'],
    ['headers that are a list', { headers: [] }, '/webhook/headers'],
    ['a header that is a number', { headers: { 'X-A': 1 } }, '/webhook/headers/X-A'],
    ['a header with a line break', { headers: { 'X-A': 'a\r\nX-B: c' } }, '/webhook/headers/X-A'],
    ['a header beyond ASCII', { headers: { 'X-A': 'Zoë' } }, '/webhook/headers/X-A'],
    ['a header name that is none', { headers: { 'X A': '1' } }, '/webhook/headers/X A'],
    ['a header name with a slash', { headers: { 'X/A~': '1' } }, '/webhook/headers/X~1A~0'],
    ['a header named ""', { headers: { '': '1' } }, '/webhook/headers/'],
    ['a header twice', { headers: { 'X-A': '1', 'x-a': '2' } }, '/webhook/headers/x-a'],
    [
      '21 headers',
      { headers: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`X-${n}`, '1'])) },
      '/webhook/headers',
    ],
    ['a member that is not known', { colour: 'red' }, '/webhook/colour'],
    [
      'a member named __proto__',
      JSON.parse('{"__proto__":1}') as Record<string, unknown>,
      '/webhook/__proto__',
    ],
  ])('with %s is refused at its pointer', (_what, more, pointer) => {
    const value = {
      webhook: Object.defineProperties({ url }, Object.getOwnPropertyDescriptors(more)),
    };
    expect(pointersOf(webhook, value)).toEqual([pointer]);
  });

  it.each([
    'Host',
    'host',
    'Content-Type',
    'Content-Length',
    'Content-Encoding',
    'Connection',
    'Keep-Alive',
    'Proxy-Authorization',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'X-Posthorn-Test',
    'User-Agent',
    'X-Webhook-Signature',
  ])('with a header %s of its own is refused', (name) => {
    expect(errorsOf(webhook, { webhook: { url, headers: { [name]: 'x' } } })).toEqual([
      [`/webhook/headers/${name}`, 'is set by Posthorn itself'],
    ]);
  });

  it('on standard may set its User-Agent, and not the trio', () => {
    const forStandard = newWebhookBody(standard, guard, NO_APP_EVENT_TYPES);
    expect(
      errorsOf(forStandard, { webhook: { url, headers: { 'User-Agent': 'x', Authorization: 'y' } } }),
    ).toEqual([]);
    for (const name of ['webhook-id', 'Webhook-Timestamp', 'WEBHOOK-SIGNATURE']) {
      expect(pointersOf(forStandard, { webhook: { url, headers: { [name]: 'x' } } })).toHaveLength(1);
    }
  });

  it('never quietly loses a header', () => {
    const headers = JSON.parse('{"__proto__":"x","X-A":"1"}') as Record<string, string>;
    const kept = () => Object.keys(parseBody(webhook, { webhook: { url, headers } }).webhook.headers ?? {});
    const refused = errorsOf(webhook, { webhook: { url, headers } }).length > 0;
    expect(refused || kept().includes('__proto__')).toBe(true);
  });

  it('is told of everything that is wrong at once', () => {
    const bad = { webhook: { retry_limit: 11, event_types: ['us*', '**'], a: 1, b: 2 }, more: 1 };
    expect(pointersOf(webhook, bad).sort()).toEqual(
      [
        '/webhook/url',
        '/webhook/retry_limit',
        '/webhook/event_types/0',
        '/webhook/event_types/1',
        '/webhook/a',
        '/webhook/b',
        '/more',
      ].sort(),
    );
  });

  it.each([null, [], 'x', 1, true])('that is %j is refused as a whole', (value) => {
    expect(pointersOf(webhook, value)).toEqual(['']);
    expect(pointersOf(webhook, { webhook: value })).toEqual(['/webhook']);
  });

  it('takes every pattern of the document, and its own types', () => {
    const event_types = ['*', 'user.*', 'verification.*.expired', 'not.yet.*', 'auth.login.failed'];
    expect(errorsOf(webhook, { webhook: { url, event_types } })).toEqual([]);
  });
});

describe('a change of an endpoint', () => {
  it('may be of nothing', () => {
    expect(parseBody(changes, { webhook: {} })).toEqual({ webhook: {} });
  });

  it('may take description, retry_limit and schedule away, and nothing else', () => {
    expect(errorsOf(changes, { webhook: { description: null, retry_limit: null, schedule: null } })).toEqual(
      [],
    );
    for (const member of ['url', 'event_types', 'metadata', 'enabled', 'headers']) {
      expect(pointersOf(changes, { webhook: { [member]: null } })).toEqual([`/webhook/${member}`]);
    }
  });

  it('takes the same members as a new endpoint, the secret too', () => {
    expect(errorsOf(changes, { webhook: { secret: 'another-secret' } })).toEqual([]);
  });

  it('is strict', () => {
    expect(pointersOf(changes, { webhook: { id: 'x' } })).toEqual(['/webhook/id']);
    expect(pointersOf(changes, {})).toEqual(['/webhook']);
  });
});

describe('a rotation of the secret', () => {
  const rotation = rotationBody(scute);

  it('needs nothing: the old secret then has a day', () => {
    expect(parseBody(rotation, {})).toEqual({ grace_seconds: 86_400 });
  });

  it.each([0, 1, 604_800])('may leave the old secret %i seconds', (grace_seconds) => {
    expect(parseBody(rotation, { grace_seconds })).toEqual({ grace_seconds });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['less than no grace', { grace_seconds: -1 }, '/grace_seconds'],
    ['more than a week of grace', { grace_seconds: 604_801 }, '/grace_seconds'],
    ['half a second of grace', { grace_seconds: 0.5 }, '/grace_seconds'],
    ['a grace that is a text', { grace_seconds: '60' }, '/grace_seconds'],
    ['a grace that is null', { grace_seconds: null }, '/grace_seconds'],
    ['a short secret', { secret: '1234567' }, '/secret'],
    ['a secret that is null', { secret: null }, '/secret'],
    ['a member that is not known', { grace: 60 }, '/grace'],
  ])('with %s is refused at its pointer', (_what, value, pointer) => {
    expect(pointersOf(rotation, value)).toEqual([pointer]);
  });

  it('takes the secrets that its profile takes at creation', () => {
    const pair =
      'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
    expect(errorsOf(rotationBody(standard), { secret: pair })).toEqual([]);
    expect(pointersOf(rotationBody(profileById('scalekit')), { secret: pair })).toEqual(['/secret']);
    expect(pointersOf(rotationBody(standard), { secret: 'any text at all' })).toEqual(['/secret']);
  });

  it('does not repeat a secret that it refuses', () => {
    expect(JSON.stringify(errorsOf(rotationBody(standard), { secret: 'hush-hush' }))).not.toContain('hush');
  });
});

describe('an event', () => {
  const event = newEventBody(scute);

  it.each<[string, Record<string, unknown>, string]>([
    ['no type', { event_type: undefined }, '/event_type'],
    ['a malformed type', { event_type: 'user.' }, '/event_type'],
    ['a pattern for a type', { event_type: 'user.*' }, '/event_type'],
    ['no data', { data: undefined }, '/data'],
    ['an id that is no UUID', { id: 'evt_1' }, '/id'],
    ['an id that is a number', { id: 1 }, '/id'],
    ['attributes', { attributes: { object: 'x' } }, '/attributes/object'],
    ['a member that is not known', { date: 1 }, '/date'],
  ])('with %s is refused at its pointer', (_what, more, pointer) => {
    expect(pointersOf(event, { event_type: 'user.created', data: {}, ...more })).toEqual([pointer]);
  });

  it.each([null, 0, false, '', [], {}])('may have %j for data', (data) => {
    expect(errorsOf(event, { event_type: 'user.created', data })).toEqual([]);
  });

  it('standard: has any well-formed type, and an id of 1 to 64 characters', () => {
    const any = newEventBody(standard);
    expect(errorsOf(any, { event_type: 'Any_thing.at.all', data: 1, id: 'x'.repeat(64) })).toEqual([]);
    for (const id of ['', 'x'.repeat(65), 'a.b', 'a/b', 'a b', 'a\n']) {
      expect(pointersOf(any, { event_type: 'a', data: 1, id })).toEqual(['/id']);
    }
  });
});

describe('an application', () => {
  it('is of the standard profile when nothing is said', () => {
    expect(parseBody(newAppBody, { name: ' Acme ' })).toEqual({
      name: 'Acme',
      profile: 'standard',
      settings: {},
    });
  });

  it.each<[string, unknown, string]>([
    ['no name', {}, '/name'],
    ['an empty name', { name: ' ' }, '/name'],
    ['a name with a NUL', { name: 'a\0' + 'b' }, '/name'],
    ['a name of two lines', { name: 'a\nb' }, '/name'],
    ['a name that is too long', { name: 'x'.repeat(201) }, '/name'],
    ['a name that is not well-formed Unicode', { name: 'a\ud800b' }, '/name'],
    ['an unknown profile', { name: 'a', profile: 'acme' }, '/profile'],
    ['an unknown setting', { name: 'a', settings: { colour: 1 } }, '/settings/colour'],
  ])('with %s is refused at its pointer', (_what, value, pointer) => {
    expect(pointersOf(newAppBody, value)).toEqual([pointer]);
  });
});

describe('a key', () => {
  it('has every scope when nothing is said', () => {
    expect(parseBody(newKeyBody, {}).scopes).toEqual([
      'webhooks:read',
      'webhooks:write',
      'events:read',
      'events:write',
    ]);
  });

  it('has known scopes only, and at least one', () => {
    expect(pointersOf(newKeyBody, { scopes: [] })).toEqual(['/scopes']);
    expect(pointersOf(newKeyBody, { scopes: ['events:read', 'all'] })).toEqual(['/scopes/1']);
  });
});

describe('a resend', () => {
  it('names an endpoint, or none', () => {
    expect(errorsOf(resendBody, {})).toEqual([]);
    expect(pointersOf(resendBody, { webhook_id: 'x' })).toEqual(['/webhook_id']);
    expect(pointersOf(resendBody, { webhook: 'x' })).toEqual(['/webhook']);
  });
});

describe('a point in time', () => {
  it.each([
    ['2026-04-16T12:00:00Z', '2026-04-16T12:00:00.000Z'],
    ['2026-04-16T12:00:00.123456Z', '2026-04-16T12:00:00.123Z'],
    ['2026-04-16T14:00:00+02:00', '2026-04-16T12:00:00.000Z'],
  ])('%s is %s', (text, time) => expect(timeText.parse(text).toISOString()).toBe(time));

  it.each([
    '',
    'today',
    '2026-04-16',
    '2026-02-30T00:00:00Z',
    '2026-04-16T24:00:00Z',
    '2026-04-16T12:00:00',
    '1776340800',
    '+010000-01-01T00:00:00Z',
  ])('%j is none', (text) => expect(timeText.safeParse(text).success).toBe(false));
});

describe('a pointer', () => {
  it('is escaped as RFC 6901 has it', () => {
    expect(pointerTo([])).toBe('');
    expect(pointerTo(['a/b', 0, '~', ''])).toBe('/a~1b/0/~0/');
  });
});
