import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type * as posthornVerify from '../../src/verify/index.js';
import { CommandLine } from '../support/command.js';
import { Webhook } from 'standardwebhooks';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** A request signed now, its headers as a log has them. */
function requestIn(directory: string, body: string): void {
  const at = new Date();
  const signature = new Webhook(SECRET).sign('msg_1', at, body);
  const headers = [
    'POST /hooks HTTP/1.1',
    'Webhook-Id: msg_1',
    `webhook-timestamp: ${Math.floor(at.getTime() / 1_000)}`,
    `webhook-signature: ${signature}`,
  ];
  writeFileSync(join(directory, 'headers.txt'), headers.join('\r\n'));
  writeFileSync(join(directory, 'body.json'), body);
}

const BODY = '{"type":"order.paid","timestamp":"2026-11-30T00:00:00Z","data":{}}';
const args = ['verify', '--secret', SECRET, '--headers', 'headers.txt'];

test('a genuine request is valid: 0; from a file, and from standard input', async () => {
  const commands = new CommandLine();
  requestIn(commands.directory, BODY);
  expect(await commands.stdout([...args, 'body.json'])).toMatch(/^valid\n {2}ok /);
  expect(await commands.json([...args, '-'], { input: BODY })).toMatchObject({ valid: true });
});

test('one that is not is 7, and what is wrong is named', async () => {
  const commands = new CommandLine();
  requestIn(commands.directory, BODY);
  const { code, stdout } = await commands.run([...args, '-', '--json'], { input: `${BODY}\n` });
  expect(code).toBe(7);
  expect(JSON.parse(stdout)).toMatchObject({
    valid: false,
    findings: [{ kind: 'body', validIf: 'no_trailing_newline' }, { kind: 'ok' }, { kind: 'ok' }],
  });
  const foreign = [
    'verify',
    '--secret',
    'whsec_bm90IHRoZSBzZWNyZXQgb2YgdGhpcw==',
    '--headers',
    'headers.txt',
  ];
  expect((await commands.run([...foreign, 'body.json'])).code).toBe(7);
});

test('--eject prints the verifier as one file that needs nothing else', async () => {
  const commands = new CommandLine();
  requestIn(commands.directory, BODY);
  const file = join(commands.directory, 'verify.mjs');
  writeFileSync(file, await commands.stdout(['verify', '--eject']));
  expect(readFileSync(file, 'utf8')).not.toMatch(/^import|require\(/m);
  const { verify } = (await import(file)) as typeof posthornVerify;
  const lines = readFileSync(join(commands.directory, 'headers.txt'), 'utf8').split('\r\n').slice(1);
  const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
  expect(await verify(BODY, headers, { secret: SECRET, profile: 'standard' })).toMatchObject({
    id: 'msg_1',
    type: 'order.paid',
  });
  await expect(verify(`${BODY} `, headers, { secret: SECRET, profile: 'standard' })).rejects.toThrow();
});
