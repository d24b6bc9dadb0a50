import { describe, expect, it } from 'vitest';
import { bodyOf, eventInputOf, type GivenEvent } from '../../src/routing/event-input.js';
import { appOf } from '../support/fixtures.js';

const app = appOf('standard');
const acceptedAt = new Date('2026-04-16T12:00:00.000Z');
const given: GivenEvent = { id: 'evt_1', eventType: 'user.created', data: { name: 'Ada' }, attributes: {} };
const inputOf = (changes: Partial<GivenEvent> = {}) =>
  eventInputOf(app, { ...given, ...changes }, acceptedAt);

describe('the input of an event’s workflow', () => {
  it('has the body as the profile makes it, and no more than was given', () => {
    const { contentHash, ...input } = inputOf();
    expect(contentHash).toMatch(/^[0-9a-f]{64}$/);
    expect(input).toStrictEqual({
      appId: app.id,
      eventId: 'evt_1',
      eventType: 'user.created',
      acceptedAt: '2026-04-16T12:00:00.000Z',
      envelope: { type: 'user.created', timestamp: '2026-04-16T12:00:00Z', data: { name: 'Ada' } },
    });
  });

  it('gives the profile all that its envelope is made of', () => {
    const attributes = { object: 'User', organization_id: 'org_1' };
    const { envelope } = eventInputOf(appOf('scalekit'), { ...given, attributes }, acceptedAt);
    expect(envelope).toEqual({
      spec_version: '1',
      id: 'evt_1',
      object: 'User',
      environment_id: 'env_1',
      occurred_at: '2026-04-16T12:00:00.000Z',
      organization_id: 'org_1',
      type: 'user.created',
      data: { name: 'Ada' },
    });
  });

  it('says what was asked for beside it', () => {
    const times = {
      deliverAt: new Date('2026-04-17T00:00:00Z'),
      expiresAt: new Date('2026-04-18T00:00:00Z'),
    };
    expect(inputOf({ ...times, testEndpointId: 'tested', aboutEndpointId: 'about' })).toMatchObject({
      deliverAt: '2026-04-17T00:00:00.000Z',
      expiresAt: '2026-04-18T00:00:00.000Z',
      testEndpointId: 'tested',
      aboutEndpointId: 'about',
    });
  });

  it.each<[string, Partial<GivenEvent>]>([
    ['another type', { eventType: 'user.updated' }],
    ['other data', { data: { name: 'Bob' } }],
    ['other attributes', { attributes: { object: 'x' } }],
    ['a time of delivery', { deliverAt: new Date(1) }],
    ['an expiry', { expiresAt: new Date(1) }],
  ])('has another content hash with %s', (_what, changes) => {
    expect(inputOf(changes).contentHash).not.toBe(inputOf().contentHash);
  });

  it('has the same content hash for the same content, whatever its id and the time', () => {
    expect(inputOf({ id: 'evt_2', data: { ...{ name: 'Ada' } } }).contentHash).toBe(inputOf().contentHash);
    expect(eventInputOf(app, given, new Date(0)).contentHash).toBe(inputOf().contentHash);
  });

  it('is read from the log’s bytes', () => {
    expect(bodyOf(Buffer.from('{"data":{"name":"Zoë"}}'))).toEqual({ data: { name: 'Zoë' } });
  });
});
