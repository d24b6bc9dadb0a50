import { beforeAll, expect, test } from 'vitest';
import { CommandLine } from '../support/command.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const posthorn = sharedPosthorn();
const { api } = posthorn;
let appId: string;
let commands: CommandLine;

beforeAll(async () => {
  const { app, key } = await api.createApp('standard', { name: 'Shop' });
  appId = app.id;
  commands = new CommandLine(() => ({ POSTHORN_URL: api.url, POSTHORN_API_KEY: key }));
});

test('why says of every endpoint whether the event reached it, and what would change it', async () => {
  const receiver = await Receiver.start(500);
  const failing = await api.createWebhook(appId, { url: receiver.url, event_types: ['order.*'] });
  await api.createWebhook(appId, { url: 'http://127.0.0.1:9/other', event_types: ['orders.*'] });
  await commands.stdout(['events', 'send', 'order.paid', '--id', 'why-1']);
  const event = await api.eventWhen(appId, 'why-1', ({ deliveries }) => deliveries[0]?.status === 'failed');
  const said = await commands.stdout(['why', 'why-1']);
  expect(said).toMatch(/^why-1 \(order\.paid\), accepted .+, goes to 1 of 2 endpoints\.\n\n/);
  const [delivery] = event.deliveries;
  expect(said).toContain(`${receiver.url}  Attempt 1 of 10 got 500 `);
  expect(said).toContain(`→ posthorn deliveries retry ${delivery?.id ?? ''}`);
  expect(said).toMatch(
    /127\.0\.0\.1:9\/other +not sent: it subscribes to other types\. Did you mean "order\.\*"\?/,
  );
  expect(await commands.stdout(['why', delivery?.id ?? ''])).toContain(`Endpoint  ${failing.id}`);
  expect((await commands.run(['why', 'never'])).code).toBe(4);
});

test('why says of an event that no worker has recorded where to look', async () => {
  const unattended = await posthorn.beside({
    parts: { api: true, worker: false },
    taskQueue: `${posthorn.taskQueue}-nobody`,
  });
  const { app, key } = await api.createApp('standard');
  await api.createWebhook(app.id, { url: 'http://127.0.0.1:9/' });
  const { id } = await unattended.api.submit(app.id, { event_type: 'order.paid', data: {} });
  const environment = { POSTHORN_URL: unattended.api.url, POSTHORN_API_KEY: key };
  const said = await commands.stdout(['why', id], { environment });
  expect(said).toMatch(
    /^msg_\S+ \(order\.paid\), accepted .+, waits for a worker that records it\.\n→ posthorn doctor$/m,
  );
});

test('doctor says what is well, and ends with 7 at a fault; without a server, too', async () => {
  const asAdmin = { environment: { POSTHORN_API_KEY: posthorn.adminKey } };
  const { code, stdout } = await commands.run(['doctor', '-o', 'json'], asAdmin);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: { name: string; verdict: string }[] };
  expect({ code, failed: checks.filter(({ verdict }) => verdict === 'fail') }).toEqual({
    code: 0,
    failed: [],
  });
  expect(ok).toBe(true);
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['node', 'api', 'command', 'key', 'postgresql', 'temporal', 'workers']),
  );
  const alone = await commands.run(['doctor'], { environment: { POSTHORN_URL: 'http://127.0.0.1:9' } });
  expect(alone.code).toBe(7);
  expect(alone.stdout).toMatch(/^api +FAIL {2}http:\/\/127\.0\.0\.1:9 does not answer: /m);
  expect(alone.stdout).toMatch(/→ Start it with `npm start`/);
});

test('completion proposes commands, flags, their values, and ids', async () => {
  const proposed = async (...words: string[]) =>
    (await commands.stdout(['__complete', '--', ...words])).trim().split('\n');
  expect(await proposed('')).toEqual(expect.arrayContaining(['events', 'why', 'completion']));
  expect(await proposed('events', '')).toContain('tail');
  expect(await proposed('events', 'list', '--')).toContain('--status');
  expect(await proposed('events', 'list', '--status', '')).toContain('unmatched');
  await commands.stdout(['events', 'send', 'order.paid', '--id', 'completed-1']);
  await api.eventWhen(appId, 'completed-1', () => true);
  expect(await proposed('why', '')).toContain('completed-1');
  for (const shell of ['bash', 'zsh', 'fish']) {
    expect(await commands.stdout(['completion', shell])).toContain('posthorn __complete');
  }
});
