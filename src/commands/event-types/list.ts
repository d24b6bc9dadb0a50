import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn event-types list`. */
export async function run(_args: readonly string[], flags: ClientFlags): Promise<void> {
  const { api, app, out } = await openSession(flags);
  const { data } = await api.GET('/v1/apps/{app_id}/event-types', {
    params: { path: { app_id: await app() } },
  });
  out.list(
    data,
    data.event_types,
    [
      { head: 'NAME', cell: ({ name }) => name },
      { head: 'FROM', cell: ({ source }) => source },
      { head: 'EXAMPLE', cell: ({ example }) => (example === null ? '–' : 'yes') },
      { head: 'SCHEMA', cell: ({ schema }) => (schema === null ? '–' : 'yes') },
      { head: 'DESCRIPTION', cell: ({ description }) => description ?? '–', wraps: true },
    ],
    'The profile has no catalogue: any well-formed type is taken.',
  );
}
