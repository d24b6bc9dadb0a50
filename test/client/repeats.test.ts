import { describe, expect, it } from 'vitest';
import {
  createPosthorn,
  PosthornProblem,
  PosthornUnreachable,
  type PosthornOptions,
} from '../../src/client/index.js';
import { pauseMs } from '../../src/client/repeats.js';
import { hang, Receiver, type Reply } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

/** Which calls posthorn/client makes again, when, and what comes of it. */

const server = sharedPosthorn();

const answered =
  (status: number, body: object, headers: Record<string, string> = {}): Reply =>
  (response) => {
    const type = status < 300 ? 'application/json' : 'application/problem+json';
    response.writeHead(status, { 'content-type': type, ...headers }).end(JSON.stringify(body));
  };
const problem = (status: number, code: string, retryAfter?: string): Reply => {
  const body = { type: 'about:blank', title: code, status, detail: 'Not now.', code, request_id: 'r' };
  return answered(status, body, retryAfter === undefined ? {} : { 'retry-after': retryAfter });
};
const page = answered(200, { apps: [], next_cursor: null });
const event = { id: 'e', app_id: 'a', event_type: 't', created_at: '', status: 'pending', workflow_id: 'w' };
const accepted = answered(202, { event });
const broken: Reply = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
  response.write('{"apps":', () => response.destroy());
};

/** Something that answers in place of Posthorn, and a client of it. */
async function given(replies: Reply[], options: Partial<PosthornOptions> = {}) {
  const api = await Receiver.start(problem(500, 'unexpected'));
  api.answer(...replies);
  return { api, posthorn: createPosthorn({ url: api.url, key: 'phk_x', retries: 2, ...options }) };
}

describe('a read', () => {
  it.each<[string, Reply]>([
    ['is refused for now', problem(503, 'overloaded', '0')],
    ['is one too many', problem(429, 'too_many_requests', '0')],
    ['gets no answer', (response) => void response.destroy()],
    ['gets half an answer', broken],
  ])('that %s is made again', async (_what, reply) => {
    const { api, posthorn } = await given([reply, page]);
    expect((await posthorn.api.GET('/v1/apps')).data).toEqual({ apps: [], next_cursor: null });
    expect(api.received).toHaveLength(2);
  });

  it('is not made again when it was refused for another reason', async () => {
    const { api, posthorn } = await given([problem(500, 'internal_error'), page]);
    await expect(posthorn.api.GET('/v1/apps')).rejects.toMatchObject({ status: 500, code: 'internal_error' });
    expect(api.received).toHaveLength(1);
  });

  it('throws the last problem when it is refused every time', async () => {
    const busy = problem(503, 'overloaded', '0');
    const { api, posthorn } = await given([busy, busy, busy]);
    await expect(posthorn.api.GET('/v1/apps')).rejects.toMatchObject({ status: 503, code: 'overloaded' });
    expect(api.received).toHaveLength(3);
  });

  it('waits as long as Retry-After says, and leaves more than a minute to the caller', async () => {
    const { api, posthorn } = await given([problem(429, 'too_many_requests', '1'), page]);
    await posthorn.api.GET('/v1/apps');
    const [first, second] = api.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(990);

    api.answer(problem(429, 'too_many_requests', '61'));
    await expect(posthorn.api.GET('/v1/apps')).rejects.toMatchObject({ retryAfterSeconds: 61 });
  });

  it('that takes too long is made again', async () => {
    const { api, posthorn } = await given([hang, page], { timeoutMs: 200 });
    await posthorn.api.GET('/v1/apps');
    expect(api.received).toHaveLength(2);
  });
});

describe('a change', () => {
  it.each<[string, Reply]>([
    ['refused for now', problem(503, 'overloaded', '0')],
    ['given no answer', (response) => void response.destroy()],
  ])('that was %s is not made again by itself', async (_what, reply) => {
    const { api, posthorn } = await given([reply]);
    await expect(posthorn.api.POST('/v1/apps', { body: { name: 'Shop' } })).rejects.toThrow();
    expect(api.received).toHaveLength(1);
  });

  it('is made again with its Idempotency-Key, or when its sender says that it may be', async () => {
    const made = answered(201, { app: {}, api_key: {} });
    const busy = problem(503, 'overloaded', '0');
    const { api, posthorn } = await given([busy, made, busy, made]);
    const header = { 'Idempotency-Key': 'shop-17' };
    await posthorn.api.POST('/v1/apps', { params: { header }, body: { name: 'Shop' } });
    await posthorn.api.POST('/v1/apps', { body: { name: 'Shop' }, idempotent: true });
    expect(api.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
      ...['shop-17', 'shop-17'],
      ...[undefined, undefined],
    ]);
    expect(new Set(api.received.map(({ body }) => body))).toEqual(new Set(['{"name":"Shop"}']));
  });
});

