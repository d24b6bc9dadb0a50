import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedAtOf, dayOfDelivery, deliveryIdOf } from '../../src/domain/delivery-id.js';
import { dayOf } from '../../src/domain/day.js';

const ENDPOINT = 'c1a0f6de-0000-4000-8000-000000000001';
const acceptedAt = new Date('2026-04-16T23:59:59.999Z');

describe('a delivery id', () => {
  it('is a UUID of version 8', () => {
    expect(deliveryIdOf(acceptedAt, 'event/a/b', ENDPOINT)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('is the same for the same time, cause and endpoint, so that opening twice makes one delivery', () => {
    const id = deliveryIdOf(acceptedAt, 'event/a/b', ENDPOINT);
    expect(deliveryIdOf(new Date(acceptedAt), 'event/a/b', ENDPOINT)).toBe(id);
    expect(deliveryIdOf(new Date(acceptedAt.getTime() + 1), 'event/a/b', ENDPOINT)).not.toBe(id);
    expect(deliveryIdOf(acceptedAt, 'resend/a/b', ENDPOINT)).not.toBe(id);
    expect(deliveryIdOf(acceptedAt, 'event/a/b', ENDPOINT.replace('1', '2'))).not.toBe(id);
  });

  it('stays as it is, because it is in recorded histories and in the log', () => {
    expect(deliveryIdOf(acceptedAt, 'event/a/b', ENDPOINT)).toMatchInlineSnapshot(
      `"019d98bc-bfff-8130-bc0e-8cb349127a73"`,
    );
  });

  it("tells the event's time, and so the day of its partition", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
        fc.string(),
        (time, cause) => {
          const read = acceptedAtOf(deliveryIdOf(time, cause, ENDPOINT));
          expect(read?.getTime()).toBe(time.getTime());
          expect(dayOf(read ?? new Date(NaN))).toBe(dayOf(time));
        },
      ),
    );
    expect(dayOf(acceptedAtOf(deliveryIdOf(acceptedAt, 'x', ENDPOINT)) ?? new Date(0))).toBe('2026-04-16');
  });
});

describe('what is no delivery id', () => {
  it.each([
    '',
    'garbage',
    '00000000-0000-0000-0000-000000000000',
    '0b0e7c1e-6a0e-4d0c-9d9b-0d6f0b8a1c11',
    deliveryIdOf(acceptedAt, 'x', ENDPOINT).toUpperCase(),
    `${deliveryIdOf(acceptedAt, 'x', ENDPOINT)}\n`,
    `0${deliveryIdOf(acceptedAt, 'x', ENDPOINT)}`,
    deliveryIdOf(acceptedAt, 'x', ENDPOINT).replaceAll('-', ''),
  ])('%j has no time', (id) => expect(acceptedAtOf(id)).toBeNull());

  it('a time after the year 9999 has none either', () => {
    expect(acceptedAtOf('ffffffff-ffff-8000-8000-000000000000')).toBeNull();
    expect(acceptedAtOf(deliveryIdOf(new Date(Date.UTC(10_000, 0, 1)), 'x', ENDPOINT))).toBeNull();
    const latest = new Date('9999-12-31T00:00:00.000Z');
    expect(acceptedAtOf(deliveryIdOf(latest, 'x', ENDPOINT))).toEqual(latest);
    expect(acceptedAtOf(deliveryIdOf(new Date(latest.getTime() + 1), 'x', ENDPOINT))).toBeNull();
  });

  it('has no day, which is an error of ours', () => {
    expect(dayOfDelivery(deliveryIdOf(acceptedAt, 'x', ENDPOINT))).toBe('2026-04-16');
    expect(() => dayOfDelivery('garbage')).toThrow(new Error('not a delivery id: garbage'));
  });

  it('whatever it is, reading it never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.uuid()), (id) => void acceptedAtOf(id)));
  });
});
