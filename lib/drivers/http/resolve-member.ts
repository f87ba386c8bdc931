import { lookup } from "node:dns/promises";
import { addressSet, plainAddress } from "@/lib/net/address-set";
import { refusedAddress } from "./address-policy";
import { connectionError } from "./connection-problem";

/**
 * The numeric address that a member (or another server that a user named) is called at. Resolved once and then pinned: a name that later points elsewhere leads nowhere new.
 * @param hostname a hostname or a numeric address
 * @param allowedNetworks CIDRs that are fine although they are loopback, link-local and the like
 * @throws DriverError unreachable, "name-not-resolved" or "address-refused"
 */
export async function resolveMember(
  hostname: string,
  allowedNetworks: readonly string[],
  resolve: (hostname: string) => Promise<readonly string[]> = systemAddresses,
): Promise<string> {
  const allowed = addressSet(allowedNetworks);
  const numeric = plainAddress(hostname);
  const addresses = numeric === undefined ? await resolveName(hostname, resolve) : [numeric];
  const usable = addresses.find((address) => refusedAddress(address, allowed) === undefined);
  if (usable !== undefined) return plainAddress(usable) ?? usable;
  const first = addresses[0] ?? hostname;
  const where = numeric === undefined ? `${hostname} leads to ${first}, ` : `${first} is `;
  throw connectionError(
    "unreachable",
    hostname,
    "address check",
    `${where}${refusedAddress(first, allowed)}. Such an address is called only if ZONEFLEET_ALLOWED_MEMBER_NETWORKS names it.`,
    { code: "address-refused" },
  );
}

async function resolveName(
  hostname: string,
  resolve: (hostname: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    const addresses = await resolve(hostname);
    if (addresses.length > 0) return addresses;
    throw new Error("no addresses");
  } catch (cause) {
    const message = `The name ${hostname} does not resolve to an address. Check its spelling and this server's resolver.`;
    throw connectionError("unreachable", hostname, "name resolution", message, { code: "name-not-resolved" }, cause);
  }
}

/** What the system's resolver says. @throws whatever it fails with */
export async function systemAddresses(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}