describe('send', () => {
  it('repeats with the same key and body', async () => {
    const { api, posthorn } = await given([(response) => void response.destroy(), accepted, accepted]);
    await posthorn.send('a', { event_type: 't', data: 1 });
    await posthorn.send('a', { event_type: 't', data: 1 });
    const keys = api.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(3);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(api.received[1]?.body).toBe(api.received[0]?.body);
  });

  it('delivers once when the answer to the first try is lost', async () => {
    const receiver = await Receiver.start();
    const { app } = await server.api.createApp();
    await server.api.createWebhook(app.id, { url: receiver.url });
    const ids: unknown[] = [];
    const posthorn = createPosthorn({
      url: server.api.url,
      key: server.adminKey,
      async fetch(url, init) {
        const answer = await fetch(url, init);
        if (ids.length > 0) return answer;
        ids.push(((await answer.json()) as { event: { id: string } }).event.id);
        throw new TypeError('fetch failed', { cause: new Error('the connection was lost') });
      },
    });
    const sent = await posthorn.send(app.id, { event_type: 'order.paid', data: { order: 17 } });
    expect(ids).toEqual([sent.id]);
    const settled = await posthorn.waitFor(app.id, sent.id);
    expect(settled.deliveries).toHaveLength(1);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('no answer', () => {
  it('is told with the call, the tries and the cause', async () => {
    const gone = await Receiver.start();
    const { url } = gone;
    await gone.stop();
    const posthorn = createPosthorn({ url, key: 'phk_x', retries: 1 });
    const error: unknown = await posthorn.api.GET('/v1/apps').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PosthornUnreachable);
    expect((error as Error).message).toBe(
      `GET ${url}/v1/apps: no answer, after 2 tries: connect ECONNREFUSED ${new URL(url).host}`,
    );
  });

  it('in time is told as such', async () => {
    const { posthorn } = await given([hang], { timeoutMs: 100, retries: 0 });
    await expect(posthorn.api.GET('/v1/apps')).rejects.toThrow(/no answer: it took longer than 0\.1 s$/);
  });

  it('of Posthorn is a problem without a code of its own', async () => {
    const html: Reply = (response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad');
    const { posthorn } = await given([html]);
    const error: unknown = await posthorn.api.GET('/v1/apps').catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PosthornProblem);
    expect(error).toMatchObject({ status: 502, code: 'unknown', requestId: null, errors: [], body: null });
  });
});

describe('a signal', () => {
  it.each<[string, Reply]>([
    ['a call', hang],
    ['the pause before a repetition', problem(503, 'overloaded', '30')],
  ])('ends %s', async (_what, reply) => {
    const ofAll = new AbortController();
    const { api, posthorn } = await given([reply, reply], { signal: ofAll.signal });
    const ofOne = new AbortController();
    const one = posthorn.api.GET('/v1/apps', { signal: ofOne.signal });
    const other = posthorn.api.GET('/v1/apps');
    const ended = Promise.allSettled([one, other]);
    await api.gets(2);
    ofOne.abort(new Error('not this one'));
    await expect(one).rejects.toThrow('not this one');
    ofAll.abort(new Error('stopped'));
    await expect(other).rejects.toThrow('stopped');
    await ended;
    expect(api.received).toHaveLength(2);
  });
});

describe('the pause before a repetition', () => {
  it.each([
    [1, 125, 250],
    [2, 250, 500],
    [5, 2_000, 4_000],
    [9, 2_500, 5_000],
  ])('after try %d is %d to %d ms', (tries, least, most) => {
    expect(pauseMs(tries, null, 0)).toBe(least);
    expect(pauseMs(tries, null, 1)).toBe(most);
  });

  it('is never shorter than Retry-After', () => {
    expect(pauseMs(1, 2, 0)).toBe(2_000);
    expect(pauseMs(1, 2, 1)).toBe(2_500);
  });
});
