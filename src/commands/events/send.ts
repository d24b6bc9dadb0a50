import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';
import { eventGiven, reportSubmitted, type SendFlags } from './submit.js';

/** `posthorn events send`. */
export async function run([type = '']: readonly string[], flags: ClientFlags & SendFlags): Promise<void> {
  const given = await eventGiven(type, flags, { data: {} });
  const session = await openSession(flags);
  const appId = await session.app();
  const event = await session.posthorn.send(appId, given);
  await reportSubmitted(session, appId, event, flags.wait);
}
