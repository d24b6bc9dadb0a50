import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { oneOfEverything, type Furnished } from '../support/one-of-everything.js';
import { Receiver } from '../support/receiver.js';
import { allRoutes, filled } from '../support/routes.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Whatever bytes stand where ids, cursors, headers and bodies do: an answer comes, and none says that it is our fault. */

const RUNS = 300;
const LONGEST = 200;
const END = '\r\nX-Last: 1\r\n\r\n';

const posthorn = sharedPosthorn();
let receiver: Receiver;
let app: Furnished;
const statuses = new Set<number | null>();
beforeAll(async () => {
  receiver = await Receiver.start();
  app = await oneOfEverything(posthorn.api, receiver);
});
afterAll(() => {
  expect(posthorn.log.filter((line) => line.includes('"a request failed"'))).toEqual([]);
  // So far in did they come.
  expect([...statuses]).toEqual(expect.arrayContaining([202, 400, 401, 404, 415, 422]));
});

/** The status of the answer to these very bytes; null when the connection is closed without one. */
async function statusOf(request: Buffer): Promise<number | null> {
  const { hostname, port } = new URL(posthorn.api.url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  socket.write(request);
  // Bytes that end a line may have made of it a request that waits for more.
  const lines = request.subarray(0, request.indexOf('\r\n\r\n') + 4).toString('latin1');
  if (/[^\r]\n|\r[^\n]/.test(lines) || !lines.endsWith(END)) socket.end();
  await once(socket, 'close');
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(chunks).toString('latin1')) ?? [];
  return status === undefined ? null : Number(status);
}

interface RawCall {
  readonly method: string;
  readonly path: Buffer;
  readonly headers?: readonly (readonly [string, Buffer])[];
  readonly body?: Buffer;
}

function bytesOf({ method, path, headers = [], body = Buffer.alloc(0) }: RawCall): Buffer {
  const named = new Map<string, Buffer>([
    ['Host', Buffer.from('localhost')],
    ['Authorization', Buffer.from(`Bearer ${posthorn.adminKey}`)],
    ['Content-Type', Buffer.from('application/json')],
    ['Content-Length', Buffer.from(String(body.length))],
    ['Connection', Buffer.from('close')],
    ...headers,
    ['X-Last', Buffer.from('1')],
  ]);
  const lines = [...named].flatMap(([name, value]) => [Buffer.from(`${name}: `), value, Buffer.from('\r\n')]);
  return Buffer.concat([
    Buffer.from(`${method} `),
    path,
    Buffer.from(' HTTP/1.1\r\n'),
    ...lines,
    Buffer.from('\r\n'),
    body,
  ]);
}

const anyBytes = fc.uint8Array({ minLength: 0, maxLength: LONGEST }).map((bytes) => Buffer.from(bytes));
/** So that more of it gets past the parser: any bytes, percent-encoded. */
const encodedBytes = anyBytes.map((bytes) =>
  Buffer.from([...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')),
);
const text = fc
  .string({ unit: 'grapheme', maxLength: 40 })
  .map((each) => Buffer.from(encodeURIComponent(each)));
const inPaths = fc.oneof(anyBytes, encodedBytes, text);
const anyRoute = fc.constantFrom(...allRoutes.filter(({ path }) => path.includes(':')));
const known = (path: string) => filled(path, (collection) => app.ids[collection] ?? '');

async function faultless(call: RawCall): Promise<void> {
  const status = await statusOf(bytesOf(call));
  statuses.add(status);
  if (status !== null) expect(status).toBeLessThan(500);
}

it('as ids', () =>
  fc.assert(
    fc.asyncProperty(anyRoute, inPaths, fc.nat(), async ({ method, path }, bytes, at) => {
      const names = [...path.matchAll(/:\w+/g)].map(([name]) => name);
      const chosen = names[at % names.length] ?? '';
      const [before = '', after = ''] = path.split(chosen);
      // What stands before it in the path is known; what comes after it is not reached.
      await faultless({
        method: method.toUpperCase(),
        path: Buffer.concat([Buffer.from(known(before)), bytes, Buffer.from(known(after))]),
      });
    }),
    { numRuns: RUNS },
  ));

it('as cursors and other parameters', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...allRoutes.filter(({ query }) => query !== undefined)),
      fc.constantFrom('cursor', 'limit', 'since', 'status', 'event_type', 'live', 'x'),
      fc.oneof(
        inPaths,
        anyBytes.map((bytes) => Buffer.from(bytes.toString('base64url'))),
        fc
          .tuple(fc.integer(), fc.string({ unit: 'binary' }))
          .map(([time, id]) => Buffer.from(Buffer.from(`${time}/${id}`).toString('base64url'))),
      ),
      async ({ path }, name, value) => {
        await faultless({
          method: 'GET',
          path: Buffer.concat([Buffer.from(`${known(path)}?${name}=`), value]),
        });
      },
    ),
    { numRuns: RUNS },
  ));

it('as headers', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(
        'Authorization',
        'Idempotency-Key',
        'Content-Type',
        'Content-Encoding',
        'X-Forwarded-For',
      ),
      fc.oneof(
        anyBytes,
        text,
        anyBytes.map((bytes) => Buffer.concat([Buffer.from('Bearer '), bytes])),
      ),
      async (name, value) => {
        await faultless({
          method: 'POST',
          path: Buffer.from(`/v1/apps/${app.id}/events`),
          headers: [[name, value]],
          body: Buffer.from('{"event_type":"user.created","data":1}'),
        });
      },
    ),
    { numRuns: RUNS },
  ));

it('as bodies', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...allRoutes.filter(({ body }) => body !== undefined)),
      fc.oneof(
        anyBytes,
        fc.json({ maxDepth: 3 }).map((json) => Buffer.from(json)),
        fc.json({ maxDepth: 3 }).map((json) => Buffer.from(`{"webhook":${json},"event_type":${json}}`)),
      ),
      async ({ method, path }, body) => {
        await faultless({ method: method.toUpperCase(), path: Buffer.from(known(path)), body });
      },
    ),
    { numRuns: RUNS },
  ));
