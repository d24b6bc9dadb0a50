import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type BodyChange,
  explain,
  type ExplainOptions,
  type Finding,
  type HeadersLike,
  type SecretHint,
  verify,
} from '../../src/verify/index.js';
import { hmacHex } from '../../src/profiles/signing/signature.js';
import {
  optionsFor,
  OTHER_SECRET,
  PRIVATE_KEY,
  PROFILES,
  PUBLIC_KEY,
  SECRET,
  signedRequest,
  type SignedRequest,
  TIMESTAMP,
} from '../support/signed-requests.js';

interface Changes extends Partial<ExplainOptions> {
  readonly body?: string | Uint8Array;
  readonly headers?: HeadersLike;
}

function explained(request: SignedRequest, { body, headers, ...options }: Changes = {}) {
  return explain(body ?? request.body, headers ?? request.headers, {
    ...optionsFor(request, options),
    sentBody: options.sentBody,
  });
}

/** The one finding of its kind. */
function only<K extends Finding['kind']>(
  findings: readonly Finding[],
  kind: K,
): Extract<Finding, { kind: K }> {
  const found = findings.filter((each) => each.kind === kind);
  expect(found, JSON.stringify(findings, null, 2)).toHaveLength(1);
  return found[0] as Extract<Finding, { kind: K }>;
}

const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

describe.each(PROFILES)('%s', (profile) => {
  const request = signedRequest(profile);

  it('is right as it came', async () => {
    const { valid, findings } = await explained(request);
    expect(valid).toBe(true);
    expect(kinds(findings)).toEqual(['ok', 'ok']);
    expect(findings[0]?.text).toMatch(/^The signature in "[a-z-]+" fits the secret\.$/);
  });

  it('says which of several secrets fits', async () => {
    const { valid, findings } = await explained(request, { secret: [OTHER_SECRET, SECRET] });
    expect(valid).toBe(true);
    expect(findings[0]?.text).toContain('secret 2 of 2');
  });

  it('says that nothing fits for another secret', async () => {
    const { valid, findings } = await explained(request, { secret: OTHER_SECRET });
    expect(valid).toBe(false);
    expect(only(findings, 'secret')).toMatchObject({ hint: 'other_secret' });
    expect(kinds(findings)).not.toContain('ok');
  });

  it('names the header that is missing, and the profile whose headers are there', async () => {
    const other = profile === 'scute' ? 'scendcore' : 'scute';
    const { valid, findings } = await explained(signedRequest(other), { profile });
    expect(valid).toBe(false);
    expect(findings.filter(({ kind }) => kind === 'header').length).toBeGreaterThan(0);
    const found = only(findings, 'profile');
    expect(found.profile).toBe(other);
    expect(found.text).toMatch(/it is valid\.$/);
  });
});

