import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { components } from '../../src/client/index.js';
import { CommandLine } from '../support/command.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

type Schemas = components['schemas'];

const { api } = sharedPosthorn();
let appId: string;
let commands: CommandLine;

beforeAll(async () => {
  const { app, key } = await api.createApp('standard', { name: 'Shop' });
  appId = app.id;
  commands = new CommandLine(() => ({ POSTHORN_URL: api.url, POSTHORN_API_KEY: key }));
});

const endpoints = async () =>
  (await api.expect<{ webhooks: Schemas['Webhook'][] }>(200, 'GET', `/v1/apps/${appId}/webhooks`)).webhooks;

describe('listen', () => {
  test('makes an endpoint, verifies what comes, answers by script, and deletes the endpoint at Ctrl-C: 0', async () => {
    const listening = commands.launch(['listen', '--events', 'order.*', '--fail', '500x1', '-o', 'jsonl']);
    await listening.lineThat((line) => line.startsWith('Secret: whsec_'));
    await listening.lineThat((line) => line.startsWith('Send one:'));
    expect(await endpoints()).toMatchObject([{ event_types: ['order.*'], status: 'active' }]);
    await commands.stdout(['trigger', 'order.paid', '--set', 'total=17', '--id', 'listened']);
    const [first, second] = [500, 200].map((status) =>
      listening.lineThat((line) => line.includes(`"answered":${status}`)),
    );
    expect(JSON.parse((await first) ?? '')).toMatchObject({
      event_id: 'listened',
      event_type: 'order.paid',
      verified: true,
      findings: [],
      outcome: expect.stringMatching(/^next attempt in \d+ m?s$/) as string,
    });
    expect(JSON.parse((await second) ?? '')).toMatchObject({
      verified: true,
      outcome: 'delivered at attempt 2',
    });
    expect(await listening.interrupt()).toBe(0);
    expect(await endpoints()).toEqual([]);
  });

  test('hands requests on, and sweeps what a killed run has left behind', async () => {
    const receiver = await Receiver.start(418);
    const killed = commands.launch(['listen']);
    await killed.lineThat((line) => line.startsWith('Send one:'));
    process.kill(killed.pid, 'SIGKILL');
    await killed.ended;
    const listening = commands.launch([
      ...['listen', '--forward-to', receiver.url, '--print-secret', '--save', 'kept'],
    ]);
    await listening.lineThat((line) => line.startsWith('Send one:'));
    expect(listening.stderr[0]).toBe('Deleted 1 endpoints that earlier runs have left behind.');
    expect(listening.stdout).toEqual([expect.stringMatching(/^whsec_\S+$/)]);
    await commands.stdout(['trigger', 'order.paid']);
    await receiver.gets(1);
    await listening.lineThat((line) => /signature ok \(\d+ s old\) {2}→ 418 in/.test(line));
    expect(await listening.interrupt()).toBe(0);

    // 418 is tried again, and may have been meanwhile.
    const kept = readdirSync(join(commands.directory, 'kept')).toSorted().slice(0, 2);
    expect(kept.map((name) => name.replace(/^.*Z-\d+/, ''))).toEqual(['.body', '.headers.json']);
    const [body = '', headers = ''] = kept.map((name) => join('kept', name));
    const [secret = ''] = listening.stdout;
    await commands.stdout(['verify', '--secret', secret, '--headers', headers, body]);
  });
});

describe('listen, as a mirror', () => {
  /** Sends events until something comes of it: the stream begins when it is open, and tells nothing of before. */
  const sendUntil = (type: string, hasCome: () => boolean) =>
    expect
      .poll(
        async () => {
          await api.submit(appId, { event_type: type, data: { n: 1 } });
          return hasCome();
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(true);

  test('copies what one endpoint elsewhere gets, signed by its secret', async () => {
    const [elsewhere, here] = await Promise.all([Receiver.start(), Receiver.start()]);
    const endpoint = await api.createWebhook(appId, { url: elsewhere.url, event_types: ['copied.*'] });
    await api.createWebhook(appId, { url: elsewhere.url, event_types: ['other.*'] });
    const mirroring = commands.launch([
      ...['listen', '--webhook', endpoint.id, '--forward-to', here.url],
      ...['--print-secret', '-o', 'jsonl'],
    ]);
    await mirroring.lineThat((line) => line.startsWith(`Mirroring ${endpoint.id}`));
    expect(mirroring.stdout).toEqual([endpoint.secret]);
    await sendUntil('copied.one', () => here.received.length > 0);
    await api.submit(appId, { event_type: 'other.one', data: {} });
    await api.submit(appId, { event_type: 'copied.two', data: {} });
    const last = await mirroring.lineThat((line) => line.includes('"copied.two"'));
    expect(JSON.parse(last)).toMatchObject({ verified: true, findings: [], answered: 200 });
    expect(here.received.map(({ body }) => body)).not.toContainEqual(expect.stringContaining('other.one'));
    const [copy] = here.received;
    const original = elsewhere.received.find(
      ({ headers }) => headers['webhook-id'] === copy?.headers['webhook-id'],
    );
    expect(copy?.body).toBe(original?.body);
    expect(await mirroring.interrupt()).toBe(0);
  });

  test('prints what every endpoint gets, where nothing is to be posted', async () => {
    const elsewhere = await Receiver.start(503);
    await api.createWebhook(appId, { url: elsewhere.url, event_types: ['printed.*'] });
    const mirroring = commands.launch(['listen', '--mirror', '--events', 'printed.*']);
    await mirroring.lineThat((line) => line.startsWith('Mirroring every endpoint of'));
    await sendUntil('printed.one', () => mirroring.stdout.length > 0);
    expect(mirroring.stdout[0]).toMatch(
      / {2}printed\.one {2}msg_\S+ {2}\d+ B {2}signature ok .* → printed in 0 ms$/,
    );
    expect(await mirroring.interrupt()).toBe(0);
  });
});

test('events tail prints what happens, until Ctrl-C: 0', async () => {
  const tailing = commands.launch(['events', 'tail', '-o', 'jsonl']);
  await tailing.lineThat((line) => line.startsWith('Following.'));
  // The stream begins when it is open: what came before is not told.
  const open = async (): Promise<string> => {
    await commands.stdout(['events', 'send', 'tailed.one']);
    return tailing.lineThat((line) => line.includes('"event.accepted"'));
  };
  expect(JSON.parse(await open())).toMatchObject({ data: { event: { event_type: 'tailed.one' } } });
  expect(await tailing.interrupt()).toBe(0);
});
