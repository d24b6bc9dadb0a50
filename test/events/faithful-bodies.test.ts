import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { beforeAll, expect, it } from 'vitest';
import { Receiver, type Received } from '../support/receiver.js';
import { sharedPosthorn } from '../support/test-posthorn.js';

const RUNS = 100;
const seed = Date.now() % 2 ** 31;

const { api } = sharedPosthorn();
let receiver: Receiver;
beforeAll(async () => {
  receiver = await Receiver.start();
});

/** The POST of an event, as soon as it is there. */
async function postOf(id: string): Promise<Received> {
  for (let count = 1; ; count = receiver.received.length + 1) {
    const found = (await receiver.gets(count)).find(({ headers }) => headers['webhook-id'] === id);
    if (found) return found;
  }
}

it(`any JSON value arrives byte for byte as it was signed (${RUNS} of them, seed ${seed})`, async () => {
  const { app } = await api.createApp('standard');
  const { secret } = await api.createWebhook(app.id, { url: receiver.url });
  const verifier = new Webhook(secret);
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.jsonValue({ stringUnit: 'binary', maxDepth: 6 }), async (data) => {
      const body = JSON.stringify({ event_type: 'any.thing', data });
      const answer = await api.call<{ event: { id: string } }>('POST', `/v1/apps/${app.id}/events`, { body });
      // What would not come through unchanged is refused where it is given.
      if (answer.status === 422) return;
      expect(answer.status).toBe(202);
      accepted += 1;
      const { id } = answer.body.event;
      const post = await postOf(id);
      const verified = verifier.verify(post.body, post.headers as Record<string, string>);
      expect((verified as { data: unknown }).data).toEqual(JSON.parse(JSON.stringify(data)));
      expect(post.body.endsWith(`,"data":${JSON.stringify(JSON.parse(JSON.stringify(data)))}}`)).toBe(true);
      expect(post.headers['content-length']).toBe(String(Buffer.byteLength(post.body)));
    }),
    { seed, numRuns: RUNS, endOnFailure: true },
  );
  expect(accepted).toBeGreaterThan(RUNS / 2);
});
