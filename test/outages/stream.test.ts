import { expect, it } from 'vitest';
import { createPosthorn, type StreamMessage } from '../../src/client/index.js';
import { freePort } from '../support/free-port.js';
import { createDatabase } from '../support/database.js';
import { PosthornProcess } from '../support/posthorn-process.js';
import { Receiver } from '../support/receiver.js';
import { stopAfterwards } from '../support/stop-afterwards.js';

it('SIGKILL of the API under a stream: its listener is told that it missed something, and hears on', async () => {
  const database = await createDatabase();
  const environment = {
    DATABASE_URL: database.url,
    POSTHORN_TASK_QUEUE: `stream-${database.url.slice(-12)}`,
    // The listener comes again to the same URL.
    PORT: String(await freePort()),
  };
  const [before] = await Promise.all([
    PosthornProcess.start('api', environment),
    PosthornProcess.start('worker', environment),
  ]);
  const receiver = await Receiver.start();
  const { app, key } = await before.api.createApp();
  await before.api.createWebhook(app.id, { url: receiver.url });

  const posthorn = createPosthorn({ url: before.api.url, key });
  const listening = new AbortController();
  const messages: StreamMessage[] = [];
  const reading = (async () => {
    for await (const message of posthorn.stream(app.id, { signal: listening.signal })) messages.push(message);
  })();
  stopAfterwards(async () => {
    listening.abort();
    await reading;
  });
  const finished = (id: string) =>
    messages.some(({ type, data }) => type === 'attempt.finished' && data.event_id === id);
  const tells = (id: string) => expect.poll(() => finished(id), { timeout: 20_000 }).toBe(true);
  const send = () => posthorn.send(app.id, { event_type: 'tick', data: {} });
  // The stream begins when it is open: what came before is not told.
  const heard = async () => {
    await send();
    return messages.length;
  };
  await expect.poll(heard, { timeout: 20_000, interval: 300 }).toBeGreaterThan(0);
  await tells((await send()).id);

  await before.kill();
  const after = await PosthornProcess.start('api', environment);
  await expect.poll(() => messages.some(({ type }) => type === 'missed'), { timeout: 30_000 }).toBe(true);
  await tells((await send()).id);
  expect(await after.stop()).toBe(0);
}, 120_000);
