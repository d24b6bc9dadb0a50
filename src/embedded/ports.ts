import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type * as GetPort from 'get-port';
import { errorCode, messageOf } from '../lib/errors.js';
import { UserError } from '../lib/user-error.js';

/**
 * Starts something that listens on `count` free loopback ports, of a range where it must. Tries again, on others, if somebody took one before it
 * could listen, or if what a killed PostgreSQL left behind is still about to end.
 */
export async function onFreePorts<T>(
  count: number,
  range: { readonly from: number; readonly to: number } | null,
  start: (ports: number[]) => Promise<T>,
): Promise<T> {
  const { default: getPort, portNumbers } = await importGetPort();
  // An iterator, for one use.
  const wanted = () => (range ? { port: portNumbers(range.from, range.to) } : {});
  for (let attempt = 1; ; attempt += 1) {
    const ports: number[] = [];
    // One after the other: get-port remembers what it gave out.
    while (ports.length < count) ports.push(await getPort({ host: '127.0.0.1', ...wanted() }));
    try {
      return await start(ports);
    } catch (error) {
      const transient = /address already in use|pre-existing shared memory block/i.test(messageOf(error));
      if (!transient || attempt === 4) throw error;
      await delay(300 * attempt);
    }
  }
}

/**
 * Resolves to whether something listens on the loopback port already.
 * @throws UserError when this user may not have the port
 */
export async function isTaken(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: '127.0.0.1', exclusive: true }, resolve);
    });
    return false;
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') return true;
    throw new UserError(
      `Port ${port}, for Temporal's UI, cannot be used (${messageOf(error)}): set POSTHORN_TEMPORAL_UI_PORT to another one.`,
      { cause: error },
    );
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

async function importGetPort(): Promise<typeof GetPort> {
  try {
    return await import('get-port');
  } catch {
    throw new UserError(
      'The packages of the embedded servers are not installed: run `npm ci --include=dev`, or set DATABASE_URL and TEMPORAL_ADDRESS.',
    );
  }
}
