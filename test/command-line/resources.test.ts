import { beforeAll, describe, expect, test } from 'vitest';
import type { components } from '../../src/client/index.js';
import { CommandLine } from '../support/command.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

type Schemas = components['schemas'];

const { api } = sharedPosthorn();
let key: string;
let appId: string;
let commands: CommandLine;

beforeAll(async () => {
  const created = await api.createApp('standard', { name: 'Shop' });
  key = created.key;
  appId = created.app.id;
  commands = new CommandLine(() => ({ POSTHORN_URL: api.url, POSTHORN_API_KEY: key }));
});

const endpointFor = (url: string, ...args: string[]) =>
  commands.json<{ webhook: Schemas['NewWebhook'] }>(['endpoints', 'create', url, ...args]);

describe('events', () => {
  test('send --wait ends with 0 when it was delivered, and shows where', async () => {
    const receiver = await Receiver.start();
    const { webhook } = await endpointFor(receiver.url, '--events', 'order.*');
    const args = ['events', 'send', 'order.paid', '--data', '{"a":{}}', '--set', 'a.b=1', '--set', 'c=text'];
    const { event } = await commands.json<{ event: Schemas['EventWithDeliveries'] }>([...args, '--wait']);
    expect(event).toMatchObject({ status: 'delivered', data: { a: { b: 1 }, c: 'text' } });
    expect(event.deliveries).toMatchObject([{ webhook_id: webhook.id, last_status_code: 200 }]);
    await commands.stdout(['endpoints', 'delete', webhook.id]);
  });

  test('send --wait ends with 7 when it was not delivered', async () => {
    const { webhook } = await endpointFor('http://127.0.0.1:9/', '--retry-limit', '0');
    const { code, stdout } = await commands.run(['events', 'send', 'order.paid', '--wait']);
    expect(code).toBe(7);
    expect(stdout).toContain('failed: exhausted: connection_refused');
    await commands.stdout(['endpoints', 'delete', webhook.id]);
    const { code: unmatched } = await commands.run(['events', 'send', 'order.paid', '--wait', '20s']);
    expect(unmatched).toBe(7);
  });

  test('the same id with other content is refused: 5, with the code and the request’s id', async () => {
    await commands.stdout(['events', 'send', 'order.paid', '--id', 'once']);
    await commands.stdout(['events', 'send', 'order.paid', '--id', 'once', '--data', '-'], { input: '{}' });
    const { code, stderr } = await commands.run([
      'events',
      'send',
      'order.paid',
      '--id',
      'once',
      '--data',
      '1',
    ]);
    expect(code).toBe(5);
    expect(stderr).toMatch(/^event_conflict: .+\n(?:.*\n)*request_id: \S+$/m);
    expect((await commands.run(['events', 'get', 'never'])).code).toBe(4);
  });

  test('a field that is wrong is named', async () => {
    const { code, stderr } = await commands.run(['endpoints', 'create', 'ftp://x', '--events', 'us*']);
    expect(code).toBe(5);
    expect(stderr).toMatch(/^ {2}\/webhook\/url: .+\n {2}\/webhook\/event_types\/0: .+$/m);
  });

  test('list gives the API’s answer as JSON, an object a line as jsonl, and a table to people', async () => {
    for (const id of ['l1', 'l2', 'l3']) await commands.stdout(['events', 'send', 'listed.one', '--id', id]);
    const of = ['events', 'list', '--type', 'listed.one', '--since', '1h'];
    const answer = await commands.json<{ events: Schemas['Event'][]; next_cursor: string | null }>([
      ...of,
      '--limit',
      '2',
    ]);
    const direct = await api.expect(200, 'GET', `/v1/apps/${appId}/events?event_type=listed.one&limit=2`);
    expect(answer.events).toEqual((direct as typeof answer).events);
    expect(answer.next_cursor).not.toBeNull();
    const lines = (await commands.stdout([...of, '-o', 'jsonl', '--all'])).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { id: string }).id)).toEqual(['l3', 'l2', 'l1']);
    const table = await commands.stdout([...of, '--time', 'iso']);
    expect(table).toMatch(/^ID +TYPE +STATUS +ACCEPTED\nl3 +listed.one +\w+ +\d{4}-\d\d-\d\dT[\d:.]+Z\n/);
    const none = await commands.run(['events', 'list', '--type', 'no.such']);
    expect(none).toEqual({ code: 0, stdout: '', stderr: 'No event.\n' });
  });

  test('resend and cancel', async () => {
    const receiver = await Receiver.start();
    const { webhook } = await endpointFor(receiver.url, '--events', 'resent.one');
    await commands.stdout(['events', 'send', 'resent.one', '--id', 'again', '--wait']);
    await commands.stdout(['events', 'resend', 'again', '--endpoint', webhook.id]);
    await receiver.gets(2);
    await commands
      .stdout(['events', 'send', 'resent.one', '--id', 'later', '--deliver-at', '2099-01-01T00:00:00Z'])
      .then(() => expect.unreachable('28 days is the most'))
      .catch((error: Error) => expect(error.message).toContain('at most 28 days ahead'));
    await commands.stdout(['endpoints', 'pause', webhook.id]);
    await commands.stdout(['events', 'send', 'resent.one', '--id', 'held']);
    await commands.json(['events', 'cancel', 'held']);
    await api.eventThatIs('cancelled', appId, 'held');
    await commands.stdout(['endpoints', 'delete', webhook.id]);
  });
});

