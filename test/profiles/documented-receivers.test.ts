import { createHmac, timingSafeEqual } from 'node:crypto';
import { Scalekit } from '@scalekit-sdk/node';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import type { ProblemBody } from '../support/api-client.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Each documented system's receivers verify what is sent, in the way their document tells them to. */

const { api } = sharedPosthorn();

/** Values that come out of parse and stringify only if the body is exactly their spelling. */
const hostileData = { text: 'Zoë ☃ / "quoted" \u2028 \ud83d\ude00', small: 1e-7, large: 1e21, nothing: null };

async function send(profile: string, event: Record<string, unknown>, webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start(201);
  const { app } = await api.createApp(profile);
  const { secret } = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  const { id } = await api.submit(app.id, { data: hostileData, ...event });
  await api.eventThatIs('delivered', app.id, id);
  const [post] = await receiver.gets(1);
  if (!post) throw new Error('nothing was received');
  return { app, id, secret, post };
}

/** File 001: `verifyWebhook(payload, signature, secret)` over `JSON.stringify(req.body)`. */
function verifyAsFile001(parsedBody: unknown, signature: string, secret: string): boolean {
  const payload = JSON.stringify(parsedBody);
  const digest = createHmac('sha256', secret).update(payload).digest('hex');
  return timingSafeEqual(Buffer.from(signature), Buffer.from(digest));
}

/** File 002: `verifySignature(body, signature, secret)`. */
function verifyAsFile002(body: string, signature: string, secret: string): boolean {
  const expected = 'sha256=' + createHmac('sha256', secret).update(body).digest('hex');
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

it('scalekit-auth: the receiver of file 001 accepts, verifying the body that it has parsed', async () => {
  const { id, secret, post } = await send('scalekit-auth', { event_type: 'user.authenticated' });
  const body = JSON.parse(post.body) as Record<string, unknown>;
  expect(verifyAsFile001(body, String(post.headers['x-scalekit-signature']), secret)).toBe(true);
  expect(body).toMatchObject({ id, type: 'user.authenticated', data: hostileData });
  expect(id).toMatch(/^evt_/);
});

it('scalekit: its real SDK accepts, and the document’s own header has the same signature', async () => {
  const { app, id, secret, post } = await send('scalekit', {
    event_type: 'organization.directory.user_created',
    attributes: { object: 'DirectoryUser', organization_id: 'org_1' },
  });
  const headers = post.headers as Record<string, string>;
  new StandardWebhook(secret).verify(post.body, headers);
  const sdk = new Scalekit('http://127.0.0.1', 'client', 'secret');
  expect(sdk.verifyWebhookPayload(secret, headers, post.body)).toBe(true);
  expect(headers['scalekit-signature']).toBe(headers['webhook-signature']);
  expect(JSON.parse(post.body)).toMatchObject({
    spec_version: '1',
    id,
    object: 'DirectoryUser',
    environment_id: app.settings.environment_id,
    organization_id: 'org_1',
  });
});

it('scendcore: the receiver of file 002 accepts, and the event’s id is in a header', async () => {
  const { app, id, secret, post } = await send('scendcore', { event_type: 'contact.created' });
  expect(verifyAsFile002(post.body, String(post.headers['x-scendcore-signature']), secret)).toBe(true);
  expect(post.headers['x-scendcore-delivery']).toBe(id);
  expect(JSON.parse(post.body)).toMatchObject({ event: 'contact.created', tenant_id: app.id });
});

it('scalekit: an event without its object is refused, naming it', async () => {
  const { app } = await api.createApp('scalekit');
  const answer = await api.call<ProblemBody>('POST', `/v1/apps/${app.id}/events`, {
    body: { event_type: 'user.created', data: {} },
  });
  expect(answer.status).toBe(422);
  expect(answer.body.errors).toMatchObject([{ pointer: '/attributes/object' }]);
});

it('scalekit: the application’s environment_id can be set, and goes into the next events', async () => {
  const { app } = await api.createApp('scalekit');
  const changed = await api.expect(200, 'PATCH', `/v1/apps/${app.id}`, {
    settings: { environment_id: 'env_mine' },
  });
  expect(changed).toMatchObject({ app: { settings: { environment_id: 'env_mine' } } });
});

it.each(['scalekit', 'scalekit-auth', 'scendcore', 'standard'])(
  '%s: the test event is the catalogue’s first, marked as a test',
  async (profile) => {
    const receiver = await Receiver.start();
    const { app } = await api.createApp(profile);
    const { id } = await api.createWebhook(app.id, { url: receiver.url });
    await api.expect(202, 'POST', `/v1/apps/${app.id}/webhooks/${id}/test`);
    const [post] = await receiver.gets(1);
    expect(post?.headers['x-posthorn-test']).toBe('true');
  },
);
