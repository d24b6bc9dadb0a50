import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { describe, expect, inject, it } from 'vitest';
import { connectTo, openPool } from '../support/database.js';
import { leftOpen } from '../support/left-open.js';
import { Receiver } from '../support/receiver.js';
import { stopAfterwards } from '../support/stop-afterwards.js';

/** What tests start is stopped, and what is not stopped is named. */

const nothing = () => expect.poll(leftOpen).toEqual([]);

it('a server and a connection that are left open are named by their addresses', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = connect(port, '127.0.0.1');
  stopAfterwards(() => server.close());
  stopAfterwards(() => client.destroy());
  await once(client, 'connect');
  expect(leftOpen()).toEqual(
    expect.arrayContaining([
      `a server that listens on 127.0.0.1:${port}`,
      `a connection to 127.0.0.1:${port}`,
    ]),
  );
  client.destroy();
  server.close();
  await nothing();
});

it('connections to PostgreSQL are named as such, idle ones of a pool too', async () => {
  const url = inject('templateUrl').replace(/\/\w+$/, '/postgres');
  const named = expect.stringMatching(/^a connection to PostgreSQL \(127\.0\.0\.1:\d+\)$/) as string;
  const client = await connectTo(url);
  expect(leftOpen()).toEqual([named]);
  await client.end();
  await nothing();
  await openPool(url, 2).query('select 1');
  // The pool's own, and the one that asks whether PostgreSQL answers.
  await expect.poll(leftOpen).toEqual([named, named]);
});

describe('a test whose assertion fails', () => {
  let port = 0;

  it.fails('has started a receiver', async () => {
    const receiver = await Receiver.start();
    port = Number(new URL(receiver.url).port);
    expect(leftOpen()).toEqual([]);
  });

  it('has had it stopped', async () => {
    expect(port).toBeGreaterThan(0);
    const client = connect(port, '127.0.0.1');
    const [error] = (await once(client, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    await nothing();
  });
});
