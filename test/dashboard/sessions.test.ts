import { describe, expect, it } from 'vitest';
import { forgetDashboardSessions } from '../../src/store/dashboard/sessions.js';
import type { Answer, ApiClient, ProblemBody } from '../support/api-client.js';
import { openPool } from '../support/database.js';
import { sharedPosthorn, startTestPosthorn, LOOPBACK } from '../support/test-posthorn.js';

/** Who signs in to the dashboard has a cookie, by which the API knows them as by a key, and nobody else. */

const posthorn = sharedPosthorn();
const { api } = posthorn;

const SESSION = '/dashboard/session';
const LINKS = '/v1/dashboard-links';
const ALL_SCOPES = ['webhooks:read', 'webhooks:write', 'events:read', 'events:write'];

interface Session {
  readonly kind: string;
  readonly app_id: string | null;
  readonly scopes: readonly string[];
  readonly expires_at: string;
  readonly csrf_token: string;
}

/** A browser that has, or has not, a cookie. */
class Browser {
  cookie: string | undefined;
  csrf = '';

  constructor(
    private readonly at: ApiClient = api,
    private readonly more: Readonly<Record<string, string>> = {},
  ) {}

  get origin(): string {
    return this.at.url;
  }

  async call<T = ProblemBody>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer<T>> {
    const own = { origin: this.origin, 'x-posthorn-csrf': this.csrf, ...this.more };
    const cookie = this.cookie === undefined ? {} : { cookie: this.cookie };
    const given = Object.entries({ ...own, ...cookie, ...headers }).filter(([, value]) => value !== '');
    return this.at.call<T>(method, path, { key: null, body, headers: Object.fromEntries(given) });
  }

  /** Another one with this one's cookie, whose name has the port where it is sent. */
  copiedTo(at: ApiClient): Browser {
    const copy = new Browser(at);
    copy.cookie = this.cookie?.replace(/-\d+=/, `-${new URL(at.url).port}=`);
    return copy;
  }

  /** Signs in, and keeps the cookie. */
  async signIn(body: unknown): Promise<Session> {
    const answer = await this.call<{ session: Session }>('POST', SESSION, body);
    expect(answer.status).toBe(200);
    [this.cookie] = String(answer.headers['set-cookie']).split(';');
    this.csrf = answer.body.session.csrf_token;
    return answer.body.session;
  }
}

async function given() {
  const { app, key } = await api.createApp();
  return { app, key, path: `/v1/apps/${app.id}` };
}

async function link(body: unknown): Promise<string> {
  const { url } = await api.expect<{ url: string }>(201, 'POST', LINKS, body);
  return url.split('#once=')[1] ?? '';
}

const refusal = (status: number, code: string) => ({ status, body: { code } });

