import type { MemberView } from "@/lib/members/member-view";

/** A member's address as people write it: with the port where it is not the usual one. */
export function addressOf({ address, port }: Pick<MemberView, "address" | "port">): string {
  if (port === 2087) return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
