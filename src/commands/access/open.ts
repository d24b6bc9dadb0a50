import { spawn } from 'node:child_process';
import { platform } from 'node:os';
import { PosthornProblem } from '../../client/index.js';
import type { DashboardLink } from '../shared/answers.js';
import { call } from '../shared/call.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';
import { openSession } from '../shared/session.js';

/** `posthorn open`: a link that signs in once, within ten minutes. */
export async function run(
  [path]: readonly string[],
  flags: ClientFlags & { readonly print?: true },
): Promise<void> {
  const { api, out } = await openSession(flags);
  const body = path === undefined ? {} : { path };
  const link = await call<DashboardLink>(api, 'POST', '/v1/dashboard-links', { body }).catch(
    withoutDashboard,
  );
  if (link.url === null) throw new Error('the link was shown before');
  const { url } = link;
  out.answer(link, () => url);
  if (flags.print || out.form !== 'table') return;
  spawn(platform() === 'darwin' ? 'open' : 'xdg-open', [url], { stdio: 'ignore', detached: true })
    .on('error', () => out.hint('No browser could be opened: open the link yourself. It works once.'))
    .unref();
  await new Promise((resolve) => setImmediate(resolve));
}

function withoutDashboard(error: unknown): never {
  if (error instanceof PosthornProblem && error.status === 404) {
    throw new CommandError(
      EXIT.notThere,
      'This Posthorn has no dashboard: POST /v1/dashboard-links answers 404.',
    );
  }
  throw error;
}
