import type { LookupAddress } from 'node:dns';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRefused, createAddressGuard } from '../../src/delivery/address-guard.js';
import type { Resolve } from '../../src/delivery/resolve.js';
import { MAX_URL_LENGTH } from '../../src/delivery/target-url.js';

const closed = createAddressGuard([]);
const loopback = createAddressGuard(['127.0.0.0/8', '::1/128']);

describe('without an allow-list, a target', () => {
  it.each([
    'https://example.com/hook',
    'https://example.com',
    'https://EXAMPLE.com:8443/hook?a=b#c',
    'https://example.com.:443/',
    'https://sub.domain.example.co.uk/x',
    'https://xn--bcher-kva.example/',
    'https://bücher.example/',
    'https://localhost.example.com/',
    'https://mylocalhost/',
    'https://1.2.3.4.example.com/',
    'https://8.8.8.8/hook',
    'https://8.8.8.8:1/hook',
    'https://1.1.1.1./',
    'https://134744072/',
    'https://0x08080808/',
    'https://010.8.8.8/',
    'https://172.15.255.255/',
    'https://172.32.0.1/',
    'https://100.63.255.255/',
    'https://100.128.0.1/',
    'https://198.17.255.255/',
    'https://198.20.0.1/',
    'https://223.255.255.254/',
    'https://[2606:4700:4700::1111]/hook',
    'https://[2a00:1450:4001:829::200e]:8443/',
    'https://[::ffff:8.8.8.8]/',
  ])('%s is accepted', (url) => expect(closed.problemWithUrl(url)).toBeNull());

  it.each([
    // loopback, in every spelling that URL parsers know
    'https://127.0.0.1/',
    'https://127.1/',
    'https://127.0.1/',
    'https://127.255.255.254:8443/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.0.0.1./',
    'https://127。0。0。1/',
    'https://①②⑦.0.0.1/',
    'https://[::1]/',
    'https://[0:0:0:0:0:0:0:1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::127.0.0.1]/',
    'https://localhost/',
    'https://localhost./',
    'https://LOCALHOST:8443/',
    'https://api.localhost/',
    'https://api.localhost./',
    'https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/',
    'https://ａｐｉ．ｌｏｃａｌｈｏｓｔ/',
    // unspecified and this network
    'https://0/',
    'https://0.0.0.0/',
    'https://0.1.2.3/',
    'https://[::]/',
    // private, shared (CGNAT), link-local
    'https://10.0.0.1/',
    'https://10.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://192.168.257/',
    'https://100.64.0.1/',
    'https://100.127.255.255/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fe80::1]/',
    'https://[febf::1]/',
    'https://[fec0::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456:789a::1]/',
    // special purpose: IETF, documentation, 6to4 relay, benchmark, multicast, reserved, broadcast
    'https://192.0.0.8/',
    'https://192.0.2.1/',
    'https://198.51.100.1/',
    'https://203.0.113.42/',
    'https://192.88.99.1/',
    'https://198.18.0.1/',
    'https://198.19.255.255/',
    'https://224.0.0.1/',
    'https://239.255.255.250/',
    'https://240.0.0.1/',
    'https://255.255.255.255/',
    'https://[ff02::1]/',
    'https://[ff0e::1]/',
    'https://[2001:db8::1]/',
    'https://[3fff::1]/',
    'https://[100::1]/',
    'https://[100:0:0:1::1]/',
    'https://[2001:1::1]/',
    'https://[2001:3::1]/',
    'https://[2001:4:112::1]/',
    'https://[2001:30::1]/',
    'https://[2620:4f:8000::1]/',
    'https://192.0.0.171/',
    'https://192.31.196.1/',
    'https://192.52.193.1/',
    'https://192.175.48.1/',
    'https://[2001:2::1]/',
    'https://[2001:10::1]/',
    'https://[2001:20::1]/',
    'https://[5f00::1]/',
    // IPv4 inside IPv6: mapped, translated, 6to4, NAT64, Teredo, ISATAP
    'https://[::ffff:10.0.0.1]/',
    'https://[::ffff:169.254.169.254]/',
    'https://[::ffff:0:127.0.0.1]/',
    'https://[2002:7f00:1::1]/',
    'https://[2002:808:808::1]/',
    'https://[64:ff9b::127.0.0.1]/',
    'https://[64:ff9b::8.8.8.8]/',
    'https://[64:ff9b:1::1]/',
    'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
    'https://[2606:4700::5efe:10.0.0.1]/',
    'https://[2606:4700::200:5efe:10.0.0.1]/',
    'https://[2606:4700::100:5efe:10.0.0.1]/',
    'https://[2606:4700::300:5efe:10.0.0.1]/',
    // not global unicast at all
    'https://[1::1]/',
    'https://[4000::1]/',
    'https://[e000::1]/',
  ])('%s is refused as no public address', (url) =>
    expect(closed.problemWithUrl(url)).toMatch(/is not a public address$/),
  );

  it.each([
    'http://example.com/',
    'http://8.8.8.8/',
    'http://127.0.0.1/',
    'HTTP://localhost/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/plain,x',
    'wss://example.com/',
    '//example.com/',
    '/hook',
    'example.com/hook',
    '',
  ])('%j is refused as no https URL', (url) =>
    expect(closed.problemWithUrl(url)).toMatch(/^must be an https:\/\/ URL/),
  );

  it.each([
    'https://user@example.com/',
    'https://user:pass@example.com/',
    'https://:pass@example.com/',
    'https://@example.com/',
    'https://a%40b@127.0.0.1/',
  ])('%s is refused for its user name or password', (url) =>
    expect(closed.problemWithUrl(url)).toBe(
      'must not contain a user name or password: send credentials in headers',
    ),
  );

  it.each([
    'https://',
    'https:///',
    'https:///example.com/',
    'https:example.com/',
    'https:/example.com/',
    'https:////example.com/',
    'https://?x',
    'https://#x',
    'https:\\\\example.com\\hook',
    'https://example.com\\@10.0.0.1/',
    'https://example.com/a\\b',
    'https://example.com:0/',
    'https://example.com:00000/',
    'https://8.8.8.8:0/',
    'https://[2606:4700:4700::1111]:0/',
    'https://example.com:99999/',
    'https://example.com:x/',
    'https://a..b/',
    'https://.example.com/',
    'https://example.com../',
    'https://./',
    'https://example。。com/',
    'https://256.256.256.256/',
    'https://1.2.3.4.5/',
    'https://[::1/',
    'https://[::1%25eth0]/',
    'https://[fe80::1%eth0]/',
    'https://%31%32%37.0.0.1/',
    'https://exam%E2%80%8Bple.com/',
    'https://*.example.com/',
    'https://exa,mple.com/',
    'https://"example.com"/',
    `https://${'x'.repeat(64)}.com/`,
    `https://${'abcdefg.'.repeat(32)}com/`,
  ])('%j is refused as no valid URL', (url) =>
    expect(closed.problemWithUrl(url)).toMatch(/^is not a valid URL: /),
  );

  it.each([
    'https://exam\u200bple.com/',
    'https://example.com/\u200d',
    'https://example.com/\u202egpj.exe',
    'https://\u2066example.com\u2069/',
    '\ufeffhttps://example.com/',
    'https://local\u00adhost/',
    'https://example.com/\u2028',
    'https://example.com/\u00a0',
    'https://example.com/\u3164',
    'https://example.com/\ufe0f',
    'https://example.com/\u{e0041}',
    'https://example.com/\ud800',
  ])('%j is refused for what nobody sees', (url) =>
    expect(closed.problemWithUrl(url)).toBe('must not contain white space, control or invisible characters'),
  );

  it.each([
    'https://168.63.129.16/',
    'https://0xa83f8110/',
    'https://[::ffff:168.63.129.16]/',
    'https://161.26.0.10/',
    'https://166.9.250.195/',
    'https://100.100.100.200/latest/meta-data/',
    'https://192.0.0.192/latest/',
    'https://[fd00:ec2::254]/',
    'https://[fd20:ce::254]/',
    'https://169.254.42.42/',
    'https://169.254.170.2/v2/credentials',
  ])('%s, a service that a cloud gives to its own machines, is refused', (url) => {
    expect(closed.problemWithUrl(url)).toMatch(/is not a public address$/);
    const { hostname } = new URL(url);
    expect(closed.problemWithAddress(hostname.replace(/^\[|\]$/g, ''))).not.toBeNull();
  });

  it.each(['https://168.63.129.15/', 'https://168.63.129.17/', 'https://161.27.0.1/', 'https://166.12.0.1/'])(
    '%s, beside one of those, is accepted',
    (url) => expect(closed.problemWithUrl(url)).toBeNull(),
  );

  it.each([
    ['https:example.com', '"https:" must be followed by two slashes and a host'],
    ['https:///example.com', '"https:" must be followed by two slashes and a host'],
    ['https://example.com\\x', 'it must not contain a backslash'],
    ['https://ex%61mple.com/', 'its host must not be percent-encoded'],
    ['https://example.com:99999/', 'its host or port cannot be read'],
    ['https://example.com:0/', 'there is no port 0'],
    ['https://a..example.com/', 'its host has an empty label'],
    [
      'https://exam!ple.com/',
      'a label of its host has more than 63 characters, or characters other than letters, digits, - and _',
    ],
    [`https://${'a.'.repeat(126)}bc/`, 'its host has more than 253 characters'],
  ])('%s is refused, and why is said', (url, why) => {
    expect(closed.problemWithUrl(url)).toBe(`is not a valid URL: ${why}`);
  });

  it('may have a host of 253 characters, in labels of 63', () => {
    expect(closed.problemWithUrl(`https://${'a.'.repeat(126)}b/`)).toBeNull();
    expect(closed.problemWithUrl(`https://${'x'.repeat(63)}.com./`)).toBeNull();
  });

  it.each(['xhttps://example.com/', 'javascript:https://example.com/', 'ftp://example.com/', 'example.com'])(
    '%s is refused for its scheme',
    (url) => expect(closed.problemWithUrl(url)).toBe('must be an https:// URL'),
  );

  it('whose address only looks as if it held another is accepted', () => {
    expect(closed.problemWithAddress('2606:4700::1234:5efe:808:808')).toBeNull();
    expect(closed.problemWithAddress('2606:4700::5eff:808:808')).toBeNull();
  });

  it('of 2,048 characters is accepted, a longer one is not', () => {
    const url = `https://example.com/${'x'.repeat(MAX_URL_LENGTH - 20)}`;
    expect(closed.problemWithUrl(url)).toBeNull();
    expect(closed.problemWithUrl(`${url}x`)).toBe('must have at most 2048 characters');
  });

  it.each([
    'https://example.com/\0',
    'https://example.com/a\nb',
    ' https://example.com/',
    ' ',
    'https://exa mple.com/',
    'https://exam\tple.com/',
  ])('%j, which a URL parser would quietly clean, is refused: what is stored is what was given', (url) =>
    expect(closed.problemWithUrl(url)).not.toBeNull(),
  );
});

