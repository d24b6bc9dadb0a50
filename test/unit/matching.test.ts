import { describe, expect, it } from 'vitest';
import { endpointsFor, endpointsForStored } from '../../src/routing/matching.js';
import { underData } from '../../src/profiles/profile.js';
import { endpointOf } from '../support/fixtures.js';

const [users, all, operational, disabled] = [
  endpointOf({ id: 'users', eventTypes: ['user.*', 'order.paid'] }),
  endpointOf({ id: 'all', eventTypes: ['*'] }),
  endpointOf({ id: 'operational', eventTypes: ['endpoint.*'] }),
  endpointOf({ id: 'disabled', eventTypes: ['user.created'], enabled: false }),
];
const endpoints = [users, all, operational, disabled];
const idsFor = (event: Parameters<typeof endpointsFor>[0]) =>
  endpointsFor(event, endpoints).map(({ id }) => id);

describe('an event goes to', () => {
  it('every endpoint that subscribes to its type, disabled ones included', () => {
    expect(idsFor({ eventType: 'user.created' })).toEqual(['users', 'all', 'disabled']);
    expect(idsFor({ eventType: 'order.paid' })).toEqual(['users', 'all']);
    expect(idsFor({ eventType: 'order.refunded' })).toEqual(['all']);
  });

  it('its one endpoint, when it is a test, whatever that subscribes to', () => {
    expect(idsFor({ eventType: 'user.created', testEndpointId: 'operational' })).toEqual(['operational']);
    expect(idsFor({ eventType: 'user.created', testEndpointId: 'gone' })).toEqual([]);
  });

  it('those that ask for it by name, when it is Posthorn’s own, and never to the one it is about', () => {
    expect(idsFor({ eventType: 'endpoint.disabled', aboutEndpointId: 'users' })).toEqual(['operational']);
    expect(idsFor({ eventType: 'endpoint.disabled', aboutEndpointId: 'operational' })).toEqual([]);
  });
});

describe('an event in the log goes to', () => {
  const stored = (eventType: string, data: unknown) =>
    endpointsForStored(
      { dataOf: underData },
      {
        day: '2026-04-16',
        appId: 'app',
        id: 'evt_1',
        eventType,
        body: Buffer.from(JSON.stringify({ type: eventType, data })),
        createdAt: new Date(),
      },
      endpoints,
    ).map(({ id }) => id);

  it('whom it would go to now', () => {
    expect(stored('user.created', { name: 'Ada' })).toEqual(['users', 'all', 'disabled']);
    // Data of an application's own event mean nothing to us, and may be anything.
    expect(stored('user.created', null)).toEqual(['users', 'all', 'disabled']);
    expect(stored('user.created', { webhook_id: 'users' })).toEqual(['users', 'all', 'disabled']);
  });

  it('never to the endpoint that it is about, which its data name', () => {
    expect(stored('endpoint.failing', { webhook_id: 'users' })).toEqual(['operational']);
    expect(stored('endpoint.failing', { webhook_id: 'operational' })).toEqual([]);
  });
});
