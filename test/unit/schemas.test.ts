import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AppEventTypes } from '../../src/api/event-types/app-event-types.js';
import { pointerTo } from '../../src/api/http/json-pointer.js';
import { Problem } from '../../src/api/http/problem.js';
import { parseBody } from '../../src/api/http/request.js';
import { newAppBody, newKeyBody } from '../../src/api/apps/requests.js';
import { newBatchBody, newEventBody, resendBody } from '../../src/api/events/requests.js';
import { timeText } from '../../src/api/http/request-fields.js';
import { newWebhookBody, rotationBody, webhookChangesBody } from '../../src/api/endpoints/requests.js';
import { createAddressGuard } from '../../src/delivery/address-guard.js';
import { profileById, profileIds } from '../../src/profiles/index.js';
import { allRoutes, nameOf } from '../support/routes.js';

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
    ['metadata that are too long', { metadata: { a: 'x'.repeat(16_384) } }, '/webhook/metadata'],
    ['enabled "yes"', { enabled: 'yes' }, '/webhook/enabled'],
    ['a short secret', { secret: '1234567' }, '/webhook/secret'],
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

  it('may take anything back but the URL', () => {
    const members = ['event_types', 'retry_limit', 'schedule', 'description', 'metadata', 'enabled'];
    for (const member of [...members, 'rate_limit', 'max_in_flight', 'headers', 'secret']) {
      expect(errorsOf(changes, { webhook: { [member]: null } })).toEqual([]);
    }
    expect(pointersOf(changes, { webhook: { url: null } })).toEqual(['/webhook/url']);
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
    ['a short secret', { secret: '1234567' }, '/secret'],
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

/** Every body of every route, in every form that profiles give it. */
const bodies = allRoutes.flatMap((route) => {
  const { body } = route;
  if (typeof body !== 'function') return body ? [{ name: nameOf(route), route, body }] : [];
  return profileIds.flatMap((id) => {
    try {
      const schema = body(profileById(id), NO_APP_EVENT_TYPES);
      return [{ name: `${nameOf(route)} of ${id}`, route, body: schema }];
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  });
});

/** The members that objects in a schema may lack, by their pointers. */
function optionalMembers(schema: z.core.$ZodType, pointer = ''): { pointer: string; member: z.ZodType }[] {
  const { def } = schema._zod;
  if (def.type === 'object') {
    const { shape } = def as z.core.$ZodObjectDef;
    return Object.entries(shape).flatMap(([name, member]) => {
      const at = `${pointer}/${name}`;
      const own = member._zod.optin === 'optional' ? [{ pointer: at, member: member as z.ZodType }] : [];
      return [...own, ...optionalMembers(member, at)];
    });
  }
  const inner = def as Partial<Record<'innerType' | 'in' | 'element', z.core.$ZodType>>;
  const next = inner.innerType ?? inner.in ?? inner.element;
  return next ? optionalMembers(next, pointer) : [];
}

describe('null', () => {
  it.each(
    bodies.filter(({ route }) => route.method === 'post').map((each) => [each.name, each.body] as const),
  )('%s: for a member that may be left out is as if it were left out', (_name, body) => {
    for (const { pointer, member } of optionalMembers(body)) {
      const given = member.safeParse(null);
      const leftOut = member.safeParse(undefined);
      expect({ pointer, data: given.data, error: given.error?.issues }).toEqual({
        pointer,
        data: leftOut.data,
        error: leftOut.error?.issues,
      });
    }
  });

  it.each(
    bodies.filter(({ route }) => route.method === 'patch').map((each) => [each.name, each.body] as const),
  )('%s: takes back every member that may be left out at creation', (name, body) => {
    const post = name.includes('/webhooks') ? 'POST /v1/apps/:app_id/webhooks' : 'POST /v1/apps';
    const profile = name.split(' of ')[1];
    const creation = bodies.find((each) => each.name === (profile ? `${post} of ${profile}` : post));
    const members = optionalMembers(creation?.body ?? z.never()).map(({ pointer }) => pointer);
    const changeable = new Map(optionalMembers(body).map(({ pointer, member }) => [pointer, member]));
    expect(members.length).toBeGreaterThan(2);
    // An application keeps its profile.
    for (const pointer of members.filter((each) => each !== '/profile')) {
      expect({ pointer, data: changeable.get(pointer)?.safeParse(null).data }).toEqual({
        pointer,
        data: null,
      });
    }
  });

  it('is found wherever it may stand', () => {
    const pointers = new Set(
      bodies.flatMap(({ body }) => optionalMembers(body).map(({ pointer }) => pointer)),
    );
    for (const some of [
      '/webhook/secret',
      '/settings/hold_hours',
      '/events/deliver_at',
      '/attributes',
      '/until',
    ]) {
      expect(pointers).toContain(some);
    }
  });

  it('is a value as data', () => {
    const { data } = parseBody(newEventBody(standard), { event_type: 'a', data: null, id: null });
    expect(data).toBeNull();
    expect(
      pointersOf(newEventBody(profileById('scalekit')), { event_type: 'a', data: 1, attributes: null }),
    ).toEqual(['/attributes/object']);
  });
});

describe('what there is too much of', () => {
  const many = <T>(item: T) => Array.from({ length: 200_000 }, () => item);
  const wide = Object.fromEntries(many('x').map((value, n) => [`X-${n}`, value]));

  it.each<[string, z.ZodType, unknown, string]>([
    ['headers', webhook, { webhook: { url, headers: wide } }, '/webhook/headers'],
    ['event types', webhook, { webhook: { url, event_types: many('us*') } }, '/webhook/event_types'],
    ['delays', webhook, { webhook: { url, schedule: many(0) } }, '/webhook/schedule'],
    ['events', newBatchBody(standard), { events: many({}) }, '/events'],
    ['scopes', newKeyBody, { scopes: many('all') }, '/scopes'],
    ['metadata', webhook, { webhook: { url, metadata: wide } }, '/webhook/metadata'],
  ])('of %s is counted before it is looked at: one error', (_what, schema, value, pointer) => {
    expect(pointersOf(schema, value)).toEqual([pointer]);
  });

  it('of errors is told of up to twenty, and that there are more', () => {
    const problem = (members: number) => {
      try {
        parseBody(webhook, { webhook: { url, ...Object.fromEntries(many(1).slice(0, members).entries()) } });
      } catch (error) {
        if (error instanceof Problem) return error;
      }
      throw new Error('nothing was refused');
    };
    expect(problem(20).more.errors).toHaveLength(20);
    expect(problem(20).detail).not.toMatch(/and more$/);
    expect(problem(1_000).more.errors).toHaveLength(20);
    expect(problem(1_000).detail).toMatch(/; and more$/);
  });
});

describe('an id', () => {
  it('of scute is a UUID, whatever the case of its letters', () => {
    const id = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11';
    const parsed = parseBody(newEventBody(scute), { event_type: 'user.created', data: 1, id });
    expect(parsed.id).toBe(id.toLowerCase());
    const twice = [id, id.toLowerCase()].map((each) => ({ event_type: 'user.created', data: 1, id: each }));
    expect(pointersOf(newBatchBody(scute), { events: twice })).toEqual(['/events/1/id']);
  });

  it('of others is another one in another case', () => {
    for (const profile of profileIds.map(profileById).filter(({ id }) => id !== 'scute')) {
      const event = { event_type: 'a', data: 1, attributes: profile.testEvent.attributes };
      const made = profile.eventId.fromBytes(Buffer.alloc(32, 0xab));
      const id = `${made.slice(0, -1)}Z`;
      const twice = [id, `${made.slice(0, -1)}z`].map((each) => ({ ...event, id: each }));
      expect(pointersOf(newBatchBody(profile), { events: twice })).toEqual([]);
    }
  });
});

describe('a point in time', () => {
  it.each([
    ['2026-04-16T12:00:00Z', '2026-04-16T12:00:00.000Z'],
    ['2026-04-16T12:00:00.123456Z', '2026-04-16T12:00:00.123Z'],
    ['2026-04-16T14:00:00+02:00', '2026-04-16T12:00:00.000Z'],
    ['2026-11-29T06:00Z', '2026-11-29T06:00:00.000Z'],
    ['2026-11-29T06:00:00+0000', '2026-11-29T06:00:00.000Z'],
    ['2026-11-29T06:00:00+02', '2026-11-29T04:00:00.000Z'],
    ['2026-11-29T06:00-0330', '2026-11-29T09:30:00.000Z'],
    ['2026-11-29T06:00:00-00:00', '2026-11-29T06:00:00.000Z'],
    ['2026-11-29t06:00:00z', '2026-11-29T06:00:00.000Z'],
    ['2026-11-29T06:00:00.5Z', '2026-11-29T06:00:00.500Z'],
    ['2026-11-29T06:00:00,25Z', '2026-11-29T06:00:00.250Z'],
    [`2026-11-29T06:00:00.${'9'.repeat(50)}Z`, '2026-11-29T06:00:00.999Z'],
    ['2024-02-29T23:59:59+23:59', '2024-02-29T00:00:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000Z'],
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
    '2026-02-29T00:00:00Z',
    '2026-02-31T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-W48-7T06:00:00Z',
    '2026-333T06:00:00Z',
    '2016-12-31T23:59:60Z',
    '2026-04-16T12:60:00Z',
    '2026-04-16T12:00:00+24:00',
    '2026-04-16T12:00:00+02:60',
    '2026-04-16T12Z',
    '2026-04-16T12:00:00.Z',
    '2026-04-16 12:00:00Z',
    ' 2026-04-16T12:00:00Z',
    '2026-04-16T12:00:00Z\n',
    '2026-04-16T12:00:00+2',
    '２０２６-04-16T12:00:00Z',
    1776340800,
    null,
  ])('%j is none', (text) => expect(timeText.safeParse(text).success).toBe(false));

  it.each(['2026-04-16T12:00:00 02:00', '2026-04-16T12:00:00.5 0200', '2026-04-16T12:00 02'])(
    '%j had a plus: that is said',
    (text) => expect(timeText.safeParse(text).error?.issues[0]?.message).toMatch(/write the plus as %2B/),
  );

  it('that Date reads likewise is the same', () => {
    const year = fc.integer({ min: 0, max: 9_999 }).map((n) => new Date(Date.UTC(2000, 0)).setUTCFullYear(n));
    fc.assert(
      fc.property(year, fc.nat(31_536_000_000 - 1), (start, since) => {
        const time = new Date(start + since);
        fc.pre(time.getUTCFullYear() < 10_000);
        expect(timeText.parse(time.toISOString())).toEqual(time);
      }),
    );
  });
});

describe('a pointer', () => {
  it('is escaped as RFC 6901 has it', () => {
    expect(pointerTo([])).toBe('');
    expect(pointerTo(['a/b', 0, '~', ''])).toBe('/a~1b/0/~0/');
  });
});
