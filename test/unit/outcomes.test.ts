import { describe, expect, it } from 'vitest';
import { errorOf, isSuccess, judge, type Answer } from '../../src/delivery/outcome.js';
import { profileById } from '../../src/profiles/index.js';
import { defaultSchedule } from '../../src/profiles/profile.js';
import { delayBeforeAttemptMs } from '../../src/domain/schedule.js';

const scute = profileById('scute');
const standard = profileById('standard');
const answered = (statusCode: number, retryAfterMs?: number): Answer => ({
  kind: 'answered',
  statusCode,
  body: '',
  durationMs: 1,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const unanswered: Answer = {
  kind: 'unanswered',
  code: 'timeout',
  text: 'no answer within 10 s',
  durationMs: 1,
};

const judged = (profile: typeof scute, number: number, answer: Answer) =>
  judge(profile, defaultSchedule(profile), { deliveryId: 'd', number }, answer);

describe('an answer', () => {
  it.each([200, 201, 202, 204, 226, 299])('of %i delivers, on every profile', (status) => {
    expect(judged(scute, 1, answered(status))).toEqual({ kind: 'delivered' });
    expect(judged(standard, 10, answered(status))).toEqual({ kind: 'delivered' });
  });

  it.each([400, 401, 403, 404, 408, 410, 422, 429, 499])('scute: of %i refuses for good', (status) => {
    expect(judged(scute, 1, answered(status))).toEqual({ kind: 'failed', reason: 'refused' });
  });

  it.each([199, 300, 301, 302, 304, 307, 308, 500, 502, 503, 599])(
    'scute: of %i is tried again',
    (status) => {
      expect(judged(scute, 1, answered(status))).toEqual({ kind: 'retry', delayMs: 10_000 });
    },
  );

  it('standard: only 410 refuses for good', () => {
    expect(judged(standard, 1, answered(410))).toEqual({ kind: 'failed', reason: 'refused' });
    for (const status of [302, 400, 401, 404, 408, 422, 429, 500]) {
      expect(judged(standard, 1, answered(status)).kind).toBe('retry');
    }
  });

  it('that does not come is tried again', () => {
    expect(judged(scute, 2, unanswered)).toEqual({ kind: 'retry', delayMs: 20_000 });
    expect(judged(standard, 1, unanswered).kind).toBe('retry');
  });

  it('to the last attempt exhausts the schedule', () => {
    expect(judged(scute, 3, unanswered).kind).toBe('retry');
    expect(judged(scute, 4, unanswered)).toEqual({ kind: 'failed', reason: 'exhausted' });
    expect(judged(standard, 10, answered(500))).toEqual({ kind: 'failed', reason: 'exhausted' });
    expect(judged(standard, 10, answered(410))).toEqual({ kind: 'failed', reason: 'refused' });
  });

  it('standard: waits as long as the receiver asks for', () => {
    const scheduled = delayBeforeAttemptMs(standard.schedule, 2, 'd');
    expect(judged(standard, 1, answered(503))).toEqual({ kind: 'retry', delayMs: scheduled });
    expect(judged(standard, 1, answered(503, 60_000))).toEqual({ kind: 'retry', delayMs: 60_000 });
    expect(judged(scute, 1, answered(503, 60_000))).toEqual({ kind: 'retry', delayMs: 10_000 });
  });
});

describe('the error of an attempt', () => {
  it.each([
    [answered(200), null],
    [answered(500), null],
    [answered(299), null],
    [answered(300), 'redirect: status 300; redirects are never followed'],
    [answered(304), null],
    [answered(400), null],
    [answered(399), 'redirect: status 399; redirects are never followed'],
    [answered(301), 'redirect: status 301; redirects are never followed'],
    [unanswered, 'timeout: no answer within 10 s'],
  ])('%j is %j', (answer, error) => expect(errorOf(answer)).toBe(error));

  it('goes with success exactly for 2xx', () => {
    expect([199, 200, 299, 300].map(isSuccess)).toEqual([false, true, true, false]);
  });
});
