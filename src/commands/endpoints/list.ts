import type { ClientFlags } from '../shared/client-flags.js';
import { rowsWanted, type ListFlags } from '../shared/lists.js';
import { statusText } from '../shared/output.js';
import { openSession } from '../shared/session.js';

/** `posthorn endpoints list`. */
export async function run(
  _args: readonly string[],
  flags: ClientFlags & ListFlags & { readonly status?: string },
): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const path = { app_id: await app() };
  const { rows: all, next } = await rowsWanted(flags, async (query) => {
    const { data } = await api.GET('/v1/apps/{app_id}/webhooks', { params: { path, query } });
    return { rows: data.webhooks, next: data.next_cursor };
  });
  // The API's list has no filter.
  const rows = flags.status === undefined ? all : all.filter(({ status }) => status === flags.status);
  out.list(
    { webhooks: rows, next_cursor: next },
    rows,
    [
      { head: 'ID', cell: ({ id }) => id },
      { head: 'URL', cell: ({ url }) => url, wraps: true },
      { head: 'EVENTS', cell: ({ event_types }) => event_types.join(', '), wraps: true },
      { head: 'STATUS', cell: ({ status }) => statusText(out.colours, status) },
      { head: 'LAST', cell: ({ last_triggered_at }) => out.times.of(last_triggered_at) },
    ],
    'No endpoint: posthorn endpoints create URL makes one, posthorn listen one on this machine.',
  );
}