describe('with an allow-list', () => {
  it.each([
    'https://127.0.0.1/',
    'http://127.0.0.1:3000/hook',
    'http://127.1/',
    'http://2130706433/',
    'http://localhost:3000/',
    'http://api.localhost/',
    'http://[::1]:3000/',
    'http://[::ffff:127.0.0.1]/',
  ])('of loopback, %s is accepted', (url) => expect(loopback.problemWithUrl(url)).toBeNull());

  it.each([
    'http://example.com/',
    'http://8.8.8.8/',
    'http://10.0.0.1/',
    'https://10.0.0.1/',
    'http://[::2]/',
    'http://user@127.0.0.1/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[::127.0.0.1]/',
  ])('of loopback, %s is refused', (url) => expect(loopback.problemWithUrl(url)).not.toBeNull());

  it('that has one of the addresses of localhost, http:// may be used for that name', () => {
    const ipv4 = createAddressGuard(['127.0.0.0/8']);
    expect(ipv4.problemWithUrl('http://localhost/')).toBeNull();
    expect(ipv4.problemWithUrl('https://localhost/')).toBeNull();
    expect(ipv4.problemWithUrl('http://example.com/')).toMatch(/^must be an https:/);
  });

  it('lets through exactly its ranges', () => {
    const guard = createAddressGuard(['10.1.0.0/16', '', 'fd00:1::/32', '203.0.113.7/32']);
    const addresses = ['10.1.2.3', '10.2.0.1', 'fd00:1::5', 'fd00:2::5', '203.0.113.7', '203.0.113.8'];
    expect(addresses.map((address) => guard.problemWithAddress(address) === null)).toEqual([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
    expect(guard.problemWithAddress('8.8.8.8')).toBeNull();
    expect(guard.problemWithUrl('http://203.0.113.7/')).toBeNull();
  });

  it('covers an IPv4 address that comes as IPv6', () => {
    expect(loopback.problemWithAddress('::ffff:127.0.0.1')).toBeNull();
    expect(closed.problemWithAddress('::ffff:127.0.0.1')).not.toBeNull();
  });

  it('covers no address that is none, and none on a link of its own', () => {
    const all = createAddressGuard(['0.0.0.0/0', '::/0']);
    expect(all.problemWithAddress('nonsense')).toBe('nonsense is not a public address');
    expect(all.problemWithAddress('')).not.toBeNull();
    expect(closed.problemWithAddress('fe80::1%eth0')).not.toBeNull();
    expect(closed.problemWithAddress('::ffff:127.0.0.1%eth0')).not.toBeNull();
  });

  it('of a public range, http:// is for its literal addresses, not for names', () => {
    const all = createAddressGuard(['0.0.0.0/0', '::/0']);
    expect(all.problemWithUrl('http://8.8.8.8/')).toBeNull();
    expect(all.problemWithUrl('http://example.com/')).toMatch(/^must be an https/);
  });

  it.each(['10.0.0.0', 'nonsense', '10.0.0.0/33', '::/129', '10.0.0.0/8/8', 'localhost', '10.0.0.0/-1'])(
    'that holds %j is refused, naming it',
    (cidr) => {
      expect(() => createAddressGuard([cidr])).toThrow(RangeError);
      expect(() => createAddressGuard([cidr])).toThrow(cidr);
    },
  );
});

describe('a name, when it is connected to,', () => {
  type Guard = typeof closed;
  const lookUp = (guard: Guard, name: string) =>
    new Promise<LookupAddress[]>((resolve, reject) => {
      guard.lookup(name, { all: true }, (error, addresses) => {
        if (error) reject(error);
        else resolve(addresses as LookupAddress[]);
      });
    });

  it('is refused when it resolves to no public address', async () => {
    await expect(lookUp(closed, 'localhost')).rejects.toThrow(AddressRefused);
    await expect(lookUp(closed, 'localhost')).rejects.toThrow(/^localhost resolves to no public address$/);
    await expect(lookUp(closed, '127.0.0.1')).rejects.toThrow(AddressRefused);
  });

  it('gives only the addresses that may be connected to', async () => {
    const onlyV4 = createAddressGuard(['127.0.0.0/8']);
    expect(await lookUp(onlyV4, 'localhost')).toEqual([{ address: '127.0.0.1', family: 4 }]);
  });

  it('gives one address to who asks for one', async () => {
    const first = await new Promise((resolve, reject) => {
      loopback.lookup('localhost', { family: 4 }, (error, address, family) => {
        if (error) reject(error);
        else resolve([address, family]);
      });
    });
    expect(first).toEqual(['127.0.0.1', 4]);
  });

  it.each(['localhost', 'LOCALHOST', 'localhost.', 'app.localhost', 'a.b.Localhost.'])(
    'is loopback without asking anybody when it is a localhost name: %s',
    async (name) => {
      const asked: string[] = [];
      const resolve: Resolve = (hostname) => {
        asked.push(hostname);
        return Promise.resolve([{ address: '8.8.8.8', family: 4 }]);
      };
      const open = createAddressGuard(['127.0.0.0/8', '::1/128'], resolve);
      expect((await lookUp(open, name)).map(({ address }) => address)).toEqual(['127.0.0.1', '::1']);
      await expect(lookUp(createAddressGuard([], resolve), name)).rejects.toThrow(AddressRefused);
      expect(asked).toEqual([]);
    },
  );

  it('is judged as it was when it was given, whatever name it is', async () => {
    const label = fc.constantFrom(
      'localhost',
      'LocalHost',
      'app',
      'example',
      'com',
      'xn--bcher-kva',
      'ⓛocalhost',
    );
    const name = fc
      .tuple(fc.array(label, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '.'))
      .map(([labels, dot]) => labels.join('.') + dot);
    const allowed = fc.subarray(['127.0.0.1/32', '::1/128', '10.0.0.0/8']);
    await fc.assert(
      fc.asyncProperty(name, allowed, async (given, ranges) => {
        const { hostname } = new URL(`https://${given}/`);
        const asked: string[] = [];
        const resolve: Resolve = (each) => {
          asked.push(each);
          return Promise.resolve([{ address: '8.8.8.8', family: 4 }]);
        };
        const guard = createAddressGuard(ranges, resolve);
        const atCreation = guard.problemWithUrl(`https://${given}/`) === null;
        const atAttempt = await lookUp(guard, hostname).then(
          () => true,
          () => false,
        );
        expect(atAttempt).toBe(atCreation);
        // Plain HTTP is for what needs no look-up.
        if (guard.problemWithUrl(`http://${given}/`) === null) expect(asked).toEqual([]);
      }),
    );
  });
});
