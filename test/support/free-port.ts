import getPort, { portNumbers } from 'get-port';

const FIRST_PORT = 20_000;
const PORTS_OF_A_WORKER = 1_000;

/**
 * A port on which a process that is started next can listen. It is none that the system gives to outgoing connections,
 * of which other tests open thousands, and none that another file of tests gets meanwhile.
 */
export function freePort(): Promise<number> {
  const first = FIRST_PORT + Number(process.env.VITEST_POOL_ID) * PORTS_OF_A_WORKER;
  return getPort({ host: '127.0.0.1', port: portNumbers(first, first + PORTS_OF_A_WORKER - 1) });
}