describe('a body that was changed on its way', () => {
  const compact = '{"type":"a.b","timestamp":"2026-04-16T12:00:00Z","data":{"name":"Zoë ☃ ×","path":"a/b"}}';
  const pretty = JSON.stringify(JSON.parse(compact), null, 2);
  const utf8 = Buffer.from(compact);

  it.each<[BodyChange, signed: string, received: string | Uint8Array, at: number]>([
    ['no_trailing_newline', compact, `${compact}\n`, utf8.length],
    ['no_trailing_newline', compact, `${compact}\r\n`, utf8.length],
    ['trailing_newline', `${compact}\n`, compact, utf8.length],
    ['bom_removed', compact, `\ufeff${compact}`, 0],
    ['trimmed', compact, `  ${compact}\t `, 0],
    ['crlf_to_lf', pretty, pretty.replaceAll('\n', '\r\n'), 1],
    ['lf_to_crlf', pretty.replaceAll('\n', '\r\n'), pretty, 1],
    ['reserialised', compact, pretty, 1],
    ['reserialised', compact, compact.replaceAll('/', '\\/'), 87],
    ['reserialised', compact, compact.replace('ë', '\\u00eb'), 67],
    [
      'documented_key_order',
      compact,
      JSON.stringify({
        data: { name: 'Zoë ☃ ×', path: 'a/b' },
        type: 'a.b',
        timestamp: '2026-04-16T12:00:00Z',
      }),
      2,
    ],
    ['latin1', compact, Buffer.from(utf8.toString('latin1')), 68],
    ['latin1', compact, new TextDecoder('windows-1252').decode(utf8), 68],
    ['utf8', '{"name":"Zoë"}', Buffer.from('{"name":"Zoë"}', 'latin1'), 11],
    ['unwrapped', compact, JSON.stringify(compact), 0],
    ['base64_decoded', compact, utf8.toString('base64'), 0],
    ['spaced', '{"a": [1, 2], "b": {}}', '{"a":[1,2],"b":{}}', 5],
    ['spaced', '{"a": "\\u00eb"}', '{"a":"ë"}', 5],
    ['escaped_slashes', '{"a":"b\\/c"}', '{"a":"b/c"}', 7],
    ['escaped_slashes', '{"a":"\\u00eb\\/c"}', '{"a":"ë/c"}', 6],
    ['escaped_unicode', '{"a":"\\u2603"}', '{"a":"☃"}', 6],
    ['sorted_keys', '{"a":1,"b":{"c":2,"d":[{"e":3,"f":4}]}}', '{"b":{"d":[{"f":4,"e":3}],"c":2},"a":1}', 2],
    ['indented', pretty, compact, 1],
  ])('is right with %s', async (validIf, signed, received, at) => {
    const request = signedRequest('standard', { body: signed });
    const { valid, findings } = await explained(request, { body: received });
    expect(valid).toBe(false);
    expect(only(findings, 'body')).toMatchObject({ validIf, firstDifferingByte: at });
    expect(findings.at(-2)?.text).toContain('once the above is mended');
  });

  it('is shown where it differs, in ASCII', async () => {
    const request = signedRequest('standard', { body: '{"a":"ë"}' });
    const { findings } = await explained(request, { body: '{"a":"ë"}\u001b[31m', sentBody: request.body });
    expect(only(findings, 'body').text).toBe(
      'The body is not the one that was sent. Byte 10 is the first that differs: ' +
        'received "{\\"a\\":\\"\\u00eb\\"}\\u001b[31m", signed "{\\"a\\":\\"\\u00eb\\"}" and then the end. ' +
        'Verify the bytes as they came.',
    );
  });

  it.each([
    ['', /is empty/],
    ['[object Object]', /turned into text/],
    ['{"a":"\ufffd"}', /U\+FFFD/],
    ['{"a":', /not JSON/],
  ])('is odd: %j', async (body, text) => {
    const { findings } = await explained(signedRequest('standard'), { body });
    expect(findings.filter(({ kind }) => kind === 'body').map((each) => each.text)).toContainEqual(
      expect.stringMatching(text),
    );
  });

  it('has another length than its header says', async () => {
    const request = signedRequest('standard');
    const headers = { ...request.headers, 'Content-Length': String(Buffer.byteLength(request.body)) };
    const cut = Buffer.from(request.body).subarray(0, -9);
    const { findings } = await explained(request, { body: cut, headers });
    expect(findings.map(({ text }) => text)).toContain(
      `The header "content-length" says ${cut.length + 9} bytes; the body has ${cut.length}.`,
    );
  });

  it('is right, but was never JSON', async () => {
    const { valid, findings } = await explained(signedRequest('standard', { body: 'hello' }));
    expect(valid).toBe(false);
    expect(only(findings, 'body')).toMatchObject({ validIf: null, firstDifferingByte: null });
  });
});

