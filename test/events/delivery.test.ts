import { createHmac, timingSafeEqual } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { describe, expect, it } from 'vitest';
import { hang, Receiver } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const { api } = sharedPosthorn();

/** The receiver's side of file 000, as its document has it. */
function verifyAsScuteDocuments(payload: string, header: string, secret: string): boolean {
  const [tPart = '', sigPart = ''] = header.split(',');
  const timestamp = tPart.replace('t=', '');
  const signature = sigPart.replace('v1=', '');
  const expected = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

async function setUp(profile: string, webhook: Record<string, unknown> = {}) {
  const receiver = await Receiver.start();
  const { app } = await api.createApp(profile);
  const created = await api.createWebhook(app.id, { url: receiver.url, ...webhook });
  return { receiver, app, webhook: created };
}

describe('an event', () => {
  it('standard: arrives with a signature that the standardwebhooks and svix packages accept', async () => {
    const { receiver, app, webhook } = await setUp('standard');
    const event = await api.submit(app.id, { event_type: 'user.created', data: { name: 'Zoë ☃', n: 1e21 } });
    const [post] = await receiver.gets(1);
    const headers = post?.headers as Record<string, string>;
    expect(post?.body).toBe(
      `{"type":"user.created","timestamp":"${event.created_at.slice(0, 19)}Z","data":{"name":"Zoë ☃","n":1e+21}}`,
    );
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': event.id });
    expect(headers['user-agent']).toMatch(/^Posthorn\/\d+\.\d+\.\d+$/);
    new StandardWebhook(webhook.secret).verify(post?.body ?? '', headers);
    new SvixWebhook(webhook.secret).verify(post?.body ?? '', headers);

    const delivered = await api.eventThatIs('delivered', app.id, event.id);
    expect(delivered.workflow_id).toBe(`event/${app.id}/${event.id}`);
    expect(delivered.data).toEqual({ name: 'Zoë ☃', n: 1e21 });
    expect(delivered.deliveries).toHaveLength(1);
    expect(delivered.deliveries[0]).toMatchObject({
      webhook_id: webhook.id,
      trigger: 'event',
      status: 'delivered',
      reason: null,
      attempt_count: 1,
      last_status_code: 200,
      last_error: null,
      next_attempt_at: null,
    });
    expect(delivered.deliveries[0]?.attempts).toMatchObject([
      { number: 1, status_code: 200, error: null, slow: false, possibly_repeated: false },
    ]);
  });

  it('scute: arrives as file 000 has it, and its own snippet accepts the signature', async () => {
    const { receiver, app, webhook } = await setUp('scute');
    const event = await api.submit(app.id, {
      event_type: 'verification.sms.verified',
      data: { verification_id: 'v-1' },
    });
    const [post] = await receiver.gets(1);
    expect(JSON.parse(post?.body ?? '')).toEqual({
      id: event.id,
      created_at: `${event.created_at.slice(0, 19)}Z`,
      event_type: 'verification.sms.verified',
      app_id: app.id,
      data: { verification_id: 'v-1' },
      api_version: 'v1',
    });
    expect(post?.headers['user-agent']).toBe('Acme-Webhooks/1.0');
    const signature = String(post?.headers['x-webhook-signature']);
    expect(verifyAsScuteDocuments(post?.body ?? '', signature, webhook.secret)).toBe(true);
    await api.eventThatIs('delivered', app.id, event.id);
  });

  it('reaches its endpoint through the local path once that has answered fast', async () => {
    const { receiver, app } = await setUp('standard');
    for (let n = 1; n <= 5; n += 1) {
      const event = await api.submit(app.id, { event_type: 'tick', data: { n } });
      const delivered = await api.eventThatIs('delivered', app.id, event.id);
      expect(delivered.deliveries[0]?.attempts).toHaveLength(1);
    }
    expect(receiver.received).toHaveLength(5);
  });

  it('scute: is refused for good by 404, after one attempt', async () => {
    const { receiver, app } = await setUp('scute');
    receiver.answerAlways(404);
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
    const failed = await api.eventThatIs('failed', app.id, id);
    expect(failed.deliveries[0]).toMatchObject({
      status: 'failed',
      reason: 'refused',
      attempt_count: 1,
      next_attempt_at: null,
      last_status_code: 404,
    });
    expect(failed.deliveries[0]?.completed_at).not.toBeNull();
    expect(receiver.received).toHaveLength(1);
  });

  it('standard: waits 5 s ± 10 % after a first 500, as next_attempt_at says, and goes on', async () => {
    const { receiver, app } = await setUp('standard');
    receiver.answer(500);
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
    const waiting = await api.eventWhen(app.id, id, ({ deliveries }) => deliveries[0]?.status === 'failed');
    expect(waiting.status).toBe('pending');
    const announced = Date.parse(waiting.deliveries[0]?.next_attempt_at ?? '');
    const [first, second] = await receiver.gets(2);
    const gap = (second?.at ?? 0) - (first?.at ?? 0);
    expect(gap).toBeGreaterThanOrEqual(4_500);
    expect(gap).toBeLessThan(7_500);
    expect((second?.at ?? 0) - announced).toBeLessThan(2_000);
    expect((second?.at ?? 0) - announced).toBeGreaterThan(-50);
    expect(second?.body).toBe(first?.body);
    expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(
      Number(first?.headers['webhook-timestamp']),
    );
    const delivered = await api.eventThatIs('delivered', app.id, id);
    expect(delivered.deliveries[0]?.attempts.map(({ number, status_code }) => [number, status_code])).toEqual(
      [
        [1, 500],
        [2, 200],
      ],
    );
  });

  it('scute: a receiver that hangs is cut at 10.0 s in all', async () => {
    const { receiver, app } = await setUp('scute', { retry_limit: 0 });
    receiver.answerAlways(hang);
    const { id } = await api.submit(app.id, { event_type: 'user.created', data: {} });
    const failed = await api.eventThatIs('failed', app.id, id);
    const [attempt] = failed.deliveries[0]?.attempts ?? [];
    expect(attempt?.error).toMatch(/^timeout: /);
    expect(attempt?.duration_ms).toBeGreaterThanOrEqual(10_000);
    expect(attempt?.duration_ms).toBeLessThan(10_500);
    expect(failed.deliveries[0]).toMatchObject({ reason: 'exhausted', last_status_code: null });
  });

  it('that matches no endpoint is known, as unmatched', async () => {
    const { receiver, app } = await setUp('standard', { event_types: ['user.*'] });
    const { id } = await api.submit(app.id, { event_type: 'order.created', data: 1 });
    expect(await api.eventThatIs('unmatched', app.id, id)).toMatchObject({ deliveries: [], data: 1 });
    expect(receiver.received).toHaveLength(0);
  });

  it('goes to every endpoint that matches it, each on its own', async () => {
    const { receiver, app } = await setUp('scute', { event_types: ['verification.*.expired'] });
    const other = await Receiver.start(400);
    const second = await api.createWebhook(app.id, { url: other.url, event_types: ['verification.*'] });
    await api.createWebhook(app.id, { url: other.url, event_types: ['user.created'] });
    const { id } = await api.submit(app.id, { event_type: 'verification.email.expired', data: {} });
    const event = await api.eventThatIs('failed', app.id, id);
    expect(event.deliveries.map(({ status }) => status).sort()).toEqual(['delivered', 'failed']);
    expect(event.deliveries.find(({ webhook_id }) => webhook_id === second.id)?.reason).toBe('refused');
    expect([receiver.received.length, other.received.length]).toEqual([1, 1]);
  });
});
