import { type CopyStamp, compareCopies } from "@/lib/dns/newest";

/**
 * What a copy at a member is, when no zone here stands behind it:
 * - unknown: it never was here, and the member is a nameserver only, or got it from here once
 * - own: it never was here either, and the member may well have zones of its own: it is none of this server's business
 * - deleted: it was deleted here, and is still there
 * - newer: it was deleted here, but the copy there was changed after that
 * - answers: it was deleted here and there, and the member's nameserver still answers for it
 *
 * And what a zone here is, when nobody stands behind it any more:
 * - source-gone: it came from a member that does not have it any more
 * - account-gone: it belongs to an account that there is not
 */
export type OrphanKind = "unknown" | "own" | "deleted" | "newer" | "answers" | "source-gone" | "account-gone";

/** What this server knows of the zone's name, as far as the member's owner may know. */
export interface OrphanHere extends CopyStamp {
  readonly isDeleted: boolean;
}

/**
 * @param here null: it never was here
 * @param there undefined fields: the member does not say
 * @param member.wasSent the zone was sent there from here once
 * @returns null: the zone is here
 */
export function copyKind(
  here: OrphanHere | null,
  there: Partial<CopyStamp>,
  { isDnsOnly, wasSent }: { isDnsOnly: boolean; wasSent: boolean },
): Extract<OrphanKind, "unknown" | "own" | "deleted" | "newer"> | null {
  if (here && !here.isDeleted) return null;
  if (!isDnsOnly && !wasSent) return "own";
  if (!here) return "unknown";
  const { serial, digest, updatedAt = 0 } = there;
  const isNewer =
    serial !== undefined && digest !== undefined && compareCopies({ serial, digest, updatedAt }, here) === 1;
  return isNewer ? "newer" : "deleted";
}
