import { describe, expect, it } from 'vitest';
import { Inbox } from '../../src/demo/receiver.js';
import { sampleOf } from '../../src/demo/sample.js';
import { verifierFor, type ReceivedPost } from '../../src/demo/verifiers.js';
import { generateSecret } from '../../src/profiles/signing/secret.js';
import { profileById, profileIds } from '../../src/profiles/index.js';
import { UserError } from '../../src/lib/user-error.js';

const secret = generateSecret();

/** A POST as the profile sends it, signed so many seconds ago. */
function sent(profileId: string, { secondsAgo = 0, signedWith = secret } = {}): ReceivedPost {
  const profile = profileById(profileId);
  const { event_type: type, data, attributes } = sampleOf(profile);
  const receivedAt = new Date();
  const id = profile.eventId.fromBytes(Buffer.alloc(32, 7));
  const event = { id, type, appId: 'app', acceptedAt: receivedAt, data, attributes, environmentId: 'env_1' };
  const body = Buffer.from(JSON.stringify(profile.envelope(event)));
  const headers = profile.headers({
    eventId: id,
    appName: 'Acme',
    timestamp: Math.floor(receivedAt.getTime() / 1000) - secondsAgo,
    body,
    secrets: [signedWith],
  });
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { headers: Object.fromEntries(lowerCase) as Record<string, string>, body, receivedAt };
}

const verified = async (profileId: string, post: ReceivedPost) => verifierFor(profileId).verify(post, secret);

describe.each(profileIds)("the demo's receiver of %s", (profileId) => {
  const { signatureHeader } = verifierFor(profileId);

  it('accepts what the profile signs', async () => {
    const post = sent(profileId);
    await expect(verified(profileId, post)).resolves.not.toThrow();
    expect(post.headers).toHaveProperty(signatureHeader.toLowerCase());
  });

  it('refuses another body, another secret, and no signature', async () => {
    const post = sent(profileId);
    const body = Buffer.from(post.body.toString().replace('"data":{', '"data":{"forged":true,'));
    await expect(verified(profileId, { ...post, body })).rejects.toThrow();
    await expect(verified(profileId, sent(profileId, { signedWith: generateSecret() }))).rejects.toThrow();
    await expect(verified(profileId, { ...post, headers: {} })).rejects.toThrow();
  });
});

const timed = profileIds.filter((id) => verifierFor(id).signedTime(sent(id)) !== null);

it.each(timed)("the demo's receiver of %s refuses a time more than five minutes off", async (profileId) => {
  await expect(verified(profileId, sent(profileId, { secondsAgo: 290 }))).resolves.not.toThrow();
  await expect(verified(profileId, sent(profileId, { secondsAgo: 310 }))).rejects.toThrow();
  await expect(verified(profileId, sent(profileId, { secondsAgo: -310 }))).rejects.toThrow();
});

it('a profile that the demo cannot verify is named', () => {
  expect(() => verifierFor('another')).toThrow(UserError);
  expect(() => verifierFor('another')).toThrow('"another"');
});

it("the demo's receiver answers 401 to what does not verify, and says why, whatever answer is next", async () => {
  const inbox = new Inbox((post) => verified('scute', post));
  inbox.answerNext(503);
  expect(await inbox.take({ ...sent('scute'), headers: {} })).toBe(401);
  expect(await inbox.take(sent('scute'))).toBe(503);
  expect(await inbox.take(sent('scute'))).toBe(200);
  expect(await inbox.next()).toMatchObject({
    answer: 401,
    problem: 'it has no header x-webhook-signature',
  });
  expect(await inbox.next()).toMatchObject({ answer: 503, problem: null });
});
