import { createPosthorn, PosthornProblem } from '../client/index.js';
import { Application } from '../demo/application.js';
import { Patience } from '../demo/patience.js';
import { Receiver } from '../demo/receiver.js';
import { Stage } from '../demo/scene.js';
import { scenes } from '../demo/scenes/index.js';
import { verifierFor } from '../demo/verifiers.js';
import { profileById, profileIds } from '../profiles/index.js';
import { directFetch } from '../lib/direct-fetch.js';
import { UserError } from '../lib/user-error.js';
import { say, whereabouts, withLocalPosthorn, type LocalPosthorn } from './local.js';
import { runsInRepository } from './repository-only.js';

/** The exit code that shells use after Ctrl-C: a demo that was cut short has shown nothing. */
const CUT_SHORT = 130;

/**
 * `npm run demo`: everything on this machine, an application of every profile, and what Posthorn does for them.
 * @param options.keep whether it runs on until Ctrl-C
 * @throws UserError when something is not as it must be, saying what and of which profile
 */
export async function runDemo(environment: NodeJS.ProcessEnv, options: { keep: boolean }): Promise<void> {
  if (!runsInRepository('demo')) return;
  // Before the servers start, which takes a while.
  for (const id of profileIds) verifierFor(id);
  let shown = false;
  await withLocalPosthorn(quietly(environment), async (local) => {
    await show(local);
    shown = true;
    say(closing(local, options));
    if (options.keep) await local.stop.wished;
  });
  // Nothing was thrown: it was stopped.
  if (!shown) process.exitCode = CUT_SHORT;
}

/** Sets up an application of every profile, through the API like anyone else, and plays the scenes. */
async function show(local: LocalPosthorn): Promise<void> {
  const receiver = await Receiver.start();
  local.closeAfterwards(() => receiver.stop());
  const { signal } = local.stop;
  const patience = new Patience(signal);
  const connect = (key = local.adminKey) =>
    createPosthorn({ url: local.url, key, fetch: directFetch, signal });
  const applications: Application[] = [];
  for (const id of profileIds) {
    applications.push(
      await Application.create(profileById(id), connect, receiver, patience).catch(withoutReceiver),
    );
  }
  const ui = local.temporalUiUrl === undefined ? '' : `, its workflows on ${local.temporalUiUrl}`;
  say(`\nPosthorn is ready on ${local.url}${ui}\n`);
  const stage = new Stage(applications, patience, say, local.temporalUiUrl);
  for (const [index, scene] of scenes.entries()) {
    say(`${index + 1}. ${scene.title}\n`);
    await scene.play(stage);
  }
}

/** The demo is nothing without its receivers. */
function withoutReceiver(error: unknown): never {
  if (!(error instanceof PosthornProblem) || error.status !== 422) throw error;
  throw new UserError(
    'The demo’s receivers listen on 127.0.0.1, which POSTHORN_ALLOWED_TARGETS does not allow: add 127.0.0.0/8 to it, or unset it.',
    { cause: error },
  );
}

function closing(local: LocalPosthorn, { keep }: { keep: boolean }): string {
  const verified = `All ${profileIds.length} profiles verified.`;
  if (keep)
    return [verified, '', ...whereabouts(local), '', 'Posthorn keeps running until Ctrl-C.', ''].join('\n');
  const hint =
    'The links work while Posthorn runs: `npm start` on the same data, or `npm run demo -- --keep`.\n';
  return local.temporalUiUrl === undefined ? verified : `${hint}${verified}`;
}

/** Without a log line for every attempt, unless they are asked for: the scenes tell of them. */
function quietly(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return environment.LOG_LEVEL?.trim() ? environment : { ...environment, LOG_LEVEL: 'warn' };
}
