import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { z } from 'zod';

/** Server-sent events: an answer that goes on until its sender or its receiver ends it. */
export class EventStream {
  /** @param texts what is sent, as it comes; they end soon after `gone` says that the receiver is */
  constructor(readonly texts: (gone: AbortSignal) => AsyncIterable<string>) {}
}

/** The body of a route that answers so. */
export const eventStream = z
  .instanceof(EventStream)
  .meta({ override: { type: 'string' }, description: 'Server-sent events.' });

/** The header by which who comes again says what it had last. */
export const LAST_EVENT_ID = 'Last-Event-ID';

/** A receiver that takes nothing for so long is gone: it comes again and goes on where it was. */
const SLOWEST_MS = 15_000;

/** Sends what there is as fast as it is taken. */
export async function sendStream({ texts }: EventStream, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // It may have left before anybody listened for that.
  if (response.destroyed) gone.abort();
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  // Proxies would collect what they are to pass on.
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  for await (const text of texts(gone.signal)) {
    if (gone.signal.aborted) break;
    if (response.write(text)) continue;
    const tired = AbortSignal.timeout(SLOWEST_MS);
    const signal = AbortSignal.any([gone.signal, tired]);
    await once(response, 'drain', { signal }).catch(() => undefined);
    if (tired.aborted) response.destroy();
  }
  response.end();
}
