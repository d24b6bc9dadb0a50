import { ensureExample, type Example } from '../example/example.js';
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
    if (!stop.signal.aborted) say(welcome(local, example));
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

function welcome(local: LocalPosthorn, example: Example | null): string {
  return [
    '',
    'Posthorn is ready.',
    '',
    ...whereabouts(local),
    '',
    ...(example ? invitation(example) : []),
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
