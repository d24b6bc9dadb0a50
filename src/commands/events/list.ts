import type { EventFilter } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { timeIn } from '../shared/durations.js';
import { rowsWanted, type ListFlags } from '../shared/lists.js';
import { openSession } from '../shared/session.js';
import { eventColumns } from './view.js';

interface EventFlags extends ClientFlags, ListFlags {
  readonly type?: string;
  readonly status?: NonNullable<EventFilter['status']>;
  readonly since?: string;
  readonly until?: string;
}

/** `posthorn events list`. */
export async function run(_args: readonly string[], flags: EventFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const path = { app_id: await app() };
  const filter: EventFilter = {
    ...(flags.type === undefined ? {} : { event_type: flags.type }),
    ...(flags.status === undefined ? {} : { status: flags.status }),
    ...(flags.since === undefined ? {} : { since: timeIn(flags.since, '--since') }),
    ...(flags.until === undefined ? {} : { until: timeIn(flags.until, '--until') }),
  };
  const { rows, next } = await rowsWanted(flags, async (page) => {
    const { data } = await api.GET('/v1/apps/{app_id}/events', {
      params: { path, query: { ...filter, ...page } },
    });
    return { rows: data.events, next: data.next_cursor };
  });
  out.list({ events: rows, next_cursor: next }, rows, eventColumns(out), 'No event.');
}
