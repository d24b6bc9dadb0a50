import { expect, it } from 'vitest';
import type { components } from '../../../src/client/index.js';
import { byEndpoint } from '../../../src/dashboard/logic/by-endpoint.js';
import { jsonFrom } from '../../../src/dashboard/logic/json-from.js';
import { remediesToShow } from '../../../src/dashboard/logic/remedies.js';
import { whyNot } from '../../../src/dashboard/logic/match-words.js';

function delivery(id: string, webhookId: string) {
  return { id, webhook_id: webhookId } as components['schemas']['DeliveryWithAttempts'];
}

it('shows the latest delivery to each endpoint first, and the endpoints in their order', () => {
  const groups = byEndpoint([delivery('1', 'a'), delivery('2', 'b'), delivery('3', 'a'), delivery('4', 'a')]);
  expect(
    groups.map(({ webhookId, latest, earlier }) => [webhookId, latest.id, earlier.map(({ id }) => id)]),
  ).toEqual([
    ['a', '4', ['3', '1']],
    ['b', '2', []],
  ]);
  expect(byEndpoint([])).toEqual([]);
});

it('says why an endpoint did not get an event, and what it may have meant', () => {
  expect(whyNot({ why: 'type', nearest_pattern: 'order.*' })).toBe(
    'Its event types do not match. Did you mean “order.*”?',
  );
  expect(whyNot({ why: 'type', nearest_pattern: null })).toBe('Its event types do not match.');
  expect(whyNot({ why: 'created_later', nearest_pattern: null })).toBe('It was added after the event came.');
});

it('shows the remedies that have no button, without what the API wants of programs', () => {
  const remedies = [
    { action: 'retry_now', text: 'Make the next attempt now.' },
    { action: 'recover', text: 'Send all events of a window that failed at this endpoint: {"since": "…"}.' },
    { action: 'fix_receiver', text: "Look for the error in the receiver's log: it is there." },
  ] as const;
  expect(remediesToShow(remedies)).toEqual([
    { text: 'Send all events of a window that failed at this endpoint.', isAtEndpoint: true },
    { text: "Look for the error in the receiver's log: it is there.", isAtEndpoint: false },
  ]);
});

it('reads JSON, or says why it is none', () => {
  expect(jsonFrom('{"a":1}')).toEqual({ value: { a: 1 }, problem: null });
  expect(jsonFrom('{').problem).toMatch(/^It is not JSON: /);
});
