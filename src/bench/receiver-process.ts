import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { standardSignature } from '../profiles/signing/signature.js';
import { now } from './clock.js';
import {
  HANGS_MS,
  type Arrivals,
  type FromReceiver,
  type ReceivedEndpoints,
  type ToReceiver,
} from './receiver.js';

/** A process that receives what is delivered, verifies every signature, and counts. */

const send = (message: FromReceiver) => process.send?.(message);

/** Of all measurements: what comes late of an earlier one is verified, and not counted. */
let known: ReceivedEndpoints = {};
let measured: ReceivedEndpoints = {};
/** Of all of them too: what comes again in a later measurement has come again. */
const seen = new Set<string>();
let arrivals = noArrivals();
let wanted: { readonly deliveries: number; readonly timed: boolean } | null = null;

function noArrivals(): { -readonly [K in keyof Arrivals]: Arrivals[K] } & { latenciesMs: number[] } {
  return { deliveries: 0, repeated: 0, invalid: 0, lastAt: null, latenciesMs: [] };
}

function tellIfAll(): void {
  if (wanted === null) return;
  const come = wanted.timed ? arrivals.latenciesMs.length : arrivals.deliveries;
  if (come < wanted.deliveries) return;
  wanted = null;
  send({ kind: 'arrivals', arrivals });
}

/** @param path of the endpoint: its secret is known by that */
function count(path: string, headers: Readonly<Record<string, unknown>>, body: Buffer): void {
  const at = now();
  const id = String(headers['webhook-id']);
  const timestamp = Number(headers['webhook-timestamp']);
  const secret = known[path]?.secret;
  if (!secret || headers['webhook-signature'] !== standardSignature(secret, id, timestamp, body)) {
    arrivals.invalid += 1;
    return;
  }
  if (seen.has(path + id)) {
    arrivals.repeated += 1;
    return;
  }
  seen.add(path + id);
  if (!(path in measured)) return;
  const { data } = JSON.parse(body.toString()) as { data: { submitted_at?: number } };
  if (data.submitted_at !== undefined) arrivals.latenciesMs.push(at - data.submitted_at);
  arrivals.deliveries += 1;
  arrivals.lastAt = at;
  tellIfAll();
}

function answer(path: string, response: ServerResponse): void {
  switch (known[path]?.manner) {
    case 'hanging':
      setTimeout(() => response.end(), HANGS_MS);
      break;
    case 'failing':
      response.writeHead(500).end();
      break;
    case 'well':
    case undefined:
      response.end();
  }
}

const server = createServer((request, response) => {
  buffer(request).then(
    (body) => {
      const path = request.url ?? '';
      answer(path, response);
      count(path, request.headers, body);
    },
    () => response.destroy(),
  );
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  send({ kind: 'listening', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
});

process.on('message', (message: ToReceiver) => {
  switch (message.kind) {
    case 'begin':
      measured = message.endpoints;
      known = { ...known, ...measured };
      // What was wrong between two measurements counts in the next.
      arrivals = { ...noArrivals(), repeated: arrivals.repeated, invalid: arrivals.invalid };
      wanted = null;
      send({ kind: 'begun' });
      break;
    case 'await':
      wanted = message;
      tellIfAll();
      break;
    case 'report':
      wanted = null;
      send({ kind: 'arrivals', arrivals });
      break;
  }
});
process.on('disconnect', () => process.exit());
// Ctrl-C in a terminal comes to all; this one ends when the benchmark lets go of it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
