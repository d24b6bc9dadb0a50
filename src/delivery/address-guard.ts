import type { LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { isLocalhost, loopbackAddresses, resolveBySystem, type Resolve } from './resolve.js';
import { targetUrl } from './target-url.js';

/** The receiver's address is one that deliveries may not go to. */
export class AddressRefused extends Error {
  override name = 'AddressRefused';
}

/** Decides where deliveries may go: to global unicast addresses, and to those that the operator allows. */
export interface AddressGuard {
  /** Why a target URL cannot be accepted; null if it can. A host name is not resolved, but judged when connecting. */
  problemWithUrl(url: string): string | null;
  /** Why an address may not be connected to; null if it may. */
  problemWithAddress(address: string): string | null;
  /** Resolves a name for a connection, and gives only addresses that may be connected to. */
  readonly lookup: LookupFunction;
}

type Cidr = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * @param allowed CIDRs that are let through although they are not global, and to which `http://` may be used
 * @param resolve how names are resolved when they are connected to
 * @throws RangeError when one of them is not a CIDR
 */
export function createAddressGuard(
  allowed: readonly string[],
  resolve: Resolve = resolveBySystem,
): AddressGuard {
  const allowList = allowed.filter((cidr) => cidr !== '').map(parseCidr);

  const isAllowed = (address: string) => allowList.some((cidr) => contains(cidr, normalised(address)));
  const problemWithAddress = (address: string) =>
    ipaddr.isValid(address) && (isAllowed(address) || isGlobalUnicast(normalised(address)))
      ? null
      : `${address} is not a public address`;

  const vettedAddressesOf = async (hostname: string, options: LookupOptions) => {
    const isLocal = isLocalhost(hostname);
    const addresses = isLocal ? loopbackAddresses(options.family) : await resolve(hostname, options);
    const vetted = addresses.filter(({ address }) => problemWithAddress(address) === null);
    const [first] = vetted;
    // Do not name the address: tenants can read the errors of attempts.
    if (!first) throw new AddressRefused(`${hostname} resolves to no public address`);
    return { vetted, first };
  };
  const lookup: LookupFunction = (hostname, options, callback) => {
    vettedAddressesOf(hostname, options).then(
      ({ vetted, first }) => {
        if (options.all) callback(null, vetted);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };

  return {
    problemWithAddress,
    lookup,
    problemWithUrl(text) {
      const target = targetUrl(text);
      if ('problem' in target) return target.problem;
      const { url } = target;
      const literals = literalAddressesOf(url.hostname);
      if (url.protocol === 'http:' && !literals.some(isAllowed)) {
        return 'must be an https:// URL (http:// is accepted only for targets in POSTHORN_ALLOWED_TARGETS)';
      }
      const problems = literals.map(problemWithAddress);
      return problems.includes(null) ? null : (problems[0] ?? null);
    },
  };
}

/** The addresses that a URL's host is, without asking DNS: its literal one, or loopback for a localhost name. */
function literalAddressesOf(hostname: string): string[] {
  if (isLocalhost(hostname)) return loopbackAddresses().map(({ address }) => address);
  const host = hostname.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(host) ? [host] : [];
}

function parseCidr(text: string): Cidr {
  try {
    return ipaddr.parseCIDR(text);
  } catch {
    throw new RangeError(`"${text}" is not a CIDR like 10.0.0.0/8 or ::1/128`);
  }
}

/** An IPv4 address that stands inside an IPv6 one as `::ffff:a.b.c.d` is that IPv4 address. */
function normalised(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  return ipaddr.process(address);
}

function contains([range, bits]: Cidr, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return range.kind() === address.kind() && address.match(range, bits);
}

const GLOBAL_IPV6 = ipaddr.parseCIDR('2000::/3');
/**
 * Clouds' own services that have global addresses, and are reached by who runs in that cloud alone: Azure's wire server,
 * which gives a machine its certificates and secrets, and IBM Cloud's networks of services. Other clouds' metadata are
 * at link-local, shared, private and reserved addresses: 169.254.169.254, 100.100.100.200, fd00:ec2::254, 192.0.0.192.
 */
const CLOUD_SERVICES = ['168.63.129.16/32', '161.26.0.0/16', '166.8.0.0/14'].map(parseCidr);

function isGlobalUnicast(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false;
  if (address.kind() === 'ipv4') return !CLOUD_SERVICES.some((cidr) => contains(cidr, address));
  return contains(GLOBAL_IPV6, address) && !embedsIpv4(address as ipaddr.IPv6);
}

/** ISATAP interface ids hold an IPv4 address behind `0:5efe`, with two bits that may be set (RFC 5214, 6.1). */
function embedsIpv4(address: ipaddr.IPv6): boolean {
  const [, , , , high = 0, low = 0] = address.parts;
  return low === 0x5efe && (high & 0xfcff) === 0;
}
