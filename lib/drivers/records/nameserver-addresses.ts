import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { DnsAddress } from "@/lib/wire/dns-address";

/**
 * Where nameservers answer.
 * @param nameservers hostnames or numeric addresses, with `@PORT` where it is not 53
 * @returns every address of those that resolve: one that does not is asked by nobody at the moment, and says nothing against the others
 */
export async function nameserverAddresses(nameservers: readonly string[]): Promise<DnsAddress[]> {
  const found = await Promise.allSettled(nameservers.map(addressesOf));
  return found.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
}

async function addressesOf(nameserver: string): Promise<DnsAddress[]> {
  const [, host = nameserver, digits = "53"] = /^(.*)@(\d{1,5})$/.exec(nameserver) ?? [];
  const port = Number(digits);
  if (isIP(host) !== 0) return [{ address: host, port }];
  return (await lookup(host, { all: true, family: 4 })).map(({ address }) => ({ address, port }));
}