describe('endpoints', () => {
  test('their whole life', async () => {
    const receiver = await Receiver.start();
    const { webhook } = await endpointFor(receiver.url, '--header', 'X-Shop=1', '--description', 'mine');
    const { id } = webhook;
    expect(webhook).toMatchObject({ event_types: ['*'], description: 'mine', status: 'active' });
    expect((await commands.stdout(['endpoints', 'secret', id, '--print'])).trim()).toBe(webhook.secret);
    expect(await commands.json(['endpoints', 'update', id, '--events', 'a.b,c.*'])).toMatchObject({
      webhook: { event_types: ['a.b', 'c.*'] },
    });
    expect(await commands.json(['endpoints', 'get', id])).toMatchObject({
      webhook: { id, url: receiver.url },
    });
    expect(await commands.stdout(['endpoints', 'list'])).toContain(id);
    const tested = await commands.stdout(['endpoints', 'test', id]);
    expect(tested).toMatch(/^delivered: 200 in .+, attempt 1\n$/);
    expect((await receiver.gets(1))[0]?.headers['x-shop']).toBe('1');
    for (const [action, status] of [
      ['pause', 'paused'],
      ['resume', 'active'],
      ['disable', 'disabled'],
      ['enable', 'active'],
    ] as const) {
      expect(await commands.json(['endpoints', action, id])).toMatchObject({ webhook: { status } });
    }
    const rotated = await commands.stdout(['endpoints', 'rotate', id, '--grace', '2h']);
    expect(rotated).toMatch(/^whsec_\S+\n$/);
    receiver.answerAlways(500);
    expect((await commands.run(['endpoints', 'test', id, '--wait', '1s'])).code).toBe(7);
    expect(await commands.run(['endpoints', 'delete', id])).toMatchObject({ code: 0, stdout: '' });
    expect((await commands.run(['endpoints', 'get', id])).code).toBe(4);
  });

  test('check says what is wrong with a target: 7', async () => {
    const { url } = await Receiver.start();
    expect(await commands.stdout(['endpoints', 'check', url])).toMatch(/^url +ok/m);
    const refused = await commands.run(['endpoints', 'check', 'https://10.0.0.1/']);
    // The API takes one check a second.
    if (refused.code !== 6) {
      expect(refused.code).toBe(7);
      expect(refused.stdout).toContain('FAIL');
    }
  });

  test('recover counts, then delivers what had failed', async () => {
    const receiver = await Receiver.start(500);
    const { webhook } = await endpointFor(receiver.url, '--events', 'lost.one', '--retry-limit', '0');
    expect((await commands.run(['events', 'send', 'lost.one', '--wait'])).code).toBe(7);
    receiver.answerAlways(200);
    const of = ['endpoints', 'recover', webhook.id, '--since', '1h'];
    expect(await commands.json([...of, '--dry-run'])).toMatchObject({
      total: 1,
      by_event_type: { 'lost.one': 1 },
    });
    expect(await commands.json([...of, '--watch'])).toMatchObject({
      job: { status: 'completed', total: 1, done: 1, failed: 0 },
    });
    await commands.stdout(['endpoints', 'delete', webhook.id]);
  });
});

