import type { ClientFlags } from '../shared/client-flags.js';
import { CommandError } from '../shared/command-error.js';
import { millisecondsIn } from '../shared/durations.js';
import { EXIT } from '../shared/exit-codes.js';
import { untilInterrupted } from '../shared/interrupt.js';
import { isOnThisMachine, openSession, type Session } from '../shared/session.js';
import { errorCode } from '../../lib/errors.js';
import { patternsIn } from '../endpoints/settings.js';
import { makeOwnEndpoint, sweep, type OwnEndpoint } from './endpoint.js';
import { mirror } from './mirror.js';
import { Outcomes } from './outcome.js';
import { startReceiver, type Answered, type Received, type Receiver } from './receiver.js';
import { print, reportOf, type ReportOptions } from './report.js';
import { savingTo } from './save.js';
import { scripted, statusIn, stepsIn } from './script.js';
import { profileOf } from './secrets.js';

export interface ListenFlags extends ClientFlags {
  readonly forwardTo?: string;
  readonly events: string;
  readonly status: string;
  readonly fail?: string;
  readonly delay: string;
  readonly port: string;
  readonly mirror?: true;
  readonly webhook?: string;
  readonly printSecret?: true;
  readonly body?: true;
  readonly headers?: true;
  readonly save?: string;
  readonly tolerance: string;
}

/**
 * `posthorn listen`: makes an endpoint to a receiver of its own where the API is on this machine, else copies what
 * endpoints elsewhere get. Ends with 0 at Ctrl-C.
 */
export async function run(_args: readonly string[], flags: ListenFlags): Promise<void> {
  const wanted = answersIn(flags);
  const session = await openSession(flags);
  const appId = await session.app();
  const profile = await profileOf(session.api, appId);
  const printed = {
    profile,
    toleranceSeconds: millisecondsIn(flags.tolerance, '--tolerance') / 1_000,
    body: flags.body === true,
    headers: flags.headers === true,
    save: await savingTo(flags.save),
  };
  if (flags.mirror || flags.webhook !== undefined || !isOnThisMachine(session.connection.url)) {
    return mirror(session, appId, flags, printed, untilInterrupted());
  }
  const swept = await sweep(session.api, appId);
  if (swept > 0) session.out.hint(`Deleted ${swept} endpoints that earlier runs have left behind.`);
  await receive(session, appId, flags, { ...wanted, printed });
}

/** Checked before anything is made. */
function answersIn(flags: ListenFlags) {
  if (flags.forwardTo !== undefined && !URL.canParse(flags.forwardTo)) {
    throw new CommandError(EXIT.usage, `--forward-to: ${flags.forwardTo} is no URL.`);
  }
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new CommandError(EXIT.usage, `--port: ${flags.port} is no port.`);
  }
  const steps = flags.fail === undefined ? [] : stepsIn(flags.fail);
  return {
    port,
    nextStep: scripted(steps, statusIn(flags.status, '--status')),
    delayMs: millisecondsIn(flags.delay, '--delay'),
  };
}

type Wanted = ReturnType<typeof answersIn> & { readonly printed: Omit<ReportOptions, 'secrets'> };

async function receive(
  session: Session,
  appId: string,
  flags: ListenFlags,
  { port, nextStep, delayMs, printed }: Wanted,
): Promise<void> {
  const { api, out } = session;
  let endpoint: OwnEndpoint | undefined;
  let outcomes: Outcomes | undefined;
  // Lines come in the order in which the requests were answered.
  let lines = Promise.resolve();
  const tell = async (request: Received, answered: Answered) => {
    const options = { ...printed, secrets: () => (endpoint ? [endpoint.secret] : []) };
    const report = await reportOf(request, answered, options);
    const outcome = report.event_id === null ? null : ((await outcomes?.after(report.event_id)) ?? null);
    print({ ...report, outcome }, options, out);
    await options.save(request);
  };
  const signal = untilInterrupted();
  const receiver = await receiverAt({
    port,
    forwardTo: flags.forwardTo,
    nextStep,
    delayMs,
    received: (request, answered) => {
      lines = lines.then(() => tell(request, answered)).catch((error: unknown) => out.hint(String(error)));
    },
  });
  try {
    const eventTypes = patternsIn(flags.events);
    endpoint = await makeOwnEndpoint(api, appId, { url: receiver.url, eventTypes });
    outcomes = new Outcomes(api, appId, endpoint.id);
    if (flags.printSecret) out.line(endpoint.secret);
    const target = flags.forwardTo === undefined ? '' : `  →  ${flags.forwardTo}`;
    out.hint(`Listening on ${receiver.url}${target}  (${printed.profile}, application ${appId})`);
    out.hint(`Endpoint ${endpoint.id}, made for this run; it is deleted when you end it.`);
    if (!flags.printSecret) out.hint(`Secret: ${endpoint.secret}`);
    out.hint('Send one: posthorn trigger TYPE. Ctrl-C ends.');
    await interrupted(signal);
  } finally {
    await endpoint?.remove();
    await receiver.stop();
    await lines;
  }
}

async function receiverAt(options: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  try {
    return await startReceiver(options);
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error;
    throw new CommandError(EXIT.unexpected, `The port ${options.port} is taken: choose another with --port.`);
  }
}

async function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
}
