import { describe, expect, it } from 'vitest';
import { takesDeliveries, unexpired } from '../../src/domain/endpoint.js';

describe('an endpoint', () => {
  it.each([
    ['enabled', {}, true],
    ['disabled', { enabled: false }, false],
    ['to be disabled by the rule that it has met', { tripped: 'gone' as const }, false],
    ['paused', { pausedAt: new Date() }, false],
  ])('that is %s takes deliveries: %s', (_how, changes, takes) => {
    expect(takesDeliveries({ enabled: true, tripped: null, pausedAt: null, ...changes })).toBe(takes);
  });

  it('signs with a previous secret until the moment in which that expires', () => {
    const now = new Date('2026-04-16T12:00:00.000Z');
    const [gone, ends, lives] = ['11:59:59.999', '12:00:00.000', '12:00:00.001'].map((time) => ({
      secret: time,
      expires_at: `2026-04-16T${time}Z`,
    }));
    if (!gone || !ends || !lives) throw new Error('there are three');
    expect(unexpired([lives, gone, ends, lives], now)).toEqual([lives, lives]);
  });
});
