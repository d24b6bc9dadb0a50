import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeEach, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { CLI, PosthornProcess } from '../support/posthorn-process.js';
import { Receiver } from '../support/receiver.js';
import { stopAfterwards } from '../support/stop-afterwards.js';

let database: TestDatabase;
let settings: Record<string, string>;
beforeEach(async () => {
  database = await createDatabase();
  settings = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: `files-${database.url.slice(-12)}` };
});

it('with few descriptors, callers who keep hundreds of connections open stop neither deliveries nor the API', async () => {
  const posthorn = await PosthornProcess.start('all', settings, CLI, 300);
  const receivers = await Promise.all(Array.from({ length: 40 }, () => Receiver.start()));
  const { app } = await posthorn.api.createApp();
  for (const { url } of receivers) await posthorn.api.createWebhook(app.id, { url });

  const open: Socket[] = [];
  stopAfterwards(() => open.forEach((socket) => socket.destroy()));
  const openMore = async (count: number, send: string) => {
    const { hostname, port } = new URL(posthorn.api.url);
    for (let n = 0; n < count; n += 1) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => undefined);
      open.push(socket);
      // It may be closed for the next one before this process has seen it open.
      await once(socket, 'connect').catch(() => undefined);
      if (send !== '') socket.write(send);
    }
  };
  const half = `POST /v1/apps/${app.id}/events HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{`;
  for (const send of ['', 'GET /healthz HTTP/1.1\r\nHost: a\r\n', half]) {
    await openMore(300, send);
    // The test's own was idle meanwhile, and may be closed for them while a request goes out on it.
    await expect.poll(() => posthorn.api.call('GET', '/healthz')).toMatchObject({ status: 200 });
    const { id } = await posthorn.api.submit(app.id, { event_type: 'a', data: {} });
    const { deliveries } = await posthorn.api.eventThatIs('delivered', app.id, id, 60_000);
    expect(deliveries.map(({ attempts }) => attempts.map(({ error }) => error))).toEqual(
      receivers.map(() => [null]),
    );
  }
  const crowded = posthorn.lines.filter((line) => line.includes('the limit of connections to the API'));
  expect(crowded).toHaveLength(1);
  expect(posthorn.lines.join('\n')).not.toMatch(/EMFILE|"level":50/);
}, 120_000);

it('with too few descriptors for anything, it says so and does not start', async () => {
  const posthorn = PosthornProcess.launch('all', settings, CLI, 200);
  expect(await posthorn.ended).toBe(1);
  expect(posthorn.lines).toEqual([
    expect.stringMatching(/^This process may open 200 files and connections, but needs 234: raise the limit/),
  ]);
});