describe('a secret that is not as it was given out', () => {
  // With every character that another encoding writes otherwise.
  const secret = `whsec_${Buffer.from('fb'.repeat(12) + 'ff'.repeat(12), 'hex').toString('base64')}`;
  const bare = secret.slice('whsec_'.length);

  it.each<[SecretHint, given: string]>([
    ['quoted', `"${secret}"`],
    ['quoted', `'${secret}'`],
    ['has_spaces', `${secret.slice(0, 20)}\n  ${secret.slice(20)}`],
    ['has_spaces', `${secret}\\n`],
    ['url_encoded', secret.replaceAll('+', ' ')],
    ['url_encoded', encodeURIComponent(secret)],
    ['wrong_prefix', bare],
    ['wrong_prefix', `whsec_${secret}`],
    ['wrong_prefix', `WHSEC-${bare}`],
    ['wrong_prefix', secret.replaceAll('+', '-').replaceAll('/', '_')],
  ])('standard: %s', async (hint, given) => {
    const request = signedRequest('standard', { secrets: [secret] });
    const { valid, findings } = await explained(request, { secret: given });
    expect(valid).toBe(false);
    const hints = findings.flatMap((each) => (each.kind === 'secret' ? [each.hint] : []));
    expect(hints.filter((each) => each !== 'malformed')).toEqual([hint]);
  });

  it.each<[SecretHint, given: string]>([
    ['quoted', `"${secret}"`],
    ['has_spaces', `${secret.slice(0, 20)}\n  ${secret.slice(20)}`],
    ['url_encoded', encodeURIComponent(secret)],
    ['wrong_prefix', bare],
  ])('scute: %s', async (hint, given) => {
    const request = signedRequest('scute', { secrets: [secret] });
    const { valid, findings } = await explained(request, { secret: given });
    expect(valid).toBe(false);
    expect(only(findings, 'secret').hint).toBe(hint);
  });

  it('scute: a prefix that the key does not have', async () => {
    const request = signedRequest('scute', { secrets: ['correct-horse'] });
    const { findings } = await explained(request, { secret: 'whsec_correct-horse' });
    expect(only(findings, 'secret').hint).toBe('wrong_prefix');
  });

  it('standard: the public key of a private one', async () => {
    const request = signedRequest('standard', { secrets: [PRIVATE_KEY] });
    const { findings } = await explained(request, { secret: PRIVATE_KEY });
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'secret', hint: 'private_key' }));
    expect((await explained(request, { secret: PUBLIC_KEY })).valid).toBe(true);
  });

  it('is used as the profile does not use it', async () => {
    const body = '{}';
    const bytes = Buffer.from(bare, 'base64');
    const decoded = { 'x-scalekit-signature': hmacHex(bytes, body) };
    const auth = await explain(body, decoded, { secret, profile: 'scalekit-auth' });
    expect(only(auth.findings, 'secret').hint).toBe('text_as_base64');

    const headers = { 'webhook-id': 'm', 'webhook-timestamp': `${TIMESTAMP}` };
    const asText = Buffer.from(hmacHex(secret, `m.${TIMESTAMP}.`, body), 'hex').toString('base64');
    const standard = await explain(body, { ...headers, 'webhook-signature': `v1,${asText}` }, { secret });
    expect(only(standard.findings, 'secret').hint).toBe('base64_as_text');
  });

  it('has white space at an end, which is said though it is ignored', async () => {
    const { valid, findings } = await explained(signedRequest('scute'), { secret: `${SECRET}\n` });
    expect(valid).toBe(true);
    expect(only(findings, 'secret').hint).toBe('has_spaces');
  });

  it('is none', async () => {
    for (const none of ['', []]) {
      const { valid, findings } = await explained(signedRequest('scute'), { secret: none });
      expect(valid).toBe(false);
      expect(findings).toContainEqual(expect.objectContaining({ kind: 'secret', hint: 'malformed' }));
    }
  });

  it('belongs to a rotation', async () => {
    const request = signedRequest('scute', { secrets: [SECRET, OTHER_SECRET] });
    const { findings } = await explained(request, { secret: 'of-another-endpoint' });
    expect(only(findings, 'secret')).toMatchObject({
      hint: 'other_secret_of_rotation',
      text: expect.stringContaining('2 signatures') as string,
    });
  });
});

