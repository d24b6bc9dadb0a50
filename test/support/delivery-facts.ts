import type { Attempt } from '../../src/domain/attempt.js';
import type { Delivery } from '../../src/domain/delivery.js';
import type { Endpoint } from '../../src/domain/endpoint.js';
import type { DeliveryFacts } from '../../src/explanation/explanation.js';
import { profileById } from '../../src/profiles/index.js';
import { pendingDelivery } from '../../src/api/deliveries/pending-delivery.js';
import { appOf, endpointOf } from './fixtures.js';

/** What an explanation is made from, of a delivery that nothing is wrong with. */

const APP = { ...appOf('standard'), id: '7a9c2c1e-0000-4000-8000-000000000001' };
const ENDPOINT_ID = '7a9c2c1e-0000-4000-8000-000000000002';

export const NOW = new Date('2026-11-30T12:05:00.000Z');

/** So many seconds after noon. */
export const at = (seconds: number) => new Date(Date.parse('2026-11-30T12:00:00.000Z') + seconds * 1_000);

export function attempt(number: number, more: Partial<Attempt> = {}): Attempt {
  return {
    number,
    startedAt: at(number),
    durationMs: 35,
    statusCode: 500,
    error: null,
    slow: false,
    possiblyRepeated: false,
    responseBody: null,
    ...more,
  };
}

export function endpoint(more: Partial<Endpoint> = {}): Endpoint {
  return endpointOf({
    id: ENDPOINT_ID,
    appId: APP.id,
    createdAt: at(-3_600),
    updatedAt: at(-3_600),
    ...more,
  });
}

export function delivery(more: Partial<Delivery> = {}): Delivery {
  const event = { id: 'msg_1', appId: APP.id, eventType: 'order.paid', createdAt: at(0) };
  const pending = pendingDelivery(event, ENDPOINT_ID, {
    id: '7a9c2c1e-0000-4000-8000-000000000003',
    trigger: 'event',
    workflowId: `event/${APP.id}/msg_1`,
    createdAt: at(0),
  });
  return { ...pending, ...more };
}

export function facts(more: Partial<DeliveryFacts> = {}): DeliveryFacts {
  return {
    app: APP,
    profile: profileById('standard'),
    delivery: delivery(),
    endpoint: endpoint(),
    attempts: [],
    system: { temporalAnswers: true, workersPoll: true, oldestDueMs: null },
    now: NOW,
    ...more,
  };
}
