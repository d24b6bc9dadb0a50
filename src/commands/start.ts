import { createPosthorn } from '../client/index.js';
import { ensureExample, type Example } from '../example/example.js';
import { directFetch } from '../lib/direct-fetch.js';
import { messageOf } from '../lib/errors.js';
import { say, whereabouts, withLocalPosthorn, type LocalPosthorn } from './local.js';
import { runsInRepository } from './repository-only.js';

/** `npm start`: everything on this machine, and an example application. */
export async function runStart(environment: NodeJS.ProcessEnv): Promise<void> {
  if (!runsInRepository('start')) return;
  await withLocalPosthorn(environment, async (local) => {
    const { stop } = local;
    const example = await exampleOf(local);
    if (example) local.closeAfterwards(() => example.stop());
    const link = stop.signal.aborted ? null : await dashboardLink(local, example);
    if (!stop.signal.aborted) say(welcome(local, example, link));
    await stop.wished;
  });
}

/** Null when it cannot be had: everything else works without it. */
async function exampleOf({ url, adminKey, dataDir, stop }: LocalPosthorn): Promise<Example | null> {
  try {
    return await ensureExample({ url, adminKey, dataDir, say, signal: stop.signal });
  } catch (error) {
    if (!stop.signal.aborted) say(`There is no example application: ${messageOf(error)}`);
    return null;
  }
}

/** Null when it cannot be had: everything else works without it. */
async function dashboardLink(
  { url, adminKey, stop }: LocalPosthorn,
  example: Example | null,
): Promise<string | null> {
  const { api } = createPosthorn({ url, key: adminKey, fetch: directFetch, signal: stop.signal });
  const body = example === null ? {} : { path: `/dashboard/apps/${example.appId}` };
  const answer = await api.POST('/v1/dashboard-links', { body }).catch(() => null);
  return answer?.data.url ?? null;
}

function welcome(local: LocalPosthorn, example: Example | null, link: string | null): string {
  return [
    '',
    'Posthorn is ready.',
    '',
    ...whereabouts(local),
    '',
    ...(example ? invitation(example) : []),
    ...(link === null
      ? []
      : ['Open the dashboard. This link signs you in, once, within ten minutes:', '', `  ${link}`, '']),
  ].join('\n');
}

function invitation({ hasReceiver, curl }: Example): string[] {
  return [
    hasReceiver
      ? 'Send an event to the example application, whose receiver runs here and checks the signature:'
      : 'Send an event to the example application:',
    '',
    `  ${curl}`,
    '',
  ];
}
