import type { ClientFlags } from '../shared/client-flags.js';
import { rowsWanted, type ListFlags } from '../shared/lists.js';
import { openSession } from '../shared/session.js';

/** `posthorn apps keys list`. */
export async function run(_args: readonly string[], flags: ClientFlags & ListFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const path = { app_id: await app() };
  const { rows, next } = await rowsWanted(flags, async (query) => {
    const { data } = await api.GET('/v1/apps/{app_id}/keys', { params: { path, query } });
    return { rows: data.api_keys, next: data.next_cursor };
  });
  out.list(
    { api_keys: rows, next_cursor: next },
    rows,
    [
      { head: 'ID', cell: ({ id }) => id },
      { head: 'NAME', cell: ({ name }) => name ?? '–', wraps: true },
      { head: 'SCOPES', cell: ({ scopes }) => scopes.join(', '), wraps: true },
      { head: 'CREATED', cell: ({ created_at }) => out.times.of(created_at) },
    ],
    'The application has no key.',
  );
}
