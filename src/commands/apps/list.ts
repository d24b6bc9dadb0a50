import type { ClientFlags } from '../shared/client-flags.js';
import { rowsWanted, type ListFlags } from '../shared/lists.js';
import { openSession } from '../shared/session.js';

/** `posthorn apps list`. */
export async function run(_args: readonly string[], flags: ClientFlags & ListFlags): Promise<void> {
  const { api, out } = await openSession(flags);
  const { rows, next } = await rowsWanted(flags, async (query) => {
    const { data } = await api.GET('/v1/apps', { params: { query } });
    return { rows: data.apps, next: data.next_cursor };
  });
  out.list(
    { apps: rows, next_cursor: next },
    rows,
    [
      { head: 'ID', cell: ({ id }) => id },
      { head: 'NAME', cell: ({ name }) => name, wraps: true },
      { head: 'PROFILE', cell: ({ profile }) => profile },
      { head: 'CREATED', cell: ({ created_at }) => out.times.of(created_at) },
    ],
    'There is no application yet: posthorn apps create Shop makes one.',
  );
}
