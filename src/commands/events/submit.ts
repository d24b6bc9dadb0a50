import type { Event, NewEvent } from '../../client/index.js';
import { millisecondsIn, timeIn } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { jsonGiven, withValues } from '../shared/given-data.js';
import type { Session } from '../shared/session.js';
import { eventText } from './view.js';

/** The flags of `sendOptions`, as commander reads them. */
export interface SendFlags {
  readonly data?: string;
  readonly set?: readonly string[];
  readonly id?: string;
  readonly attributes?: string;
  readonly wait?: string | true;
  readonly deliverAt?: string;
  readonly expiresAt?: string;
}

const LONGEST_WAIT = '60s';

/**
 * An event as the flags say.
 * @param data without `--data`
 * @throws CommandError of usage
 */
export async function eventGiven(
  type: string,
  flags: SendFlags,
  { data, attributes }: { readonly data: unknown; readonly attributes?: unknown },
): Promise<NewEvent> {
  const given = flags.data === undefined ? data : await jsonGiven(flags.data, '--data');
  const wanted =
    flags.attributes === undefined ? attributes : await jsonGiven(flags.attributes, '--attributes');
  const event = {
    event_type: type,
    data: withValues(given, flags.set ?? []),
    ...(flags.id === undefined ? {} : { id: flags.id }),
    ...(wanted === undefined ? {} : { attributes: wanted }),
    ...(flags.deliverAt === undefined ? {} : { deliver_at: timeIn(flags.deliverAt, '--deliver-at') }),
    ...(flags.expiresAt === undefined ? {} : { expires_at: timeIn(flags.expiresAt, '--expires-at') }),
  };
  // The form of ids and attributes is each profile's: the API knows it.
  return event as NewEvent;
}

/** Prints an event that was submitted, or what has become of it after `--wait`. */
export async function reportSubmitted(
  { posthorn, out }: Session,
  appId: string,
  event: Event,
  wait: SendFlags['wait'],
): Promise<void> {
  if (wait === undefined) {
    out.answer({ event }, () => `${event.id}  ${event.event_type}  ${event.status}`);
    out.hint(`See where it went: posthorn why ${event.id}`);
    return;
  }
  const timeoutMs = millisecondsIn(wait === true ? LONGEST_WAIT : wait, '--wait');
  const settled = await posthorn.waitFor(appId, event.id, { timeoutMs });
  out.answer({ event: settled }, () => eventText(settled, out));
  if (settled.status !== 'delivered') process.exitCode = EXIT.bad;
}
