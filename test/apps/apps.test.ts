import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { App } from '../support/api-client.js';
import { connectTo, waitingForLocks } from '../support/database.js';
import { allPages } from '../support/pages.js';
import { Receiver } from '../support/receiver.js';
import { sharedPosthorn, startTestPosthorn } from '../support/test-posthorn.js';

interface ApiKey {
  id: string;
  name: string | null;
  scopes: string[];
  created_at: string;
  key?: string;
}
const SCOPES = ['webhooks:read', 'webhooks:write', 'events:read', 'events:write'];
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const UUID = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string;

const encryptionKey = randomBytes(32);
const posthorn = sharedPosthorn({ encryptionKey });
const { api } = posthorn;

const newKey = async (appId: string, body?: unknown) =>
  (await api.expect<{ api_key: Required<ApiKey> }>(201, 'POST', `/v1/apps/${appId}/keys`, body)).api_key;

describe('an application', () => {
  it('is made with a key that has every scope; standard when nothing is said', async () => {
    const answer = await api.expect<{ app: App; api_key: ApiKey }>(201, 'POST', '/v1/apps', {
      name: ' Zoë ☃ ',
    });
    expect(answer).toEqual({
      app: {
        id: UUID,
        name: 'Zoë ☃',
        profile: 'standard',
        settings: {
          environment_id: expect.stringMatching(/^env_[A-Za-z0-9_-]{16}$/) as string,
          schedule: null,
          disable_after_failures: null,
          disable_after_hours: null,
          hold_hours: 72,
          drain_per_second: 10,
        },
        created_at: TIME,
      },
      api_key: {
        id: UUID,
        key: expect.stringMatching(/^\S{20,}$/) as string,
        name: null,
        scopes: SCOPES,
        created_at: TIME,
      },
    });
    const mine = api.with(answer.api_key.key ?? '');
    expect(await mine.expect(200, 'GET', `/v1/apps/${answer.app.id}`)).toEqual({ app: answer.app });
  });

  it.each(['scute', 'standard'])('may be of the profile %s', async (profile) => {
    expect((await api.createApp(profile)).app.profile).toBe(profile);
  });

  it('is changed by the administrator: its name, and nothing that is not given', async () => {
    const { app } = await api.createApp('scute', { name: 'Old' });
    const path = `/v1/apps/${app.id}`;
    const renamed = { app: { ...app, name: 'New' } };
    expect(await api.expect(200, 'PATCH', path, { name: 'New' })).toEqual(renamed);
    expect(await api.expect(200, 'PATCH', path, {})).toEqual(renamed);
    expect(await api.expect(200, 'PATCH', path, { settings: {} })).toEqual(renamed);
    expect(await api.expect(200, 'GET', path)).toEqual(renamed);
    expect((await api.call('PATCH', path, { body: { profile: 'standard' } })).status).toBe(422);
  });

  it('scute: its new name is in the User-Agent of the next attempt', async () => {
    const receiver = await Receiver.start();
    const { app } = await api.createApp('scute', { name: 'Old' });
    await api.createWebhook(app.id, { url: receiver.url });
    await api.expect(200, 'PATCH', `/v1/apps/${app.id}`, { name: 'New Name' });
    await api.submit(app.id, { event_type: 'user.created', data: {} });
    const [post] = await receiver.gets(1);
    expect(post?.headers['user-agent']).toBe('NewName-Webhooks/1.0');
  });

  it('that is deleted is gone with all it had: its key is unknown, its routes are 404', async () => {
    const receiver = await Receiver.start();
    const { app, key } = await api.createApp();
    const mine = api.with(key);
    const webhook = await mine.createWebhook(app.id, { url: receiver.url });
    const event = await mine.submit(app.id, { event_type: 'a', data: 1 });
    await api.eventThatIs('delivered', app.id, event.id);
    const { status, body } = await api.call('DELETE', `/v1/apps/${app.id}`);
    expect([status, body]).toEqual([204, undefined]);
    expect((await mine.call('GET', `/v1/apps/${app.id}`)).status).toBe(401);
    for (const path of [
      '',
      '/webhooks',
      `/webhooks/${webhook.id}`,
      '/events',
      `/events/${event.id}`,
      '/keys',
    ]) {
      expect((await api.call('GET', `/v1/apps/${app.id}${path}`)).status).toBe(404);
    }
    expect((await api.call('DELETE', `/v1/apps/${app.id}`)).status).toBe(404);
    const submitted = await api.call('POST', `/v1/apps/${app.id}/events`, {
      body: { event_type: 'a', data: 1 },
    });
    expect(submitted.status).toBe(404);
  });

  it('that is deleted gets no more attempts of what was waiting', async () => {
    const receiver = await Receiver.start(500);
    const { app } = await api.createApp();
    const webhook = await api.createWebhook(app.id, { url: receiver.url, enabled: false });
    await api.submit(app.id, { event_type: 'a', data: 1 });
    await api.expect(204, 'DELETE', `/v1/apps/${app.id}`);
    expect((await api.call('POST', `/v1/apps/${app.id}/webhooks/${webhook.id}/enable`)).status).toBe(404);
    expect(receiver.received).toEqual([]);
  });
});

