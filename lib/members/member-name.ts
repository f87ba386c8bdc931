import { isIP } from "node:net";
import { backendOf } from "./backends";

/** What a member's name is made of. */
export interface NamedMember {
  readonly backend: string;
  readonly username: string;
  readonly hostname: string;
  /** What it called itself at the last contact; "" when it never did. */
  readonly remoteHostname: string;
}

/** The columns that a name needs, for a query that reads no others. */
export const NAME_COLUMNS = { backend: true, username: true, hostname: true, remoteHostname: true } as const;

/**
 * What people call a member: the name it was entered by, or what it calls itself where it was entered by a bare address. A hosted service is called by its account there,
 * as in "SoftLayer (SL100001)": nobody entered a host.
 */
export function memberName({ backend, username, hostname, remoteHostname }: NamedMember): string {
  const { isService, shortLabel } = backendOf(backend);
  if (isService) return `${shortLabel} (${username})`;
  return isIP(hostname) !== 0 && remoteHostname !== "" ? remoteHostname : hostname;
}
