import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  createPosthorn,
  PosthornProblem,
  PosthornUnreachable,
  type PosthornOptions,
  type StreamMessage,
  type StreamOptions,
} from '../../src/client/index.js';
import { Receiver, type Reply } from '../support/receiver.js';

/** `stream` of posthorn/client, against something that answers in place of Posthorn. */

/** An answer with these messages; it stays open after them, or breaks. */
const sending =
  (text: string, then: 'stays' | 'ends' | 'breaks' = 'stays') =>
  (response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text, () => {
      if (then === 'ends') response.end();
      if (then === 'breaks') response.destroy();
    });
  };
const message = (id: string, data: object, type = 'delivery.updated') =>
  `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
const refused =
  (status: number, code: string): Reply =>
  (response) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json' })
      .end(JSON.stringify({ status, code, detail: 'No.', request_id: 'r' }));

async function given(replies: Reply[], options: Partial<PosthornOptions> = {}) {
  const api = await Receiver.start(sending(''));
  api.answer(...replies);
  return { api, posthorn: createPosthorn({ url: api.url, key: 'phk_x', retries: 0, ...options }) };
}

/** The first messages of a stream. */
async function first(count: number, stream: AsyncIterable<StreamMessage>): Promise<StreamMessage[]> {
  const got: StreamMessage[] = [];
  for await (const each of stream) if (got.push(each) === count) break;
  return got;
}

it('yields the messages, and not the comments that keep the connection alive', async () => {
  const text = `: still here\n\n${message('1-0', { a: 1 }, 'event.accepted')}${message('1-1', { b: 2 })}`;
  const { api, posthorn } = await given([sending(text)]);
  const options: StreamOptions = { kinds: ['event.accepted', 'delivery.updated'], webhookId: 'w' };
  expect(await first(2, posthorn.stream('app', options))).toEqual([
    { type: 'event.accepted', id: '1-0', data: { a: 1 } },
    { type: 'delivery.updated', id: '1-1', data: { b: 2 } },
  ]);
  expect(api.received[0]?.path).toBe(
    '/hook/v1/apps/app/stream?kinds=event.accepted%2Cdelivery.updated&webhook_id=w',
  );
  expect(api.received[0]?.headers).toMatchObject({
    accept: 'text/event-stream',
    authorization: 'Bearer phk_x',
  });
});

it('puts messages together that come in pieces', async () => {
  const bytes = Buffer.from(message('1-0', { name: 'Ädá' }));
  const inPieces: Reply = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const write = (index: number): void => {
      if (index < bytes.length) response.write(bytes.subarray(index, index + 1), () => write(index + 1));
    };
    write(0);
  };
  const { posthorn } = await given([inPieces]);
  expect(await first(1, posthorn.stream('app'))).toMatchObject([{ data: { name: 'Ädá' } }]);
});

describe('a stream that is interrupted', () => {
  it.each(['ends', 'breaks'] as const)('because it %s goes on after its last message', async (how) => {
    const { api, posthorn } = await given([
      sending(message('1-0', {}) + message('1-1', {}), how),
      refused(503, 'overloaded'),
      sending(message('missed', {}, 'missed') + message('2-0', {})),
    ]);
    const reasons: string[] = [];
    const onInterruption = (reason: Error) => void reasons.push(reason.message);
    const got = await first(4, posthorn.stream('app', { lastEventId: '0-9', onInterruption }));
    expect(got.map(({ type, id }) => [type, id])).toEqual([
      ['delivery.updated', '1-0'],
      ['delivery.updated', '1-1'],
      ['missed', 'missed'],
      ['delivery.updated', '2-0'],
    ]);
    expect(api.received.map(({ headers }) => headers['last-event-id'])).toEqual(['0-9', '1-1', '1-1']);
    expect(reasons).toHaveLength(2);
    expect(reasons[1]).toContain('503 overloaded');
  });

  it('and then refused throws that problem', async () => {
    const { posthorn } = await given([sending(message('1-0', {}), 'ends'), refused(401, 'unauthorized')]);
    const error: unknown = await first(2, posthorn.stream('app')).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PosthornProblem);
    expect(error).toMatchObject({ status: 401, code: 'unauthorized' });
  });
});

it('a stream that cannot be opened throws', async () => {
  const { api, posthorn } = await given([refused(404, 'not_found')]);
  await expect(first(1, posthorn.stream('app'))).rejects.toMatchObject({ status: 404 });
  await api.stop();
  await expect(first(1, posthorn.stream('app'))).rejects.toThrow(PosthornUnreachable);
});

it('its signal ends it without an error, and closes the connection', async () => {
  let closed: Promise<unknown> = Promise.reject(new Error('the stream was not opened'));
  closed.catch(() => undefined);
  const { posthorn } = await given([
    (response) => {
      closed = once(response, 'close');
      sending(message('1-0', {}))(response);
    },
  ]);
  const controller = new AbortController();
  const got: StreamMessage[] = [];
  for await (const each of posthorn.stream('app', { signal: controller.signal })) {
    got.push(each);
    setImmediate(() => controller.abort());
  }
  expect(got).toHaveLength(1);
  await closed;
});
