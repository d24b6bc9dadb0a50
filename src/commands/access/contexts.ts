import type { ClientFlags } from '../shared/client-flags.js';
import { contextNamed, readContexts, writeContexts } from '../shared/contexts.js';
import { outputFor } from '../shared/output.js';

/** `posthorn contexts`: without their keys. */
export async function run([name]: readonly string[], flags: ClientFlags): Promise<void> {
  const out = outputFor(flags);
  const kept = await readContexts(process.env);
  if (name !== undefined) {
    contextNamed(kept, name);
    await writeContexts(process.env, { ...kept, current: name });
    out.hint(`${name} is the current context now.`);
    return;
  }
  const contexts = Object.entries(kept.contexts).map(([each, { url, app }]) => ({
    name: each,
    url,
    app,
    current: each === kept.current,
  }));
  out.list(
    { contexts },
    contexts,
    [
      { head: '', cell: ({ current }) => (current ? '*' : '') },
      { head: 'NAME', cell: (context) => context.name },
      { head: 'URL', cell: ({ url }) => url },
      { head: 'APPLICATION', cell: ({ app }) => app ?? '–' },
    ],
    'There is no context: posthorn login makes one.',
  );
}
