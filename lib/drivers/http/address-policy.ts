import { type AddressSet, addressSet, plainAddress } from "@/lib/net/address-set";

/**
 * Which addresses a member may have. A member's hostname is chosen by whoever may add members, so a name must not be a way to make this server
 * talk to itself, to its link or to its cloud's metadata service. Private networks are normal in fleets and allowed.
 */
const REFUSED: readonly { readonly what: string; readonly networks: AddressSet }[] = [
  // Before link-local, which most of these lie in: the more telling word.
  {
    what: "a cloud metadata service",
    networks: addressSet(["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254"]),
  },
  { what: "a loopback address", networks: addressSet(["127.0.0.0/8", "::1"]) },
  { what: "an unspecified address", networks: addressSet(["0.0.0.0/8", "::"]) },
  { what: "a link-local address", networks: addressSet(["169.254.0.0/16", "fe80::/10"]) },
  { what: "a multicast address", networks: addressSet(["224.0.0.0/4", "ff00::/8"]) },
  { what: "a reserved address", networks: addressSet(["240.0.0.0/4", "::/96", "fec0::/10"]) },
];

/** IPv6 ranges that reach an IPv4 address inside of them: where its 32 bits begin, in 16-bit groups. */
const EMBEDDED: readonly { readonly networks: AddressSet; readonly group: number }[] = [
  { networks: addressSet(["64:ff9b::/96"]), group: 6 },
  { networks: addressSet(["2002::/16"]), group: 1 },
];

/** @returns what kind of address it is that members may not have, such as "a loopback address"; undefined when it is fine. */
export function refusedAddress(address: string, allowed: AddressSet): string | undefined {
  const plain = plainAddress(address);
  if (plain === undefined) return "not a numeric address";
  if (allowed.has(plain)) return undefined;
  const rule = REFUSED.find(({ networks }) => networks.has(plain));
  if (rule) return rule.what;
  const inner = EMBEDDED.find(({ networks }) => networks.has(plain));
  return inner ? refusedAddress(embeddedIpv4(plain, inner.group), allowed) : undefined;
}

function embeddedIpv4(address: string, group: number): string {
  const [head = "", tail = ""] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0"), ...right];
  const bytes = [group, group + 1].flatMap((index) => {
    const value = Number.parseInt(groups[index] ?? "0", 16);
    return [value >> 8, value & 255];
  });
  return bytes.join(".");
}
