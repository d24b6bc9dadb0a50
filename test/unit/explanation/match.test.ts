import { describe, expect, it } from 'vitest';
import { matchOf, nearestPattern } from '../../../src/explanation/match.js';
import { at, endpoint } from '../../support/delivery-facts.js';

const paid = { eventType: 'order.paid', createdAt: at(0), isTest: false, aboutEndpointId: undefined };

describe('why an endpoint got an event, or did not', () => {
  it.each([
    ['it subscribes to it', paid, endpoint(), true, { matched: true, why: 'type' }],
    [
      'it subscribes to something else',
      paid,
      endpoint({ eventTypes: ['user.*'] }),
      false,
      { matched: false, why: 'type' },
    ],
    [
      'it was created later',
      paid,
      endpoint({ createdAt: at(1) }),
      false,
      { matched: false, why: 'created_later' },
    ],
    ['its event types were changed later', paid, endpoint(), false, { matched: false, why: 'changed_later' }],
    [
      'the event is a test of another endpoint',
      { ...paid, isTest: true },
      endpoint(),
      false,
      { matched: false, why: 'test' },
    ],
    [
      'the event is about itself',
      { ...paid, eventType: 'endpoint.disabled', aboutEndpointId: endpoint().id },
      endpoint({ eventTypes: ['endpoint.*'] }),
      false,
      { matched: false, why: 'about_itself' },
    ],
    [
      'all types are not those of Posthorn itself',
      { ...paid, eventType: 'endpoint.disabled' },
      endpoint(),
      false,
      { matched: false, why: 'type' },
    ],
  ])('%s', (_why, event, to, isDelivered, match) => {
    expect(matchOf(event, to, isDelivered)).toEqual({ nearestPattern: null, ...match });
  });
});

describe('the pattern that somebody may have meant', () => {
  it.each([
    [['orders.*'], 'order.paid', 'order.*'],
    [['user.*', 'ordr.paid'], 'order.paid', 'order.paid'],
    [['ordr.*.paid'], 'order.eu.paid', 'order.*.paid'],
    [['orderpaid'], 'order.paid', 'order.paid'],
    [['orders.payment'], 'order.paid', null],
    [['user.*'], 'order.paid', null],
    [['*.pay'], 'order.paid', '*.paid'],
  ])('of %j for %s is %s', (patterns, type, nearest) => {
    expect(nearestPattern(patterns, type)).toBe(nearest);
  });
});
