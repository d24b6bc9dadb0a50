import { subscribes } from '../../domain/event-type.js';
import { PosthornProblem } from '../../client/index.js';
import { withoutStream } from '../events/tail.js';
import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';
import type { Session } from '../shared/session.js';
import { clockTime } from '../shared/times.js';
import { patternsIn } from '../endpoints/settings.js';
import { forward, reasonOf, type Answered, type Received } from './receiver.js';
import { print, reportOf, type ReportOptions } from './report.js';
import { secretsOf } from './secrets.js';

interface MirrorFlags {
  readonly forwardTo?: string;
  readonly events: string;
  readonly webhook?: string;
  readonly printSecret?: true;
}

/**
 * Posts here what endpoints elsewhere get, at each of their attempts: first ones, retries, tests, resends and recoveries.
 * It changes nothing of the deliveries themselves.
 */
export async function mirror(
  session: Session,
  appId: string,
  flags: MirrorFlags,
  printed: Omit<ReportOptions, 'secrets'>,
  signal: AbortSignal,
): Promise<void> {
  const { api, out, posthorn } = session;
  if (flags.printSecret) {
    if (flags.webhook === undefined) {
      throw new CommandError(EXIT.usage, '--print-secret wants an endpoint here: --webhook ID.');
    }
    for (const secret of await secretsOf(api, appId, flags.webhook)) out.line(secret);
  }
  const target = flags.forwardTo ?? 'nowhere: only printed';
  out.hint(`Mirroring ${flags.webhook ?? 'every endpoint'} of ${appId}  →  ${target}. Ctrl-C ends.`);
  const patterns = patternsIn(flags.events);
  const messages = posthorn.stream(appId, {
    kinds: ['attempt.finished'],
    signal,
    ...(flags.webhook === undefined ? {} : { webhookId: flags.webhook }),
    onInterruption: ({ message }) => out.hint(`${clockTime(new Date())}  not live: ${message}; trying again`),
  });
  try {
    for await (const message of messages) {
      if (message.type === 'missed') {
        out.hint('Some attempts were missed: posthorn deliveries list has them all.');
        continue;
      }
      const { delivery_id } = message.data as { readonly delivery_id: string };
      await copy(session, appId, delivery_id, { ...flags, patterns }, printed).catch((error: unknown) => {
        // The delivery may be gone by now; the next one is not.
        if (!(error instanceof PosthornProblem)) throw error;
        out.hint(error.message);
      });
    }
  } catch (error) {
    throw withoutStream(error);
  }
}

async function copy(
  { api, out }: Session,
  appId: string,
  deliveryId: string,
  { forwardTo, patterns }: MirrorFlags & { readonly patterns: readonly string[] },
  printed: Omit<ReportOptions, 'secrets'>,
): Promise<void> {
  const path = { app_id: appId, id: deliveryId };
  const { data } = await api.GET('/v1/apps/{app_id}/deliveries/{id}', { params: { path } });
  const { event_type, webhook_id } = data.delivery;
  if (!subscribes(patterns, event_type)) return;
  const { data: request } = await api.GET('/v1/apps/{app_id}/deliveries/{id}/request', {
    params: { path, query: { reveal: 'true' } },
  });
  const secrets = await secretsOf(api, appId, webhook_id);
  const received = { at: new Date(), body: Buffer.from(request.body), headers: request.headers };
  const answered = await posted(forwardTo, received);
  const options = { ...printed, secrets: () => secrets };
  print(await reportOf(received, answered, options), options, out);
  await options.save(received);
}

async function posted(url: string | undefined, request: Received): Promise<Answered> {
  if (url === undefined) return { status: 'printed', durationMs: 0 };
  const startedAt = performance.now();
  const status = await forward(url, request).then(
    (answer) => answer.status,
    (error: unknown) => `not forwarded: ${reasonOf(error)}`,
  );
  return { status, durationMs: performance.now() - startedAt };
}
