import { PosthornProblem, type StreamKind, type StreamMessage } from '../../client/index.js';
import type { ClientFlags } from '../shared/client-flags.js';
import { CommandError } from '../shared/command-error.js';
import { EXIT } from '../shared/exit-codes.js';
import { untilInterrupted } from '../shared/interrupt.js';
import type { Output } from '../shared/output.js';
import { openSession } from '../shared/session.js';
import { clockTime } from '../shared/times.js';
import { subjectOf } from './subject.js';

interface TailFlags extends ClientFlags {
  readonly type?: string;
  readonly endpoint?: string;
  readonly event?: string;
  readonly kinds?: string;
  readonly lastEventId?: string;
}

/** `posthorn events tail`: ends with 0 at Ctrl-C. */
export async function run(_args: readonly string[], flags: TailFlags): Promise<void> {
  const { app, out, posthorn } = await openSession(flags);
  const signal = untilInterrupted();
  const messages = posthorn.stream(await app(), {
    signal,
    ...(flags.kinds === undefined ? {} : { kinds: flags.kinds.split(',') as StreamKind[] }),
    ...(flags.endpoint === undefined ? {} : { webhookId: flags.endpoint }),
    ...(flags.event === undefined ? {} : { eventId: flags.event }),
    ...(flags.lastEventId === undefined ? {} : { lastEventId: flags.lastEventId }),
    onInterruption: ({ message }) => out.hint(`${clockTime(new Date())}  not live: ${message}`),
  });
  out.hint('Following. Ctrl-C ends.');
  try {
    for await (const message of messages) print(message, flags, out);
  } catch (error) {
    throw withoutStream(error);
  }
}

function print(message: StreamMessage, flags: TailFlags, out: Output): void {
  if (message.type === 'missed') {
    out.hint('Some messages were missed: posthorn events list has everything.');
    return;
  }
  const subject = subjectOf(message.data);
  if (flags.type !== undefined && subject.eventType !== flags.type) return;
  if (out.form === 'table') {
    out.line(`${clockTime(new Date())}  ${message.type.padEnd(16)}  ${subject.text}`);
  } else out.jsonLine(message);
}

/** An older Posthorn has no stream: that is said, rather than that an application is missing. */
export function withoutStream(error: unknown): unknown {
  if (!(error instanceof PosthornProblem) || error.status !== 404) return error;
  return new CommandError(
    EXIT.notThere,
    'There is no stream here: the application is not there, or this Posthorn is an older one.',
    'posthorn apps list',
  );
}
