import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { FromListeners, ListenedStream, ToListeners } from './listeners.js';

/** A process that listens to streams, and ends with 1 as soon as one of them does. */

async function listen({ url, key }: ListenedStream): Promise<void> {
  const request = get(url, { headers: { authorization: `Bearer ${key}` } });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200) throw new Error(`a stream was answered ${response.statusCode}`);
  // The first of it says that it is open.
  await once(response, 'data');
  response.once('close', () => process.exit(1));
}

process.once('message', ({ streams }: ToListeners) => {
  void Promise.all(streams.map(listen)).then(() =>
    process.send?.({ kind: 'listening' } satisfies FromListeners),
  );
});
process.on('disconnect', () => process.exit());
// Ctrl-C in a terminal comes to all; this one ends when the benchmark lets go of it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
