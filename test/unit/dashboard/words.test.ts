import { describe, expect, it } from 'vitest';
import {
  answerWords,
  attemptWords,
  errorDetail,
  errorName,
} from '../../../src/dashboard/logic/attempt-words.js';
import { errorOf, wrongFields } from '../../../src/dashboard/logic/field-errors.js';
import { headersFrom } from '../../../src/dashboard/logic/headers-from.js';
import { ruleWords } from '../../../src/dashboard/logic/health-rule.js';
import { hostOf } from '../../../src/dashboard/logic/host.js';
import { jsonTokens } from '../../../src/dashboard/logic/json-tokens.js';
import { onceFrom } from '../../../src/dashboard/logic/once-token.js';
import { pageOf } from '../../../src/dashboard/logic/search-pages.js';
import { snippetFor } from '../../../src/dashboard/logic/snippets.js';
import { percent, totalsOf } from '../../../src/dashboard/logic/stats.js';
import { deliveryStatus } from '../../../src/dashboard/logic/statuses.js';
import { sameOf } from '../../../src/dashboard/routes.js';

describe('an attempt', () => {
  it.each([
    [{ status_code: 200, error: null, duration_ms: 35 }, 'Delivered: 200 in 35 ms', '200 after 35 ms'],
    [{ status_code: 500, error: null, duration_ms: 12 }, 'Failed: 500 in 12 ms', '500 after 12 ms'],
    [{ status_code: 302, error: 'redirect: to /x', duration_ms: 1 }, 'Failed: 302 in 1 ms', '302 after 1 ms'],
    [
      { status_code: null, error: 'timeout: no answer in 15 s', duration_ms: 15_000 },
      'Failed: timeout after 15.0 s',
      'timeout after 15.0 s',
    ],
    [{ status_code: null, error: 'worker_lost', duration_ms: null }, 'Failed: worker lost', 'worker lost'],
  ])('%j is "%s"', (attempt, whole, answer) => {
    expect(attemptWords(attempt)).toBe(whole);
    expect(answerWords(attempt)).toBe(answer);
  });

  it('has an error of a code and a text', () => {
    expect(errorName('connection_refused: 127.0.0.1:9000')).toBe('connection refused');
    expect(errorDetail('connection_refused: 127.0.0.1:9000')).toBe('127.0.0.1:9000');
    expect(errorDetail('worker_lost')).toBeNull();
    expect(errorDetail(null)).toBeNull();
  });
});

describe('a delivery', () => {
  it.each([
    [{ status: 'failed', reason: null, next_attempt_at: '2026-11-30T12:00:00.000Z' }, 'Will retry', 'waits'],
    [{ status: 'failed', reason: 'exhausted', next_attempt_at: null }, 'Failed', 'bad'],
    [{ status: 'failed', reason: 'cancelled', next_attempt_at: null }, 'Cancelled', 'still'],
    [{ status: 'failed', reason: 'endpoint_paused', next_attempt_at: null }, 'Held', 'still'],
    [{ status: 'pending', reason: 'at_capacity', next_attempt_at: null }, 'Held', 'still'],
    [{ status: 'pending', reason: 'scheduled', next_attempt_at: null }, 'Scheduled', 'waits'],
    [{ status: 'pending', reason: null, next_attempt_at: null }, 'Pending', 'busy'],
    [{ status: 'processing', reason: null, next_attempt_at: null }, 'Sending', 'busy'],
    [{ status: 'delivered', reason: null, next_attempt_at: null }, 'Delivered', 'good'],
  ] as const)('%j is "%s"', (state, word, tone) => {
    expect(deliveryStatus(state)).toMatchObject({ word, tone });
  });
});

it('finds the fields of a form that the API refuses', () => {
  const wrong = wrongFields(
    [
      { pointer: '/webhook/url', detail: 'It is no URL.' },
      { pointer: '/webhook/event_types/0', detail: 'It is no pattern.' },
      { pointer: '/webhook', detail: 'It is full.' },
    ],
    {
      '/webhook/url': { id: 'url', label: 'URL' },
      '/webhook/event_types': { id: 'events', label: 'Events' },
    },
  );
  expect(errorOf(wrong, 'url')).toBe('It is no URL.');
  expect(errorOf(wrong, 'events')).toBe('It is no pattern.');
  expect(wrong[2]).toEqual({ field: null, text: '/webhook: It is full.' });
  expect(errorOf([], 'url')).toBeNull();
});

