import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import type { ClientFlags } from '../shared/client-flags.js';
import { openSession } from '../shared/session.js';

/** `posthorn open`: a link that signs in once, within ten minutes. */
export async function run(
  [path]: readonly string[],
  flags: ClientFlags & { readonly print?: true },
): Promise<void> {
  const { api, out } = await openSession(flags);
  const body = path === undefined ? {} : { path };
  const { data: link } = await api.POST('/v1/dashboard-links', { body });
  if (link.url === null) throw new Error('the link was shown before');
  const { url } = link;
  out.answer(link, () => url);
  if (flags.print || out.form !== 'table') return;
  spawn(platform() === 'darwin' ? 'open' : 'xdg-open', [url], { stdio: 'ignore', detached: true })
    .on('error', () => out.hint('No browser could be opened: open the link yourself. It works once.'))
    .unref();
  await new Promise((resolve) => setImmediate(resolve));
}