describe('signing in', () => {
  it('with a key of an application: it sees that application, with the scopes of the key', async () => {
    const { app, path } = await given();
    const { api_key } = await api.expect<{ api_key: { key: string } }>(201, 'POST', `${path}/keys`, {
      scopes: ['events:read'],
    });
    const browser = new Browser();
    const session = await browser.signIn({ key: api_key.key });
    expect(session).toMatchObject({ kind: 'key', app_id: app.id, scopes: ['events:read'] });
    expect(await browser.call('GET', SESSION)).toMatchObject({ status: 200, body: { session } });
    expect((await browser.call('GET', `${path}/events`)).status).toBe(200);
    expect(await browser.call('GET', `${path}/webhooks`)).toMatchObject(refusal(403, 'missing_scope'));
    expect(await browser.call('GET', '/v1/apps')).toMatchObject(refusal(403, 'admin_only'));
    const other = await given();
    expect(await browser.call('GET', `${other.path}/events`)).toMatchObject(refusal(404, 'not_found'));
    expect(await browser.call('GET', `${other.path}/stream`)).toMatchObject(refusal(404, 'not_found'));
  });

  it('with the administration key: it sees every application', async () => {
    const browser = new Browser();
    const session = await browser.signIn({ key: posthorn.adminKey });
    expect(session).toMatchObject({ kind: 'admin', app_id: null, scopes: ALL_SCOPES });
    const { path } = await given();
    expect((await browser.call('GET', `${path}/webhooks`)).status).toBe(200);
    expect((await browser.call('POST', '/v1/apps', { name: 'Made in the dashboard' })).status).toBe(201);
    const hours = (Date.parse(session.expires_at) - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(11.9);
    expect(hours).toBeLessThan(12.1);
  });

  it('sets a cookie that no script reads, and no other site has sent', async () => {
    const { headers } = await new Browser().call('POST', SESSION, { key: posthorn.adminKey });
    expect(headers['set-cookie']).toMatch(
      /^posthorn-\d+=[\w-]{43}; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
    );
    expect(headers['cache-control']).toBe('no-store');
  });

  it('by TLS sets one that is sent by TLS alone', async () => {
    const { api: behindProxy } = await posthorn.beside({ trustedProxies: LOOPBACK });
    const browser = new Browser(behindProxy, {
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'hooks.test',
    });
    const origin = { origin: 'https://hooks.test' };
    const answer = await browser.call('POST', SESSION, { key: posthorn.adminKey }, origin);
    expect(answer.headers['set-cookie']).toMatch(/^__Host-posthorn=.*; HttpOnly; Secure; SameSite=Strict$/);
    [browser.cookie] = String(answer.headers['set-cookie']).split(';');
    const { body } = await browser.call<{ session: Session }>('GET', SESSION);
    browser.csrf = body.session.csrf_token;
    expect((await browser.call('POST', '/v1/apps', { name: 'By TLS' }, origin)).status).toBe(201);
    const { url } = (await browser.call<{ url: string }>('POST', LINKS, {}, origin)).body;
    expect(url).toMatch(/^https:\/\/hooks\.test\/dashboard\/apps#once=/);
    const insecure = { origin: 'http://hooks.test' };
    expect(await browser.call('POST', SESSION, { key: posthorn.adminKey }, insecure)).toMatchObject(
      refusal(403, 'csrf'),
    );
  });

  it('behind a proxy that is not trusted goes by the page’s origin, and by nothing that the proxy says', async () => {
    const browser = new Browser(api, { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' });
    const page = { origin: browser.origin.replace('http:', 'https:') };
    const answer = await browser.call('POST', SESSION, { key: posthorn.adminKey }, page);
    expect(answer.headers['set-cookie']).toMatch(/^__Host-posthorn-\d+=.*; Secure; SameSite=Strict$/);
    [browser.cookie] = String(answer.headers['set-cookie']).split(';');
    expect((await browser.call('GET', '/v1/apps')).status).toBe(200);
    const elsewhere = { origin: 'https://evil.example' };
    expect(await browser.call('POST', SESSION, { key: posthorn.adminKey }, elsewhere)).toMatchObject({
      status: 403,
      body: { code: 'csrf', detail: expect.stringContaining(`reached at "${api.url}"`) as string },
    });
  });

  it('beside another Posthorn on the same host leaves that one’s cookie alone', async () => {
    const other = await posthorn.beside({});
    const [browser, second] = [new Browser(), new Browser(other.api)];
    await browser.signIn({ key: posthorn.adminKey });
    await second.signIn({ key: posthorn.adminKey });
    expect(second.cookie?.split('=')[0]).not.toBe(browser.cookie?.split('=')[0]);
    browser.cookie = `${second.cookie}; ${browser.cookie}`;
    expect((await browser.call('GET', '/v1/apps')).status).toBe(200);
  });

  it('again ends the session before', async () => {
    const [browser, former] = [new Browser(), new Browser()];
    await browser.signIn({ key: posthorn.adminKey });
    former.cookie = browser.cookie;
    const { key, app } = await given();
    expect(await browser.signIn({ key })).toMatchObject({ kind: 'key', app_id: app.id });
    expect(await former.call('GET', SESSION)).toMatchObject(refusal(401, 'unauthorized'));
  });

  it('a hundred and one times with a key ends the first session', async () => {
    const { key, path } = await given();
    const browsers = Array.from({ length: 101 }, () => new Browser());
    for (const browser of browsers) await browser.signIn({ key });
    const statuses = [];
    for (const browser of browsers) statuses.push((await browser.call('GET', `${path}/events`)).status);
    expect(statuses).toEqual([401, ...Array.from({ length: 100 }, () => 200)]);
  });

  it('with a key that is revoked meanwhile is refused, and not a fault', async () => {
    const pool = openPool(posthorn.databaseUrl, 1);
    const { key, path } = await given();
    expect((await api.with(key).call('GET', `${path}/events`)).status).toBe(200);
    // It is known for a moment, on its lease.
    await pool.query('delete from api_keys where app_id = $1', [path.split('/').at(-1)]);
    expect(await new Browser().call('POST', SESSION, { key })).toMatchObject(refusal(401, 'unauthorized'));
  });

  it.each([{ key: 'phk_unknown' }, { key: '' }, { link: 'x'.repeat(43) }, { link: '' }])(
    'with %j is refused',
    async (body) => {
      const answer = await new Browser().call('POST', SESSION, body);
      expect(answer).toMatchObject(refusal(401, 'unauthorized'));
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it.each([{}, { key: 1 }, { key: 'a', link: 'b' }, [], { token: 'a' }])(
    'with %j is not valid',
    async (body) => {
      expect(await new Browser().call('POST', SESSION, body)).toMatchObject(
        refusal(422, 'validation_failed'),
      );
    },
  );

  it('takes no body of more than 4,096 bytes, no Idempotency-Key, and no query', async () => {
    const browser = new Browser();
    const large = await browser.call('POST', SESSION, { key: 'x'.repeat(4_096) });
    expect(large).toMatchObject(refusal(413, 'payload_too_large'));
    const keyed = await browser.call('POST', SESSION, { key: 'x' }, { 'idempotency-key': 'x' });
    expect(keyed).toMatchObject({ status: 400, body: { errors: [{ parameter: 'Idempotency-Key' }] } });
    expect((await browser.call('POST', `${SESSION}?a=b`, { key: 'x' })).status).toBe(400);
  });

  it.each(['', 'https://evil.example', 'null', 'http://127.0.0.1:1'])(
    'from a page of the origin "%s" is refused',
    async (origin) => {
      const answer = await new Browser().call('POST', SESSION, { key: posthorn.adminKey }, { origin });
      expect(answer).toMatchObject(refusal(403, 'csrf'));
    },
  );

  it('is tried with sixty wrong keys or links a minute from an address; a right key is still taken', async () => {
    const limited = await posthorn.beside({ failedAuthenticationsPerMinute: 60 });
    const browser = new Browser(limited.api);
    const statuses = new Set<number>();
    for (let n = 0; n < 60; n += 1) {
      const wrong = n % 2 === 0 ? { key: `phk_${n}` } : { link: `${n}` };
      statuses.add((await browser.call('POST', SESSION, wrong)).status);
    }
    expect([...statuses]).toEqual([401]);
    expect(await browser.call('POST', SESSION, { key: 'x' })).toMatchObject(
      refusal(429, 'too_many_requests'),
    );
    await browser.signIn({ key: posthorn.adminKey });
  });
});

describe('a request with the cookie', () => {
  it.each<[string, Record<string, string>]>([
    ['without the token', { 'x-posthorn-csrf': '' }],
    ['with another token', { 'x-posthorn-csrf': 'x'.repeat(43) }],
    ['without an origin', { origin: '' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from a sandboxed page', { origin: 'null' }],
  ])('that changes something, %s, is refused and changes nothing', async (_what, headers) => {
    const { key, path } = await given();
    const browser = new Browser();
    await browser.signIn({ key });
    const webhook = { webhook: { url: 'http://127.0.0.1:9/' } };
    expect(await browser.call('POST', `${path}/webhooks`, webhook, headers)).toMatchObject(
      refusal(403, 'csrf'),
    );
    expect(await browser.call('DELETE', SESSION, undefined, headers)).toMatchObject(refusal(403, 'csrf'));
    expect(await browser.call('GET', `${path}/webhooks`)).toMatchObject({ body: { webhooks: [] } });
    expect((await browser.call('POST', `${path}/webhooks`, webhook)).status).toBe(201);
  });

  it.each(['cross-site', 'same-site'])('that reads, from a %s page, is refused', async (site) => {
    const { key, path } = await given();
    const browser = new Browser();
    await browser.signIn({ key });
    const from = { 'sec-fetch-site': site };
    expect(await browser.call('GET', `${path}/events`, undefined, from)).toMatchObject(refusal(403, 'csrf'));
  });

  it.each(['same-origin', 'none'])('that reads, from a page of its own (%s), is answered', async (site) => {
    const browser = new Browser();
    await browser.signIn({ key: posthorn.adminKey });
    for (const method of ['GET', 'HEAD']) {
      expect((await browser.call(method, '/v1/apps', undefined, { 'sec-fetch-site': site })).status).toBe(
        200,
      );
    }
  });

  it('and another one of the same name, which somebody else has set, is nobody’s', async () => {
    const [browser, other] = [new Browser(), new Browser()];
    await browser.signIn({ key: posthorn.adminKey });
    await other.signIn({ key: posthorn.adminKey });
    browser.cookie = `${other.cookie}; ${browser.cookie}`;
    expect(await browser.call('GET', '/v1/apps')).toMatchObject(refusal(401, 'unauthorized'));
  });

  it('and a key is by the key', async () => {
    const [one, other] = [await given(), await given()];
    const browser = new Browser();
    await browser.signIn({ key: one.key });
    const authorization = { authorization: `Bearer ${other.key}` };
    expect(await browser.call('GET', `${one.path}/events`, undefined, authorization)).toMatchObject(
      refusal(404, 'not_found'),
    );
    const forged = { ...authorization, 'x-posthorn-csrf': '', origin: '' };
    const made = { webhook: { url: 'http://127.0.0.1:9/' } };
    expect((await browser.call('POST', `${other.path}/webhooks`, made, forged)).status).toBe(201);
    const none = { authorization: 'Basic abc' };
    expect(await browser.call('GET', `${one.path}/events`, undefined, none)).toMatchObject(
      refusal(401, 'unauthorized'),
    );
  });

  it.each(['', 'x', 'x'.repeat(43), 'x'.repeat(5_000)])('of "%.10s" is nobody’s', async (token) => {
    const browser = new Browser();
    await browser.signIn({ key: posthorn.adminKey });
    browser.cookie = `${browser.cookie?.split('=')[0]}=${token}`;
    expect(await browser.call('GET', '/v1/apps')).toMatchObject(refusal(401, 'unauthorized'));
    expect(await browser.call('GET', SESSION)).toMatchObject(refusal(401, 'unauthorized'));
  });
});

describe('a session', () => {
  it('ends in every process within a second of the end of its key', async () => {
    const { key, path } = await given();
    const elsewhere = await posthorn.beside({ parts: { api: true, worker: false } });
    const browser = new Browser();
    await browser.signIn({ key });
    const browsers = [browser, browser.copiedTo(elsewhere.api)];
    for (const each of browsers) expect((await each.call('GET', `${path}/events`)).status).toBe(200);
    const { api_keys } = await api.expect<{ api_keys: { id: string }[] }>(200, 'GET', `${path}/keys`);
    await api.expect(204, 'DELETE', `${path}/keys/${api_keys[0]?.id}`);
    for (const each of browsers) {
      expect(await each.call('GET', `${path}/events`)).toMatchObject(refusal(401, 'unauthorized'));
    }
  });

  it('ends with its application', async () => {
    const { app, key, path } = await given();
    const [byLink, byKey] = [new Browser(), new Browser()];
    await byLink.signIn({ link: await link({ app_id: app.id }) });
    await byKey.signIn({ key });
    const unused = await link({ app_id: app.id });
    await api.expect(204, 'DELETE', path);
    for (const browser of [byLink, byKey]) {
      expect(await browser.call('GET', SESSION)).toMatchObject(refusal(401, 'unauthorized'));
    }
    const late = await new Browser().call('POST', SESSION, { link: unused });
    expect(late).toMatchObject(refusal(401, 'unauthorized'));
  });

  it('that is ended is ended for who copied its cookie, in every process', async () => {
    const elsewhere = await posthorn.beside({ parts: { api: true, worker: false } });
    const browser = new Browser();
    await browser.signIn({ key: posthorn.adminKey });
    const copy = browser.copiedTo(elsewhere.api);
    expect((await copy.call('GET', '/v1/apps')).status).toBe(200);
    const { status, headers } = await browser.call('DELETE', SESSION);
    expect(status).toBe(204);
    expect(String(headers['set-cookie'])).toMatch(/posthorn-\d+=; Path=\/; Expires=Thu, 01 Jan 1970/);
    // The answer may have been lost.
    expect((await browser.call('DELETE', SESSION)).status).toBe(204);
    for (const each of [browser, copy]) {
      expect(await each.call('GET', '/v1/apps')).toMatchObject(refusal(401, 'unauthorized'));
    }
  });

  it('of the administrator, and of a link, ends with the administration key', async () => {
    const { app, path } = await given();
    const [admin, customer] = [new Browser(), new Browser()];
    await admin.signIn({ key: posthorn.adminKey });
    await customer.signIn({ link: await link({ app_id: app.id }) });
    const unused = await link({ app_id: app.id });
    const changed = await posthorn.beside({ adminKey: 'another administration key' });
    for (const browser of [admin.copiedTo(changed.api), customer.copiedTo(changed.api)]) {
      expect(await browser.call('GET', `${path}/events`)).toMatchObject(refusal(401, 'unauthorized'));
    }
    expect(await new Browser(changed.api).call('POST', SESSION, { link: unused })).toMatchObject(
      refusal(401, 'unauthorized'),
    );
  });

  it('is forgotten when its time is up, and so is a link', async () => {
    const pool = openPool(posthorn.databaseUrl, 1);
    const browser = new Browser();
    await browser.signIn({ key: posthorn.adminKey });
    await link({});
    for (const table of ['dashboard_sessions', 'dashboard_links']) {
      await pool.query(`update ${table} set expires_at = now() - interval '1 ms'`);
    }
    const [alive, unused] = [new Browser(), await link({})];
    await alive.signIn({ key: posthorn.adminKey });
    await expect.poll(() => browser.call('GET', '/v1/apps')).toMatchObject(refusal(401, 'unauthorized'));
    await forgetDashboardSessions(pool);
    for (const table of ['dashboard_sessions', 'dashboard_links']) {
      expect((await pool.query(`select from ${table}`)).rowCount).toBe(1);
    }
    expect((await alive.call('GET', SESSION)).status).toBe(200);
    await new Browser().signIn({ link: unused });
  });

  it('is in no log, nor are its key, its link and its cookie, though requests with them fail', async () => {
    const own = await startTestPosthorn({ logLevel: 'trace', postgresCanGoAway: true });
    const browser = new Browser(own.api);
    const links = [0, 1].map(async () => {
      const { url } = await own.api.expect<{ url: string }>(201, 'POST', LINKS, {});
      return url.split('#once=')[1] ?? '';
    });
    const [used = '', unused = ''] = await Promise.all(links);
    const { app, key } = await own.api.createApp();
    const session = await browser.signIn({ link: used });
    own.postgres?.cut();
    for (const body of [{ link: unused }, { key }]) {
      expect((await new Browser(own.api).call('POST', SESSION, body)).status).toBe(503);
    }
    await expect
      .poll(() => browser.call('GET', `/v1/apps/${app.id}/events`), { timeout: 5_000 })
      .toMatchObject({ status: 503 });
    expect((await browser.call('DELETE', SESSION)).status).toBe(503);
    own.postgres?.restore();
    const log = own.log.join('\n');
    expect(log).toContain('a request failed');
    for (const secret of [used, unused, key, browser.cookie?.split('=')[1], session.csrf_token]) {
      expect(log).not.toContain(secret);
    }
    expect((await browser.call('GET', SESSION)).status).toBe(200);
  });

  it('that ends has its stream end', async () => {
    const { app, key, path } = await given();
    const browser = new Browser();
    await browser.signIn({ link: await link({ app_id: app.id }) });
    const response = await fetch(`${api.url}${path}/stream`, { headers: { cookie: browser.cookie ?? '' } });
    expect(response.status).toBe(200);
    const all = response.text();
    expect((await browser.call('DELETE', SESSION)).status).toBe(204);
    expect(await all).toContain(': listening');
    expect((await api.with(key).call('GET', `${path}/events`)).status).toBe(200);
  });
});

describe('a link', () => {
  it('signs in once to its application, with its scopes, at its page', async () => {
    const { app, path } = await given();
    const { url, expires_at } = await api.expect<{ url: string; expires_at: string }>(201, 'POST', LINKS, {
      app_id: app.id,
      scopes: ['events:read', 'events:read'],
      path: `/dashboard/apps/${app.id}/events?status=failed`,
    });
    const [page, token = ''] = url.split('#once=');
    expect(page).toBe(`${api.url}/dashboard/apps/${app.id}/events?status=failed`);
    expect((Date.parse(expires_at) - Date.now()) / 1_000).toBeCloseTo(600, -1);
    const browser = new Browser();
    const session = await browser.signIn({ link: token });
    expect(session).toMatchObject({ kind: 'link', app_id: app.id, scopes: ['events:read'] });
    expect((await browser.call('GET', `${path}/events`)).status).toBe(200);
    expect(await browser.call('GET', `${path}/webhooks`)).toMatchObject(refusal(403, 'missing_scope'));
    expect(await browser.call('POST', LINKS, {})).toMatchObject(refusal(403, 'admin_only'));
    expect(await new Browser().call('POST', SESSION, { link: token })).toMatchObject(
      refusal(401, 'unauthorized'),
    );
  });

  it('leads to the page of its application, with all that may be done there; without one to all', async () => {
    const { app } = await given();
    const one = await api.expect<{ url: string }>(201, 'POST', LINKS, { app_id: app.id });
    expect(one.url).toMatch(new RegExp(`^${api.url}/dashboard/apps/${app.id}#once=[\\w-]{43}$`));
    expect(await new Browser().signIn({ link: one.url.split('=')[1] })).toMatchObject({ scopes: ALL_SCOPES });
    const all = await api.expect<{ url: string }>(201, 'POST', LINKS);
    expect(all.url).toMatch(new RegExp(`^${api.url}/dashboard/apps#once=[\\w-]{43}$`));
    const session = await new Browser().signIn({ link: all.url.split('=')[1] });
    expect(session).toMatchObject({ kind: 'admin', app_id: null, scopes: ALL_SCOPES });
  });

  it('that twenty browsers try at once signs one of them in', async () => {
    const token = await link({});
    const tries = Array.from({ length: 20 }, () => new Browser().call('POST', SESSION, { link: token }));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, ...Array.from({ length: 19 }, () => 401)]);
  });

  it('does not work when its time is up', async () => {
    const token = await link({ ttl_seconds: 86_400 });
    const pool = openPool(posthorn.databaseUrl, 1);
    await pool.query("update dashboard_links set expires_at = expires_at - interval '24 hours'");
    expect(await new Browser().call('POST', SESSION, { link: token })).toMatchObject(
      refusal(401, 'unauthorized'),
    );
  });

  it('that is asked for again with an Idempotency-Key is the same one, and not shown again', async () => {
    const call = { body: { ttl_seconds: 60 }, headers: { 'idempotency-key': 'a link' } };
    const first = await api.call<{ url: string; expires_at: string }>('POST', LINKS, call);
    const again = await api.call('POST', LINKS, call);
    expect(again).toMatchObject({ status: 201, body: { url: null, expires_at: first.body.expires_at } });
  });

  it.each<[string, unknown]>([
    ['/path', { path: '/v1/apps' }],
    ['/path', { path: 'https://evil.example/dashboard/' }],
    ['/path', { path: '/dashboard/a b' }],
    ['/path', { path: '/dashboard/apps#x' }],
    ['/path', { path: '/dashboard/../v1/apps' }],
    ['/path', { path: '/dashboard/%2e%2e/docs' }],
    ['/scopes', { scopes: ['events:read'] }],
    ['/app_id', { app_id: '00000000-0000-4000-8000-000000000000' }],
    ['/ttl_seconds', { ttl_seconds: 0 }],
    ['/ttl_seconds', { ttl_seconds: 86_401 }],
  ])('with a wrong "%s", as in %j, is refused', async (pointer, body) => {
    const answer = await api.call<ProblemBody>('POST', LINKS, { body });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});
