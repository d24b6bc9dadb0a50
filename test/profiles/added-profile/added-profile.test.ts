import { createHmac } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, expect, it } from 'vitest';
import { createDatabase, type TestDatabase } from '../../support/database.js';
import type { ApiDocument } from '../../support/documented.js';
import { PosthornProcess } from '../../support/posthorn-process.js';
import { Receiver } from '../../support/receiver.js';
import { stopAfterwards } from '../../support/stop-afterwards.js';

/** A build of Posthorn with one file more among its profiles, and no other change, delivers by that profile. */

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;
let database: TestDatabase;
let receiver: Receiver;
let posthorn: PosthornProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-added-'));
  stopAfterwards(() => rm(folder, { recursive: true }));
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const source = await readFile(new URL('./acme.ts', import.meta.url), 'utf8');
  const placed = source.replaceAll('../../../src/profiles/', './').replaceAll('../../../src/', '../');
  const { outputText } = ts.transpileModule(placed, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  await writeFile(join(folder, 'dist/profiles/acme.js'), outputText);
  // As a Mac leaves beside a file that it copied to another file system: not to be read.
  await writeFile(join(folder, 'dist/profiles/._acme.js'), Buffer.from([0, 5, 22, 7]));
  database = await createDatabase();
  receiver = await Receiver.start();
  const environment = { DATABASE_URL: database.url, POSTHORN_TASK_QUEUE: `added-${database.url.slice(-12)}` };
  posthorn = await PosthornProcess.start('all', environment, join(folder, 'dist/cli.js'));
});

it('signs, retries and ends deliveries as its one file says', async () => {
  // Its document has the profile too.
  const api = posthorn.api.by(await posthorn.api.expect<ApiDocument>(200, 'GET', '/openapi.json'));
  receiver.answer(500, 200, 418);
  const { app } = await api.createApp('acme');
  const webhook = await api.createWebhook(app.id, { url: receiver.url });
  const { secret } = webhook;

  const retried = await api.submit(app.id, { event_type: 'anvil.dropped', data: { height: 3 } });
  const delivered = await api.eventThatIs('delivered', app.id, retried.id);
  const [first, second] = await receiver.gets(2);
  expect(JSON.parse(second?.body ?? '')).toMatchObject({
    header: { what: 'anvil.dropped' },
    payload: { height: 3 },
  });
  expect(delivered.data).toEqual({ height: 3 });
  expect(first?.headers['x-acme-event']).toBe(retried.id);
  const signature = createHmac('sha256', secret)
    .update(second?.body ?? '')
    .digest('hex');
  expect(second?.headers['x-acme-signature']).toBe(signature);

  const refused = await api.submit(app.id, { event_type: 'anvil.dropped', data: {} });
  const { deliveries } = await api.eventThatIs('failed', app.id, refused.id);
  expect(deliveries[0]).toMatchObject({ reason: 'refused', attempt_count: 1 });

  // Twice failed, which disables the endpoint: that is told to another one in an event of Posthorn's own.
  const told = await Receiver.start();
  await api.createWebhook(app.id, { url: told.url, event_types: ['endpoint.disabled'] });
  const path = `/v1/apps/${app.id}/events`;
  receiver.answer(418);
  await api.submit(app.id, { event_type: 'anvil.dropped', data: {} });
  const [operational] = await told.gets(1);
  const id = String(operational?.headers['x-acme-event']);
  expect((await api.event(app.id, id)).data).toMatchObject({ webhook_id: webhook.id });
  await api.expect(202, 'POST', `${path}/${id}/resend`);
  const [, again] = await told.gets(2);
  expect(again?.body).toBe(operational?.body);

  const unknown = await api.call('POST', `/v1/apps/${app.id}/events`, {
    body: { event_type: 'anvil.lifted', data: {} },
  });
  expect(unknown.status).toBe(422);
});