describe('an id and a time', () => {
  const request = signedRequest('scalekit');
  const { 'webhook-id': id = '', 'webhook-timestamp': time = '' } = request.headers;

  it.each([
    ['lower case', { 'webhook-id': id.toUpperCase() }, /the one in the body|lower case/],
    ['the id of the body', { 'webhook-id': 'evt_another' }, /the one in the body/],
  ])('%s', async (_what, changed, text) => {
    const { valid, findings } = await explained(request, { headers: { ...request.headers, ...changed } });
    expect(valid).toBe(false);
    expect(only(findings, 'id').text).toMatch(text);
  });

  it('the id is missing, and the body has it', async () => {
    const { 'webhook-id': _, ...headers } = request.headers;
    const { findings } = await explained(request, { headers });
    expect(only(findings, 'header').name).toBe('webhook-id');
    expect(only(findings, 'id').text).toContain('the one in the body');
  });

  it.each([
    ['milliseconds', `${time}123`, /in milliseconds/],
    ['a date', new Date(Number(time) * 1000).toISOString(), /as a date/],
  ])('the time is in %s', async (_what, value, text) => {
    const headers = { ...request.headers, 'webhook-timestamp': value };
    const { valid, findings } = await explained(request, { headers });
    expect(valid).toBe(false);
    expect(only(findings, 'timestamp').text).toMatch(text);
  });

  it('the time is too old or too new, said beside what is wrong with the secret', async () => {
    const now = (seconds: number) => () => (TIMESTAMP + seconds) * 1000;
    const old = await explained(request, { now: now(3_600) });
    expect(old.valid).toBe(false);
    expect(only(old.findings, 'clock').secondsOff).toBe(3_600);
    expect(kinds(old.findings)).toEqual(['clock', 'ok']);
    const young = await explained(request, { now: now(-3_600), secret: OTHER_SECRET });
    expect(only(young.findings, 'clock').secondsOff).toBe(-3_600);
    expect(only(young.findings, 'secret').hint).toBe('other_secret');
  });
});

it('finds several mistakes at once', async () => {
  const request = signedRequest('scalekit');
  const headers = { ...request.headers, 'webhook-timestamp': `${TIMESTAMP}000` };
  const { findings } = await explained(request, {
    body: `${request.body}\n`,
    headers,
    secret: `"${SECRET}"`,
  });
  expect(kinds(findings)).toEqual(expect.arrayContaining(['timestamp', 'secret', 'body', 'ok']));
});

it('says of every request whether verify accepts it, and never shows a secret', async () => {
  const noise = fc.constantFrom('', '\n', ' ', 'x', '\ufeff', '"');
  const anyRequest = fc.record({
    profile: fc.constantFrom(...PROFILES),
    as: fc.constantFrom(...PROFILES),
    body: noise,
    secret: fc.array(fc.tuple(fc.constantFrom(SECRET, OTHER_SECRET, ''), noise), { maxLength: 3 }),
    seconds: fc.constantFrom(0, 299, 301, -400),
    left: fc.nat(4),
  });
  await fc.assert(
    fc.asyncProperty(anyRequest, async ({ profile, as, body, secret, seconds, left }) => {
      const request = signedRequest(profile);
      const headers = Object.fromEntries(
        Object.entries(request.headers).filter((_, index) => index !== left),
      );
      const options = {
        secret: secret.map(([text, after]) => text + after),
        profile: as,
        now: () => (TIMESTAMP + seconds) * 1000,
      };
      const accepted = await verify(request.body + body, headers, options).then(
        () => true,
        () => false,
      );
      const { valid, findings } = await explain(request.body + body, headers, options);
      expect(valid).toBe(accepted);
      expect(findings.length).toBeGreaterThan(0);
      const said = findings.map(({ text }) => text).join();
      for (const given of [SECRET, OTHER_SECRET]) expect(said).not.toContain(given.slice(6));
    }),
  );
});

it('does a bounded work, whatever it is given', async () => {
  const body = JSON.stringify({ id: 'a', data: '"/ë\r\n'.repeat(100_000) });
  const zero = Buffer.alloc(32).toString('base64');
  const headers = {
    'webhook-id': 'A',
    'webhook-timestamp': `${TIMESTAMP}000`,
    'webhook-signature': `v1,${zero} `.repeat(16),
  };
  const hashed = vi.spyOn(crypto.subtle, 'verify');
  try {
    await explain(body, headers, { secret: [SECRET, OTHER_SECRET, PUBLIC_KEY] });
    const bytes = hashed.mock.calls.reduce((sum, [, , , content]) => sum + content.byteLength, 0);
    expect(hashed.mock.calls.length).toBeLessThan(2_000);
    expect(bytes).toBeLessThan(200 * 1024 * 1024);
  } finally {
    hashed.mockRestore();
  }
});
