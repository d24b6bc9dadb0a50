import type { LookupAddress } from 'node:dns';
import { isIP, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { AddressGuard } from '../../delivery/address-guard.js';
import { createConnect } from '../../delivery/connect.js';
import { failureOf } from '../../delivery/failure.js';
import { targetUrl } from '../../delivery/target-url.js';
import { DAY_MS } from '../../domain/day.js';
import { withTimeout } from '../../lib/timeout.js';

/** Looks at a target as a delivery would, step by step, and says at which it stops. Nothing is sent. */

export const CHECK_NAMES = ['url', 'address', 'dns', 'connect', 'tls', 'answer'] as const;

export interface TargetCheck {
  readonly name: (typeof CHECK_NAMES)[number];
  readonly ok: boolean;
  /** One sentence. */
  readonly text: string;
  readonly durationMs: number;
}

/** Of resolving, connecting and the handshake together, in milliseconds. */
const PATIENCE_MS = 5_000;

/** @returns the checks up to the first that fails */
export async function checkTarget(guard: AddressGuard, text: string): Promise<TargetCheck[]> {
  const checks: TargetCheck[] = [];
  const say = (name: TargetCheck['name'], ok: boolean, said: string, since: number): boolean => {
    checks.push({ name, ok, text: said, durationMs: Math.round(performance.now() - since) });
    return ok;
  };
  const begin = performance.now();
  const target = targetUrl(text);
  if ('problem' in target) return (say('url', false, `The URL ${target.problem}.`, begin), checks);
  say('url', true, 'The URL is well formed.', begin);
  const problem = guard.problemWithUrl(text);
  if (problem !== null) return (say('address', false, `The target ${problem}.`, begin), checks);
  say('address', true, 'Deliveries may go there.', begin);

  const { url } = target;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 0) {
    const asked = performance.now();
    const found = await inTime(resolved(guard, host)).catch((error: unknown) => error);
    if (!Array.isArray(found)) return (say('dns', false, `${failureOf(found).text}.`, asked), checks);
    say(
      'dns',
      true,
      `${host} has ${found.length === 1 ? 'an address' : `${found.length} addresses`}.`,
      asked,
    );
  }
  const began = performance.now();
  let socket: Socket | undefined;
  try {
    socket = createConnect(guard)(url.origin);
    await inTime(happened(socket, 'connect'));
    say(
      'connect',
      true,
      `Port ${url.port || (url.protocol === 'http:' ? 80 : 443)} takes connections.`,
      began,
    );
    if (!(socket instanceof TLSSocket)) return checks;
    const shaking = performance.now();
    const failure = await inTime(happened(socket, 'secureConnect')).catch((error: unknown) => error);
    if (failure) say('tls', false, `${failureOf(failure).text}.`, shaking);
    else say('tls', true, certificateText(socket), shaking);
  } catch (error) {
    say('connect', false, `${failureOf(error).text}.`, began);
  } finally {
    socket?.on('error', () => undefined).destroy();
  }
  return checks;
}

function certificateText(socket: TLSSocket): string {
  const until = new Date(socket.getPeerCertificate().valid_to);
  const days = Math.floor((until.getTime() - Date.now()) / DAY_MS);
  return `${socket.getProtocol() ?? 'TLS'}; the certificate is valid for ${days} more days.`;
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const timeUp = () =>
    Object.assign(new Error(`no answer within ${PATIENCE_MS / 1_000} s`), { code: 'ETIMEDOUT' });
  return withTimeout(PATIENCE_MS, work, timeUp);
}

function resolved(guard: AddressGuard, host: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    guard.lookup(host, { all: true }, (error, addresses) => {
      if (error) reject(error);
      else resolve(addresses as LookupAddress[]);
    });
  });
}

function happened(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the receiver closed the connection')));
  });
}