describe('deliveries', () => {
  test('list, get, request and retry', async () => {
    const receiver = await Receiver.start().then((each) => each.answer(500));
    // The second attempt is not due before somebody asks for it, however slow this machine is.
    const webhook = await api.createWebhook(appId, {
      url: receiver.url,
      event_types: ['retried.one'],
      headers: { 'X-Token': 'hidden' },
      schedule: [3600],
    });
    await commands.stdout(['events', 'send', 'retried.one', '--id', 'r1']);
    await receiver.gets(1);
    await api.eventWhen(appId, 'r1', ({ deliveries }) => deliveries[0]?.status === 'failed');
    const { deliveries } = await commands.json<{ deliveries: Schemas['Delivery'][] }>([
      'deliveries',
      'list',
      '--endpoint',
      webhook.id,
      '--status',
      'failed',
      '--event',
      'r1',
    ]);
    expect(deliveries).toHaveLength(1);
    const id = deliveries[0]?.id ?? '';
    expect(await commands.stdout(['deliveries', 'get', id])).toContain('failed, will be retried');
    const masked = await commands.json<{ headers: Record<string, string> }>(['deliveries', 'request', id]);
    expect(JSON.stringify(masked)).not.toContain('hidden');
    expect(await commands.stdout(['deliveries', 'request', id, '--curl', '--reveal'])).toMatch(
      /^curl [^]*hidden/,
    );
    await commands.stdout(['deliveries', 'retry', id]);
    await api.eventThatIs('delivered', appId, 'r1');
    expect((await commands.run(['deliveries', 'retry', id])).code).toBe(5);
    await commands.stdout(['endpoints', 'delete', webhook.id]);
  });
});

describe('applications, keys and event types', () => {
  test('need the admin key, or a scope', async () => {
    expect((await commands.run(['apps', 'list'])).code).toBe(3);
    const admin = new CommandLine(() => ({
      POSTHORN_URL: api.url,
      POSTHORN_API_KEY: 'an-admin-key-for-tests',
    }));
    const made = await admin.json<{ app: { id: string }; api_key: { key: string } }>([
      'apps',
      'create',
      'Other',
      '--profile',
      'scute',
    ]);
    expect(await admin.stdout(['apps', 'list'])).toContain(made.app.id);
    const { api_key } = await admin.json<{ api_key: Schemas['NewApiKey'] }>([
      'apps',
      'keys',
      'create',
      'reader',
      '--scopes',
      'events:read',
      '--app',
      made.app.id,
    ]);
    expect(api_key.scopes).toEqual(['events:read']);
    const listed = await admin.stdout(['apps', 'keys', 'list', '--app', made.app.id]);
    expect(listed).toContain('reader');
    await admin.stdout(['apps', 'keys', 'revoke', api_key.id, '--app', made.app.id]);
    const types = await admin.json<{ event_types: unknown[] }>(['event-types', 'list', '--app', made.app.id]);
    expect(types.event_types.length).toBeGreaterThan(5);
    await admin.stdout([
      'event-types',
      'create',
      'parcel.lost',
      '--schema',
      '{"type":"object"}',
      '--app',
      made.app.id,
    ]);
    await admin.stdout(['event-types', 'delete', 'parcel.lost', '--app', made.app.id]);
    await admin.stdout(['apps', 'delete', made.app.id]);
    expect((await admin.run(['apps', 'get', made.app.id])).code).toBe(4);
  });
});
