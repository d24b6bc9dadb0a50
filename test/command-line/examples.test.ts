import type { Command } from 'commander';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { beforeAll, expect, test } from 'vitest';
import { createProgram } from '../../src/commands/program.js';
import { examplesOf } from '../../src/commands/shared/define.js';
import { CommandLine } from '../support/command.js';
import { CLI } from '../support/posthorn-process.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Every example in a command's help works, in the order of the help. */

const posthorn = sharedPosthorn();
const { api } = posthorn;
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const variables: Record<string, string> = {};
let commands: CommandLine;

beforeAll(async () => {
  const receiver = await Receiver.start();
  const failing = await Receiver.start(500);
  const [{ app, key }, { app: other }] = [await api.createApp(), await api.createApp()];
  const endpoint = await api.createWebhook(app.id, { url: receiver.url, event_types: ['user.*'] });
  const unused = await api.createWebhook(app.id, { url: receiver.url, event_types: ['no.one'] });
  await api.createWebhook(app.id, { url: failing.url, event_types: ['waiting.one'] });
  await api.submit(app.id, { id: 'example-1', event_type: 'user.updated', data: {} });
  for (const id of ['waiting-1', 'waiting-2'])
    await api.submit(app.id, { id, event_type: 'waiting.one', data: {} });
  const delivered = await api.eventThatIs('delivered', app.id, 'example-1');
  const waiting = await api.eventWhen(
    app.id,
    'waiting-1',
    ({ deliveries }) => deliveries[0]?.status === 'failed',
  );
  const made = await api.expect<{ api_key: { id: string } }>(201, 'POST', `/v1/apps/${app.id}/keys`, {});
  Object.assign(variables, {
    POSTHORN_URL: api.url,
    POSTHORN_API_KEY: posthorn.adminKey,
    POSTHORN_APP: app.id,
    URL: api.url,
    KEY: key,
    KEY_ID: made.api_key.id,
    RECEIVER: receiver.url,
    ENDPOINT: endpoint.id,
    OTHER_ENDPOINT: unused.id,
    OTHER_APP: other.id,
    EVENT: 'example-1',
    WAITING_EVENT: 'waiting-2',
    DELIVERY: delivered.deliveries[0]?.id ?? '',
    WAITING_DELIVERY: waiting.deliveries[0]?.id ?? '',
    SECRET,
  });
  commands = new CommandLine(() => variables);
  const body = '{"type":"user.created","timestamp":"2026-11-30T00:00:00Z","data":{}}';
  const at = new Date();
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(SECRET).sign('msg_1', at, body),
  };
  writeFileSync(join(commands.directory, 'body.json'), body);
  writeFileSync(join(commands.directory, 'headers.txt'), JSON.stringify(headers));
});

function commandsIn(command: Command): Command[] {
  return command.commands.flatMap((each) => [each, ...commandsIn(each)]);
}

const examples = commandsIn(createProgram()).flatMap((command) => examplesOf(command));
/** They go on until Ctrl-C. */
const endless = examples.filter((line) => /^posthorn (listen|events tail)/.test(line));

test.each(examples.filter((line) => !endless.includes(line)))('%s', async (line) => {
  const shell = `posthorn() { '${process.execPath}' '${CLI}' "$@"; }; set -o pipefail; ${line}`;
  const { code, stderr } = await commands.run([], { shell });
  expect(code, stderr).toBe(0);
});

test.each(endless)('%s', async (line) => {
  const shell = line.replace(/^posthorn/, `exec '${process.execPath}' '${CLI}'`);
  const running = commands.launch([], { shell });
  await running.lineThat((each) => each.includes('Ctrl-C ends.'));
  expect(await running.interrupt()).toBe(0);
});
