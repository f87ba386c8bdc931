import { isIP } from "node:net";

/**
 * What people call a member: the name it was entered by, or what it calls itself where it was entered by a bare address.
 * @param remoteHostname what it said at the last contact; "" when it never did
 */
export function memberName(member: { readonly hostname: string; readonly remoteHostname: string }): string {
  return isIP(member.hostname) !== 0 && member.remoteHostname !== "" ? member.remoteHostname : member.hostname;
}
