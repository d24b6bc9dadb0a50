import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificates, issuer, key } from '../support/certificates.js';
import { stopAfterwards } from '../support/stop-afterwards.js';

const CHILD = fileURLToPath(new URL('../support/posts.mjs', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'posthorn-tls-'));
  stopAfterwards(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'issuer.pem'), issuer);
});

async function listening(server: Server): Promise<number> {
  stopAfterwards(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const receiver = (options: ServerOptions) =>
  listening(
    createServer({ key, cert: certificates.good, ...options }, (_request, response) => response.end('ok')),
  );

/** What POSTs are answered with that trust the issuer of these tests. */
async function postsTo(...urls: string[]): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, ...urls], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: join(directory, 'issuer.pem') },
  });
  return JSON.parse(stdout) as unknown[];
}

const failed = (text: string) =>
  expect.objectContaining({ kind: 'unanswered', code: 'tls', text }) as unknown;
const answered = expect.objectContaining({ kind: 'answered', statusCode: 200, body: 'ok' }) as unknown;

describe('a receiver with TLS', () => {
  it('that asks for a client certificate is said to: TLS 1.3, whose alert comes after the handshake', async () => {
    const port = await receiver({ requestCert: true, ca: issuer, minVersion: 'TLSv1.3' });
    expect(await postsTo(`https://receiver.test:${port}/`)).toEqual([
      failed('the receiver asks for a client certificate'),
    ]);
  });

  it('that asks for a client certificate refuses the handshake of TLS 1.2, which may have other reasons', async () => {
    const port = await receiver({ requestCert: true, ca: issuer, maxVersion: 'TLSv1.2' });
    expect(await postsTo(`https://receiver.test:${port}/`)).toEqual([
      failed('the receiver refuses the TLS handshake: it may want a client certificate or other ciphers'),
    ]);
  });

  it('that asks for a client certificate, but does without, is delivered to', async () => {
    const port = await receiver({ requestCert: true, rejectUnauthorized: false, ca: issuer });
    expect(await postsTo(`https://receiver.test:${port}/`)).toEqual([answered]);
  });

  it.each<[string, keyof typeof certificates, string]>([
    ['has expired', 'expired', "the receiver's certificate has expired"],
    ['is not valid yet', 'early', "the receiver's certificate is not valid yet"],
    [
      'comes from an issuer that nobody knows',
      'unknownIssuer',
      "the issuer of the receiver's certificate is not known, or the receiver does not send the certificates between",
    ],
  ])('whose certificate %s', async (_what, certificate, text) => {
    const port = await receiver({ cert: certificates[certificate] });
    expect(await postsTo(`https://receiver.test:${port}/`)).toEqual([failed(text)]);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'whose certificate is for another name is refused each time, by %s, whatever session it offers',
    async (version) => {
      const port = await receiver({ minVersion: version, maxVersion: version });
      const [right, wrong] = ['receiver.test', 'other.test'].map((name) => `https://${name}:${port}/`);
      const refused = failed("the receiver's certificate is for another host name");
      const urls = [wrong ?? '', wrong ?? '', right ?? '', wrong ?? ''];
      expect(await postsTo(...urls)).toEqual([refused, refused, answered, refused]);
    },
  );

  it('whose name ends with a dot is known by its name without the dot', async () => {
    const asked: string[] = [];
    const port = await receiver({
      SNICallback: (name, callback) => {
        asked.push(name);
        callback(null);
      },
    });
    expect(await postsTo(`https://receiver.test.:${port}/`)).toEqual([answered]);
    expect(asked).toEqual(['receiver.test']);
  });

  it('that speaks no version that is spoken here', async () => {
    const port = await receiver({
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    expect(await postsTo(`https://receiver.test:${port}/`)).toEqual([
      failed('the receiver does not support TLS 1.2 or later'),
    ]);
  });
});

it('a port without TLS is said to be one', async () => {
  const answering = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    // Unread, it would stay open when the other side has closed it.
    socket.resume();
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  const port = await listening(answering);
  expect(await postsTo(`https://receiver.test:${port}/`)).toEqual([
    failed('the receiver does not speak TLS on this port'),
  ]);
});
