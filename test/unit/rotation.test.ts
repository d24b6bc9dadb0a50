import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { unsealed } from '../../src/store/secrets/unsealed.js';
import { rotated } from '../../src/api/endpoints/rotate-secret.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import { createSealer } from '../../src/store/secrets/sealer.js';
import { endpointOf } from '../support/fixtures.js';

const sealer = createSealer(randomBytes(32));
const START = new Date('2026-04-16T12:00:00.000Z');
const after = (seconds: number) => new Date(START.getTime() + seconds * 1000);

const endpoint = endpointOf({
  id: 'e1',
  secret: sealer.seal('first', 'e1'),
  createdAt: START,
  updatedAt: START,
});

const rotate = (from: Endpoint, secret: string, graceSeconds: number, now = START) =>
  rotated(from, { secret, graceSeconds }, sealer, now);
/** What an attempt at a time is signed with. */
const signing = (by: Endpoint, now: Date) => unsealed(sealer, { ...by, endpointId: by.id }, now).secrets;

describe('a rotated secret', () => {
  it('signs after the old one until the grace is over, then alone', () => {
    const now = rotate(endpoint, 'second', 60);
    expect(signing(now, START)).toEqual(['first', 'second']);
    expect(signing(now, after(59.999))).toEqual(['first', 'second']);
    expect(signing(now, after(60))).toEqual(['second']);
    expect(now.previousSecrets).toMatchObject([{ expires_at: '2026-04-16T12:01:00.000Z' }]);
  });

  it('changes nothing else but the time of the change', () => {
    const { secret: _secret, previousSecrets: _previous, ...rest } = rotate(endpoint, 'second', 60, after(1));
    const { secret: _before, previousSecrets: _none, ...before } = endpoint;
    expect(rest).toEqual({ ...before, updatedAt: after(1) });
  });

  it('without grace signs alone at once, and nothing of the old one is kept', () => {
    const now = rotate(endpoint, 'second', 0);
    expect(signing(now, START)).toEqual(['second']);
    expect(now.previousSecrets).toEqual([]);
  });

  it('leaves earlier ones their own time, also when the next has none', () => {
    const twice = rotate(rotate(endpoint, 'second', 100), 'third', 10, after(1));
    expect(signing(twice, after(10))).toEqual(['first', 'second', 'third']);
    expect(signing(twice, after(11))).toEqual(['first', 'third']);
    expect(signing(twice, after(100))).toEqual(['third']);
    expect(signing(rotate(twice, 'fourth', 0, after(2)), after(2))).toEqual(['first', 'second', 'fourth']);
  });

  it('drops what has expired, and of more than five previous ones the oldest', () => {
    const later = rotate(rotate(endpoint, 'second', 10), 'third', 10, after(10));
    expect(later.previousSecrets).toHaveLength(1);
    const many = ['2', '3', '4', '5', '6', '7'].reduce((by, secret) => rotate(by, secret, 60), endpoint);
    expect(signing(many, START)).toEqual(['2', '3', '4', '5', '6', '7']);
  });

  it('that is the one in force changes nothing, whatever grace is given', () => {
    const once = rotate(endpoint, 'second', 60);
    expect(rotate(once, 'second', 0, after(1))).toBe(once);
  });

  it('that was a previous one is no longer one, and signs once', () => {
    const back = rotate(rotate(endpoint, 'second', 60), 'first', 60, after(1));
    expect(signing(back, after(1))).toEqual(['second', 'first']);
    expect(signing(back, after(61))).toEqual(['first']);
    expect(signing(rotate(rotate(endpoint, 'second', 60), 'first', 0), START)).toEqual(['first']);
  });

  it('is the first of an endpoint without one, and signs at once', () => {
    const now = rotate({ ...endpoint, secret: null }, 'first', 60);
    expect(signing(now, START)).toEqual(['first']);
    expect(now.previousSecrets).toEqual([]);
  });

  it('is kept sealed, like those before it', () => {
    const stored = rotate(endpoint, 'second', 60);
    expect(stored.secret?.includes('second')).toBe(false);
    const [previous] = stored.previousSecrets;
    expect(Buffer.from(previous?.secret ?? '', 'base64').includes('first')).toBe(false);
  });
});