describe('the list of applications', () => {
  it('is newest first, in pages, and without keys', async () => {
    const made: string[] = [];
    for (let n = 0; n < 7; n += 1)
      made.unshift((await api.createApp('standard', { name: `app ${n}` })).app.id);
    const pages = await allPages<App>(api, '/v1/apps', 'apps', { limit: '3' });
    expect(pages.slice(0, -1).every((page) => page.length === 3)).toBe(true);
    const apps = pages.flat();
    expect(new Set(apps.map(({ id }) => id)).size).toBe(apps.length);
    expect(apps.map(({ id }) => id)).toEqual(expect.arrayContaining(made));
    const times = apps.map(({ created_at }) => created_at);
    expect(times).toEqual(times.toSorted().reverse());
    expect(JSON.stringify(apps)).not.toContain('key');
  });
});

describe('a key', () => {
  it('is shown once; its list shows name, scopes and time', async () => {
    const { app, key } = await api.createApp();
    const made = await newKey(app.id, { name: 'CI', scopes: ['events:write', 'events:write'] });
    expect(made).toEqual({
      id: UUID,
      key: expect.not.stringMatching(key) as string,
      name: 'CI',
      scopes: ['events:write'],
      created_at: TIME,
    });
    const listed = (
      await allPages<ApiKey>(api, `/v1/apps/${app.id}/keys`, 'api_keys', { limit: '1' })
    ).flat();
    const { key: secret, ...shown } = made;
    expect(listed).toHaveLength(2);
    expect(listed).toContainEqual(shown);
    expect(JSON.stringify(listed)).not.toContain(secret);
    expect(posthorn.log.join('\n')).not.toContain(secret);
  });

  it('without a body has every scope and no name', async () => {
    const { app } = await api.createApp();
    expect(await newKey(app.id)).toMatchObject({ name: null, scopes: SCOPES });
  });

  it('does what its scopes say, and write implies read', async () => {
    const { app } = await api.createApp();
    const webhook = await api.createWebhook(app.id, { url: 'https://example.com/', enabled: false });
    const base = `/v1/apps/${app.id}`;
    const calls: [string, string, string, unknown?][] = [
      ['webhooks:read', 'GET', `${base}/webhooks`],
      ['webhooks:write', 'PATCH', `${base}/webhooks/${webhook.id}`, { webhook: {} }],
      ['events:read', 'GET', `${base}/events`],
      ['events:write', 'POST', `${base}/events`, { event_type: 'a', data: 1 }],
    ];
    for (const scope of SCOPES) {
      const { key } = await newKey(app.id, { scopes: [scope] });
      const allowed = [scope, scope.replace(':write', ':read')];
      for (const [needed, method, path, body] of calls) {
        const { status } = await api.call(method, path, { key, ...(body === undefined ? {} : { body }) });
        expect([scope, method, path, status < 300]).toEqual([scope, method, path, allowed.includes(needed)]);
        if (status >= 300) expect(status).toBe(403);
      }
      // Deliveries are both an endpoint's and an event's.
      expect((await api.call('GET', `${base}/webhooks/${webhook.id}/deliveries`, { key })).status).toBe(200);
    }
  });

  it('that is revoked is unknown at once, and 404 the second time', async () => {
    const { app } = await api.createApp();
    const { id, key } = await newKey(app.id);
    await api.with(key).expect(200, 'GET', `/v1/apps/${app.id}`);
    await api.expect(204, 'DELETE', `/v1/apps/${app.id}/keys/${id}`);
    expect((await api.call('GET', `/v1/apps/${app.id}`, { key })).status).toBe(401);
    expect((await api.call('DELETE', `/v1/apps/${app.id}/keys/${id}`)).status).toBe(404);
  });

  it('is revoked under its own application only', async () => {
    const [one, two] = [await api.createApp(), await api.createApp()];
    const { id, key } = await newKey(one.app.id);
    expect((await api.call('DELETE', `/v1/apps/${two.app.id}/keys/${id}`)).status).toBe(404);
    await api.with(key).expect(200, 'GET', `/v1/apps/${one.app.id}`);
  });

  it('is not made for an application that is being deleted', async () => {
    const { app } = await api.createApp();
    const database = await connectTo(posthorn.databaseUrl);
    await database.query('begin');
    await database.query('delete from apps where id = $1', [app.id]);
    const made = api.call('POST', `/v1/apps/${app.id}/keys`);
    // It waits for the deletion, which may still be undone.
    await expect.poll(() => waitingForLocks(posthorn.databaseUrl)).toBe(1);
    await database.query('commit');
    expect((await made).status).toBe(404);
  });

  it('that is revoked has ended in every process when that is answered', async () => {
    const elsewhere = await startTestPosthorn({
      databaseUrl: posthorn.databaseUrl,
      encryptionKey,
      parts: { api: true, worker: false },
    });
    const { app } = await api.createApp();
    const { id, key } = await newKey(app.id);
    const status = async () => (await elsewhere.api.call('GET', `/v1/apps/${app.id}`, { key })).status;
    const state = { isOver: false };
    const revoked = api
      .expect(204, 'DELETE', `/v1/apps/${app.id}/keys/${id}`)
      .finally(() => (state.isOver = true));
    // Used all the time, so that it is remembered.
    do expect(await status()).toBeOneOf([200, 401]);
    while (!state.isOver);
    await revoked;
    expect(await status()).toBe(401);
  });
});