it('reads headers as logs, `curl -v`, shells and JSON show them', () => {
  const text = [
    'Webhook-Id: msg_1',
    '> webhook-timestamp: 17',
    `-H 'webhook-signature: v1,abc=' \\`,
    '  "content-type": "application/json",',
    'no header',
  ].join('\r\n');
  expect(headersFrom(text)).toEqual({
    'webhook-id': 'msg_1',
    'webhook-timestamp': '17',
    'webhook-signature': 'v1,abc=',
    'content-type': 'application/json',
  });
});

it('splits JSON into parts that together are the whole', () => {
  const text = JSON.stringify({ 'a "b': [1.5, -2e3, true, null, 'x: <b>'] }, null, 2);
  const tokens = jsonTokens(text);
  expect(tokens.map((token) => token.text).join('')).toBe(text);
  expect(tokens.filter(({ kind }) => kind !== 'other').map(({ kind }) => kind)).toEqual([
    'key',
    'number',
    'number',
    'word',
    'word',
    'string',
  ]);
});

it('says when failures disable an endpoint', () => {
  expect(ruleWords({ after_failures: 10, after_hours: null, on_gone: false })).toBe(
    'It is disabled after 10 deliveries in a row that fail for good.',
  );
  expect(ruleWords({ after_failures: null, after_hours: 120, on_gone: true })).toBe(
    'It is disabled after 120 hours in which all attempts fail, or at an answer of 410 Gone.',
  );
  expect(ruleWords({ after_failures: 0, after_hours: null, on_gone: false })).toBe(
    'Failures never disable it.',
  );
});

it('sums buckets, and never rounds a share up to all or down to nothing', () => {
  const bucket = { start: '', events: 2, delivered: 3, failed: 1, attempts: 5, retried: 1, p50_ms: 1 };
  expect(
    totalsOf([
      { ...bucket, p95_ms: 7 },
      { ...bucket, p95_ms: null },
    ]),
  ).toEqual({ events: 4, delivered: 6, failed: 2, attempts: 10, retried: 2, success: 0.75, p95Ms: 7 });
  expect(totalsOf([]).success).toBeNull();
  expect([1, 0.9999, 0.992, 0.0001, 0].map(percent)).toEqual(['100 %', '99.9 %', '99.2 %', '0.1 %', '0 %']);
});

it.each([
  ['https://User@Example.com:8443/x?y', 'example.com:8443'],
  ['http://127.0.0.1:9000', '127.0.0.1:9000'],
  ['nothing', 'nothing'],
])('the host of %s is %s', (url, host) => {
  expect(hostOf(url)).toBe(host);
});

it('takes the one-use token of a fragment', () => {
  expect(onceFrom('#once=abc')).toBe('abc');
  expect(onceFrom('#once=')).toBeNull();
  expect(onceFrom('#delivery-1')).toBeNull();
});

it.each([
  ['/apps/a/deliveries', '/apps/b/deliveries'],
  ['/apps/a/endpoints/1/health', '/apps/b/endpoints'],
  ['/apps/a', '/apps/b'],
  ['/apps', '/apps/b'],
])('from %s another application leads to %s', (from, to) => {
  expect(sameOf(from, 'b')).toBe(to);
});

it('has a page for everything that a search finds', () => {
  const at = (kind: 'event' | 'delivery' | 'webhook' | 'event_type' | 'job', path = '') =>
    pageOf('a', { kind, id: 'x', path });
  expect(at('event')).toBe('/apps/a/events/x');
  expect(at('delivery')).toBe('/apps/a/deliveries/x');
  expect(at('webhook')).toBe('/apps/a/endpoints/x');
  expect(at('event_type')).toBe('/apps/a/event-types');
  expect(at('job', '/v1/apps/a/webhooks/w/jobs/x')).toBe('/apps/a/endpoints/w/recoveries');
});

it('names the profile in a snippet, where it is not the default', () => {
  const source = 'verify(body, headers, { secret });';
  expect(snippetFor(source, 'standard')).toBe(source);
  expect(snippetFor(source, 'scute')).toBe("verify(body, headers, { secret, profile: 'scute' });");
});
