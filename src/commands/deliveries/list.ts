import type { DeliveryFilter } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { timeIn } from '../shared/durations.js';
import { rowsWanted, type ListFlags } from '../shared/lists.js';
import { openSession } from '../shared/session.js';
import { deliveryColumns } from './view.js';

interface DeliveryFlags extends ClientFlags, ListFlags {
  readonly status?: string;
  readonly reason?: string;
  readonly type?: string;
  readonly endpoint?: string;
  readonly event?: string;
  readonly trigger?: string;
  readonly since?: string;
  readonly until?: string;
}

/** `posthorn deliveries list`. */
export async function run(_args: readonly string[], flags: DeliveryFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const path = { app_id: await app() };
  const filter = filterIn(flags);
  const { rows, next } = await rowsWanted(flags, async (page) => {
    const { data } = await api.GET('/v1/apps/{app_id}/deliveries', {
      params: { path, query: { ...filter, ...page } },
    });
    return { rows: data.deliveries, next: data.next_cursor };
  });
  out.list({ deliveries: rows, next_cursor: next }, rows, deliveryColumns(out), 'No delivery.');
}

/** The API says what values there are. */
function filterIn(flags: DeliveryFlags): DeliveryFilter {
  const { status, reason, trigger } = flags;
  const given = {
    status,
    reason,
    trigger,
    event_type: flags.type,
    webhook_id: flags.endpoint,
    event_id: flags.event,
    since: flags.since === undefined ? undefined : timeIn(flags.since, '--since'),
    until: flags.until === undefined ? undefined : timeIn(flags.until, '--until'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
