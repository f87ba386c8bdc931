import { BlockList, isIP } from "node:net";

/** Numeric addresses and networks that can be asked for membership. */
export interface AddressSet {
  /** Whether `address` (numeric, IPv4 or IPv6; an IPv4-mapped one counts as IPv4) lies in one of the networks. False for anything else. */
  has(address: string): boolean;
}

/**
 * A numeric address in the form that is compared: without brackets and zone index, `::ffff:192.0.2.1` as `192.0.2.1`.
 * @returns undefined when it is no address
 */
export function plainAddress(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/%.*$/, "");
  const family = isIP(bare);
  if (family === 0) return undefined;
  if (family === 4) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short);
  if (!mapped) return short;
  const bits = Number.parseInt(mapped[1] ?? "0", 16) * 65_536 + Number.parseInt(mapped[2] ?? "0", 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** @returns what is wrong with `text` as an address or CIDR; undefined when it is one. */
export function networkProblem(text: string): string | undefined {
  return parseNetwork(text)
    ? undefined
    : `“${text.slice(0, 60)}” is not an IP address or network such as 192.0.2.0/24.`;
}

function parseNetwork(text: string): { address: string; prefix: number; family: "ipv4" | "ipv6" } | undefined {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim());
  const address = match?.[1] === undefined ? undefined : plainAddress(match[1]);
  if (address === undefined) return undefined;
  const bits = isIP(address) === 4 ? 32 : 128;
  // ::ffff:192.0.2.0/120 is the IPv4 network 192.0.2.0/24.
  const wasMapped = bits === 32 && match?.[1]?.includes(":");
  const prefix = match?.[2] === undefined ? bits : Number(match[2]) - (wasMapped ? 96 : 0);
  return prefix >= 0 && prefix <= bits ? { address, prefix, family: bits === 32 ? "ipv4" : "ipv6" } : undefined;
}

/** Whether every address of `network` lies in one of `networks`. All are addresses or CIDRs; two networks that only together cover it do not count. */
export function isWithin(network: string, networks: readonly string[]): boolean {
  const inner = parseNetwork(network);
  if (!inner) return false;
  return networks.some((text) => {
    const outer = parseNetwork(text);
    if (outer?.family !== inner.family || inner.prefix < outer.prefix) return false;
    return addressSet([text]).has(inner.address);
  });
}

/**
 * @param networks addresses and CIDRs, IPv4 and IPv6
 * @throws RangeError naming the first entry that is neither
 */
export function addressSet(networks: readonly string[]): AddressSet {
  const list = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (!network) throw new RangeError(networkProblem(text));
    list.addSubnet(network.address, network.prefix, network.family);
  }
  return {
    has(text) {
      const address = plainAddress(text);
      return address !== undefined && list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
    },
  };
}

const loopback = addressSet(["127.0.0.0/8", "::1"]);

/** Whether a numeric address is one that only this machine itself comes from. */
export function isLoopback(address: string): boolean {
  return loopback.has(address);
}
