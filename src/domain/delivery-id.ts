import { createHash } from 'node:crypto';
import { dayOf, type Day } from './day.js';
import { uuidFrom } from '../lib/uuid.js';

const LAYOUT = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** 48 bits of milliseconds reach the year 10889; dates of more than four digits are nobody's delivery. */
const LATEST = Date.UTC(9999, 11, 31);

/**
 * The id of a delivery: a UUID (version 8, RFC 9562) of the event's time in its first 48 bits, so that the log's
 * partition is known from the id alone, and a hash of what makes the delivery unique, so that opening an event
 * twice makes the same deliveries.
 * @param cause the workflow that makes the delivery
 */
export function deliveryIdOf(acceptedAt: Date, cause: string, endpointId: string): string {
  const bytes = createHash('sha256').update(`${cause}\n${endpointId}`).digest().subarray(0, 16);
  bytes.writeUIntBE(acceptedAt.getTime(), 0, 6);
  return uuidFrom(bytes, 8);
}

/** When the event of a delivery was accepted, read from the delivery's id; null for what is no such id. */
export function acceptedAtOf(deliveryId: string): Date | null {
  if (!LAYOUT.test(deliveryId)) return null;
  const milliseconds = Number.parseInt(deliveryId.replace('-', '').slice(0, 12), 16);
  return milliseconds <= LATEST ? new Date(milliseconds) : null;
}

/**
 * The day that a delivery's rows are kept under.
 * @throws Error when it is no delivery's id; those from outside are checked with `acceptedAtOf`
 */
export function dayOfDelivery(deliveryId: string): Day {
  const acceptedAt = acceptedAtOf(deliveryId);
  if (!acceptedAt) throw new Error(`not a delivery id: ${deliveryId}`);
  return dayOf(acceptedAt);
}
