import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { EventStream, sendStream } from '../../src/api/http/event-stream.js';
import { stopAfterwards } from '../support/stop-afterwards.js';

/** A response whose receiver has left before anything was sent. */
async function abandoned(): Promise<ServerResponse> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stopAfterwards(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  socket.destroy();
  await once(response, 'close');
  return response;
}

it('ends for a receiver that left while the stream was opened', async () => {
  const response = await abandoned();
  let hasEnded = false;
  await sendStream(
    new EventStream(async function* (gone) {
      try {
        while (!gone.aborted) yield await Promise.resolve('x'.repeat(1_000_000));
      } finally {
        hasEnded = true;
      }
    }),
    response,
  );
  expect(hasEnded).toBe(true);
});
