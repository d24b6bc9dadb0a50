import type { LookupAddress } from 'node:dns';
import type { Question } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { AddressRefused, createAddressGuard } from '../../src/delivery/address-guard.js';
import { failureOf } from '../../src/delivery/failure.js';
import { NotResolved, resolveThrough } from '../../src/delivery/resolve.js';
import { addresses, startDnsServer, type DnsReply, type DnsServer } from '../support/dns-server.js';

let server: DnsServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

/** What the guard gives to a connection whose target's name is answered so by a real DNS server. */
async function lookUp(
  reply: (question: Question) => DnsReply,
  { allowed = [], name = 'target.test' }: { allowed?: string[]; name?: string } = {},
): Promise<string[]> {
  server = await startDnsServer(reply);
  const guard = createAddressGuard(allowed, resolveThrough([server.address]));
  return new Promise((resolve, reject) => {
    guard.lookup(name, { all: true }, (error, found) => {
      if (error) reject(error);
      else resolve((found as LookupAddress[]).map(({ address }) => address));
    });
  });
}

describe('a name that its DNS server says is', () => {
  it.each([
    ['this network', '0.0.0.0'],
    ['private, 10/8', '10.0.0.1'],
    ['shared, CGNAT', '100.64.0.1'],
    ['loopback', '127.0.0.1'],
    ['loopback, far from its first address', '127.255.255.254'],
    ['link-local: the clouds’ metadata', '169.254.169.254'],
    ['link-local: the metadata of containers', '169.254.170.2'],
    ['private, 172.16/12', '172.31.255.255'],
    ['IETF protocol assignments', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['6to4 relay', '192.88.99.1'],
    ['private, 192.168/16', '192.168.0.1'],
    ['benchmarking', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified, IPv6', '::'],
    ['loopback, IPv6', '::1'],
    ['IPv4-compatible', '::7f00:1'],
    ['IPv4-mapped loopback', '::ffff:127.0.0.1'],
    ['IPv4-mapped metadata', '::ffff:169.254.169.254'],
    ['IPv4-translated', '::ffff:0:7f00:1'],
    ['NAT64', '64:ff9b::a9fe:a9fe'],
    ['NAT64, local use', '64:ff9b:1::a00:1'],
    ['discard-only', '100::1'],
    ['the dummy prefix', '100:0:0:1::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['benchmarking, IPv6', '2001:2::1'],
    ['ORCHID', '2001:20::1'],
    ['documentation, IPv6', '2001:db8::1'],
    ['6to4 of loopback', '2002:7f00:1::1'],
    ['documentation, IPv6, new', '3fff::1'],
    ['segment routing', '5f00::1'],
    ['unique local: AWS metadata', 'fd00:ec2::254'],
    ['link-local, IPv6', 'fe80::1'],
    ['site-local', 'fec0::1'],
    ['multicast, IPv6', 'ff02::1'],
    ['ISATAP', '2606:4700::5efe:a00:1'],
    ['ISATAP, group bit', '2606:4700::300:5efe:a00:1'],
  ])('%s is refused', async (_what, address) => {
    const refused = lookUp(addresses(address));
    await expect(refused).rejects.toThrow(AddressRefused);
    await expect(refused).rejects.toThrow('target.test resolves to no public address');
    await refused.catch((error: unknown) => expect(failureOf(error).code).toBe('address_refused'));
  });

  it.each(['8.8.8.8', '2606:4700:4700::1111'])('%s is connected to there', async (address) =>
    expect(await lookUp(addresses(address))).toEqual([address]),
  );

  it('public and private both, is connected to only where it is public', async () => {
    const found = await lookUp(
      addresses('10.0.0.1', '8.8.8.8', '127.0.0.1', '::1', '2606:4700::1', 'fd00::1'),
    );
    expect(found).toEqual(['8.8.8.8', '2606:4700::1']);
  });

  it('another name, which is private, is refused', async () => {
    const alias = ({ name, type }: Question): DnsReply =>
      type === 'A'
        ? [
            { type: 'CNAME', name, data: 'inner.test' },
            { type: 'A', name: 'inner.test', data: '10.0.0.1' },
          ]
        : [{ type: 'CNAME', name, data: 'inner.test' }];
    await expect(lookUp(alias)).rejects.toThrow(AddressRefused);
    await server?.stop();
    const both = ({ name, type }: Question): DnsReply =>
      type === 'A'
        ? [
            { type: 'CNAME', name, data: 'inner.test' },
            { type: 'A', name: 'inner.test', data: '10.0.0.1' },
            { type: 'A', name: 'inner.test', data: '8.8.4.4' },
          ]
        : 'SERVFAIL';
    expect(await lookUp(both)).toEqual(['8.8.4.4']);
  });

  it('allowed by the operator is connected to', async () => {
    expect(await lookUp(addresses('10.0.0.1', '10.1.0.1'), { allowed: ['10.0.0.0/16'] })).toEqual([
      '10.0.0.1',
    ]);
  });
});

describe('a name that its DNS server', () => {
  it.each<[string, DnsReply, string]>([
    ['has no address for', [], 'ENODATA'],
    ['does not know', 'NXDOMAIN', 'ENOTFOUND'],
    ['fails at', 'SERVFAIL', 'ESERVFAIL'],
    ['does not speak of', 'REFUSED', 'EREFUSED'],
  ])('%s is not resolved, and why is said', async (_what, reply, code) => {
    const missing = lookUp(() => reply);
    await expect(missing).rejects.toThrow(NotResolved);
    await expect(missing).rejects.toThrow(`target.test could not be resolved: ${code}`);
    await missing.catch((error: unknown) => expect(failureOf(error).code).toBe('dns'));
  });

  it.each<DnsReply>([[], 'NXDOMAIN', 'SERVFAIL', 'REFUSED'].map((reply) => reply as DnsReply))(
    'answers %j for one family of is resolved by the other',
    async (reply) => {
      const onlyV4 = (question: Question) => (question.type === 'A' ? addresses('8.8.8.8')(question) : reply);
      expect(await lookUp(onlyV4)).toEqual(['8.8.8.8']);
      await server?.stop();
      const onlyV6 = (question: Question) => (question.type === 'A' ? reply : addresses('2606::1')(question));
      expect(await lookUp(onlyV6)).toEqual(['2606::1']);
    },
  );

  it('says is public, but which stands for this machine, is refused without asking', async () => {
    for (const name of ['localhost', 'LOCALHOST.', 'api.localhost']) {
      await expect(lookUp(addresses('8.8.8.8'), { name })).rejects.toThrow(AddressRefused);
      expect(server?.questions).toEqual([]);
      await server?.stop();
    }
    expect(await lookUp(addresses(), { name: 'localhost', allowed: ['::1/128'] })).toEqual(['::1']);
  });

  it('is asked about is asked about as it is, without search domains', async () => {
    await expect(lookUp(() => 'NXDOMAIN', { name: 'postgres' })).rejects.toThrow(NotResolved);
    expect([...new Set(server?.questions.map(({ name }) => name))]).toEqual(['postgres']);
  });
});

it('a server that is not there is passed over', async () => {
  server = await startDnsServer(addresses('8.8.8.8'));
  const gone = await startDnsServer(() => 'SERVFAIL');
  await gone.stop();
  expect(await resolveThrough([gone.address, server.address])('target.test', {})).toEqual([
    { address: '8.8.8.8', family: 4 },
  ]);
});

it('who asks for one family is given that one', async () => {
  server = await startDnsServer(addresses('8.8.8.8', '2606::1'));
  const resolve = resolveThrough([server.address]);
  expect(await resolve('target.test', { family: 6 })).toEqual([{ address: '2606::1', family: 6 }]);
  expect(await resolve('target.test', { family: 4 })).toEqual([{ address: '8.8.8.8', family: 4 }]);
});
