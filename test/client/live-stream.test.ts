import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { createPosthorn, type StreamMessage } from '../../src/client/index.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** `stream` of posthorn/client, against a real Posthorn. */

const server = sharedPosthorn();

it('tells of events and deliveries, and goes on after a restart with what was missed', async () => {
  const receiver = await Receiver.start();
  const { app, key } = await server.api.createApp();
  await server.api.createWebhook(app.id, { url: receiver.url });
  const posthorn = createPosthorn({ url: server.api.url, key });
  const controller = new AbortController();
  const messages = posthorn.stream(app.id, { signal: controller.signal });
  const stream = messages[Symbol.asyncIterator]();

  /** The next message that is wanted. Events go on coming: the stream tells only what comes after it was opened. */
  async function next(wanted: (message: StreamMessage) => boolean): Promise<StreamMessage> {
    let found = false;
    const sending = (async () => {
      for (let n = 0; !found; n += 1) {
        await posthorn.send(app.id, { event_type: 'tick', data: { n } });
        await sleep(200);
      }
    })();
    try {
      for (;;) {
        const result = await stream.next();
        if (result.done === true) throw new Error('the stream has ended');
        if (wanted(result.value)) return result.value;
      }
    } finally {
      found = true;
      await sending;
    }
  }

  const accepted = await next(({ type }) => type === 'event.accepted');
  if (accepted.type !== 'event.accepted') throw new Error('another message');
  expect(accepted.data.event).toMatchObject({ app_id: app.id, event_type: 'tick' });
  const delivered = await next(
    ({ type, data }) =>
      type === 'delivery.updated' && 'delivery' in data && data.delivery.status === 'delivered',
  );
  expect(delivered.id).toEqual(expect.any(String));

  await server.restart();
  expect(await next(({ type }) => type === 'missed')).toMatchObject({ data: {} });
  await next(({ type }) => type === 'delivery.updated');
  controller.abort();
  // What had come before is given first.
  await vi.waitUntil(async () => (await stream.next()).done === true, 20_000);
}, 60_000);
