import { setTimeout as pause } from 'node:timers/promises';
import type { Event, NewEvent } from '../../client/index.js';
import { profileById } from '../../profiles/index.js';
import { run as listEventTypes } from '../event-types/list.js';
import { eventGiven, reportSubmitted, type SendFlags } from '../events/submit.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { CommandError } from '../shared/command-error.js';
import { millisecondsIn } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { wholeNumber } from '../shared/lists.js';
import { openSession, type Session } from '../shared/session.js';
import { exampleData } from './example-data.js';

interface TriggerFlags extends ClientFlags, SendFlags {
  readonly to?: string;
  readonly count: string;
  readonly every: string;
  readonly print?: true;
}

/** `posthorn trigger`. */
export async function run([type]: readonly string[], flags: TriggerFlags): Promise<void> {
  if (type === undefined) return listEventTypes([], flags);
  const count = wholeNumber(flags.count, '--count');
  if (count > 1 && flags.id !== undefined) {
    throw new CommandError(EXIT.usage, '--id names one event: it does not go with --count.');
  }
  const session = await openSession(flags);
  const appId = await session.app();
  const event = await exampleEvent(session, appId, type, flags);
  if (flags.print) {
    session.out.line(JSON.stringify(event, null, 2));
    return;
  }
  for (let sent = 0; sent < count; sent += 1) {
    if (sent > 0) await pause(millisecondsIn(flags.every, '--every'));
    const accepted = await session.posthorn.send(appId, event);
    if (flags.to !== undefined) await alsoTo(session, appId, accepted, flags.to);
    await reportSubmitted(session, appId, accepted, flags.wait);
  }
}

async function exampleEvent(
  { api, out }: Session,
  appId: string,
  type: string,
  flags: TriggerFlags,
): Promise<NewEvent> {
  const path = { app_id: appId };
  const { data: types } = await api.GET('/v1/apps/{app_id}/event-types', { params: { path } });
  const known = types.event_types.find(({ name }) => name === type);
  const example = exampleData(known);
  if (example === null && flags.data === undefined) {
    out.hint(`No example of ${type} is known: its data is what --set says. --data gives other data.`);
  }
  const { data } = await api.GET('/v1/apps/{app_id}', { params: { path } });
  // What the profile's test event has: some want attributes of every event.
  const { attributes } = profileById(data.app.profile).testEvent;
  return eventGiven(type, flags, {
    data: example ?? {},
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  });
}

/** The API submits to all who subscribe. One that does not gets the event as a resend. */
async function alsoTo({ api, posthorn }: Session, appId: string, event: Event, to: string): Promise<void> {
  const path = { app_id: appId, event_id: event.id };
  const opened = await posthorn.waitFor(appId, event.id).catch(() => null);
  if (opened?.deliveries.some(({ webhook_id }) => webhook_id === to)) return;
  await api.POST('/v1/apps/{app_id}/events/{event_id}/resend', {
    params: { path },
    body: { webhook_id: to },
  });
}
