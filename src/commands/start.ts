import { ensureExample, type Example } from '../example/example.js';
import { say, whereabouts, withLocalPosthorn, type LocalPosthorn } from './local.js';

/** `npm start`: everything on this machine, and an example application. */
export function runStart(environment: NodeJS.ProcessEnv): Promise<void> {
  return withLocalPosthorn(environment, async (local) => {
    const { url, adminKey, dataDir, stop } = local;
    const example = await ensureExample({ url, adminKey, dataDir, say });
    local.closeAfterwards(() => example.stop());
    if (!stop.signal.aborted) say(welcome(local, example));
    await stop.wished;
  });
}

function welcome(local: LocalPosthorn, example: Example): string {
  return [
    '',
    'Posthorn is ready.',
    '',
    ...whereabouts(local),
    '',
    'Send an event to the example application, whose receiver runs here and checks the signature:',
    '',
    `  ${example.curl}`,
    '',
  ].join('\n');
}
