import net from "node:net";

/** A numeric address as the server sees it, without the IPv4-mapped form that a dual-stack socket reports. */
export function plainAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address.replace(/%.*$/, "");
}

/**
 * @param entries numeric addresses and CIDRs, IPv4 and IPv6.
 * @param variable the environment variable they were written in, for the error.
 * @throws Error that names the variable and the entry.
 */
export function parseNetworks(entries: readonly string[], variable: string): net.BlockList {
  const networks = new net.BlockList();
  for (const entry of entries) {
    const [address = "", prefix] = entry.split("/");
    const version = net.isIP(address);
    const bits = version === 4 ? 32 : 128;
    const length = prefix === undefined ? bits : Number(prefix);
    if (version === 0 || prefix === "" || !Number.isInteger(length) || length < 0 || length > bits)
      throw new Error(`${variable}: "${entry}" is neither an address nor a network such as 192.0.2.0/24.`);
    networks.addSubnet(address, length, version === 4 ? "ipv4" : "ipv6");
  }
  return networks;
}

/** Whether a numeric address lies in one of the networks; false for what is not an address. */
export function isWithin(networks: net.BlockList, address: string): boolean {
  const version = net.isIP(address);
  return version !== 0 && networks.check(address, version === 4 ? "ipv4" : "ipv6");
}
