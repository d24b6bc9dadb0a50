import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserError } from '../lib/user-error.js';

/** A POST as a receiver gets it. */
export interface ReceivedPost {
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly receivedAt: Date;
}

/** How receivers of one documented system tell a true POST from a forged one, and what there is to show of it. */
export interface Verifier {
  /** What verifies, in a few words. */
  readonly by: string;
  /** The header that the signature is in, as the document writes it. */
  readonly signatureHeader: string;
  /** The Unix time in seconds that the signature covers; null where the document signs none. */
  readonly signedTime: (post: ReceivedPost) => number | null;
  /** @throws when the signature is not valid */
  readonly verify: (post: ReceivedPost, secret: string) => void | Promise<void>;
}

/** As Standard Webhooks and its libraries have it. */
const TOLERANCE_SECONDS = 300;

/** @throws UserError when nobody wrote one for this profile yet */
export function verifierFor(profileId: string): Verifier {
  const verifier = verifiers.get(profileId);
  if (!verifier) {
    throw new UserError(
      `The demo cannot verify the profile "${profileId}": write a verifier for it in src/demo/verifiers.ts.`,
    );
  }
  return verifier;
}

/** Written from the documents' words, not with what the profiles sign with: one would repeat the other's mistakes. */
const verifiers: ReadonlyMap<string, Verifier> = new Map<string, Verifier>([
  [
    'standard',
    {
      by: 'the standardwebhooks package',
      signatureHeader: 'webhook-signature',
      signedTime: (post) => Number(post.headers['webhook-timestamp']),
      async verify(post, secret) {
        const { Webhook } = await installed(() => import('standardwebhooks'));
        new Webhook(secret).verify(post.body, post.headers);
      },
    },
  ],
  [
    'scute',
    {
      by: 'an HMAC-SHA256 over time and body, and a look at the clock',
      signatureHeader: 'X-Webhook-Signature',
      signedTime: (post) => Number(scuteSignature(post).time),
      verify(post, secret) {
        const { time, signature } = scuteSignature(post);
        const age = post.receivedAt.getTime() / 1000 - Number(time);
        if (Math.abs(age) > TOLERANCE_SECONDS) throw new Error(`its time is ${Math.round(age)} s off`);
        mustBeEqual(signature, hmacSha256(secret, `${time}.`, post.body));
      },
    },
  ],
  [
    'scalekit',
    {
      by: 'verifyWebhookPayload of the @scalekit-sdk/node package',
      signatureHeader: 'scalekit-signature',
      signedTime: (post) => Number(post.headers['webhook-timestamp']),
      async verify(post, secret) {
        const { Scalekit } = await installed(() => import('@scalekit-sdk/node'));
        // Verifying calls nobody: the address and the credentials are never used.
        const sdk = new Scalekit('http://127.0.0.1', 'nobody', 'nothing');
        sdk.verifyWebhookPayload(secret, post.headers, post.body.toString());
        // The SDK reads the three headers of Standard Webhooks; the document shows one of its own.
        mustBeEqual(header(post, 'scalekit-signature'), header(post, 'webhook-signature'));
      },
    },
  ],
  [
    'scalekit-auth',
    {
      by: 'an HMAC-SHA256 over JSON.stringify of the parsed body',
      signatureHeader: 'x-scalekit-signature',
      signedTime: () => null,
      verify(post, secret) {
        const parsed: unknown = JSON.parse(post.body.toString());
        mustBeEqual(header(post, 'x-scalekit-signature'), hmacSha256(secret, JSON.stringify(parsed)));
      },
    },
  ],
  [
    'scendcore',
    {
      by: 'an HMAC-SHA256 over the raw body',
      signatureHeader: 'X-ScendCore-Signature',
      signedTime: () => null,
      verify(post, secret) {
        mustBeEqual(header(post, 'x-scendcore-signature'), `sha256=${hmacSha256(secret, post.body)}`);
      },
    },
  ],
]);

/** `t=<time>,v1=<hex>`; while a secret rotates further `v1`s may follow, which the document's snippet does not read. */
function scuteSignature(post: ReceivedPost): { time: string; signature: string } {
  const [, time, signature] = /^t=(\d+),v1=([0-9a-f]+)/.exec(header(post, 'x-webhook-signature')) ?? [];
  if (time === undefined || signature === undefined) throw new Error('its signature is not t=…,v1=…');
  return { time, signature };
}

function hmacSha256(secret: string, ...parts: (string | Buffer)[]): string {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

function header(post: ReceivedPost, name: string): string {
  const value = post.headers[name];
  if (value === undefined) throw new Error(`it has no header ${name}`);
  return value;
}

function mustBeEqual(given: string, expected: string): void {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  if (one.length !== other.length || !timingSafeEqual(one, other)) throw new Error('its signature is wrong');
}

async function installed<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new UserError(
      'The packages that the demo verifies with are not installed: run `npm ci --include=dev`.',
      {
        cause: error,
      },
    );
  }
}
