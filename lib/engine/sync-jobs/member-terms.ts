import { backendOf } from "@/lib/members/backends";
import { dnsRoleAt } from "@/lib/members/dns-role";
import type { MemberReach } from "@/lib/members/reach";
import { reaches } from "@/lib/sync/reach";

/** What a plan may do with one member, for a zone of a given owner. */
export interface MemberTerms {
  /** Newer copies of it are taken from there. */
  receives(ownerId: number): boolean;
  /** It is sent there. */
  sends(ownerId: number): boolean;
}

/** @param reach undefined: the member is gone, and nothing may be done with it */
export function memberTerms(member: { backend: string; role: string }, reach: MemberReach | undefined): MemberTerms {
  const role = dnsRoleAt(backendOf(member.backend), member.role);
  return {
    receives: (ownerId) => role.receives && reach?.receives === true && reaches(reach.accepts, ownerId),
    sends: (ownerId) => role.sends && reach !== undefined && reaches(reach.reach, ownerId),
  };
}
