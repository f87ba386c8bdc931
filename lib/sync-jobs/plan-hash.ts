import { createHash } from "node:crypto";
import type { ZoneDiff } from "@/lib/dns/diff";
import type { SyncItem } from "./job";

type Bound = Pick<SyncItem, "zone" | "memberId" | "action" | "kind" | "there" | "wanted" | "hereSeq">;

/** What of a step is looked at and agreed to. */
export const bound = ({ zone, memberId, action, kind, there, wanted, hereSeq }: Bound) => [
  ...[zone, memberId, action, kind, hereSeq],
  ...[there, wanted].map((copy) => copy && [copy.serial, copy.digest]),
];

/** Of a plan that is made in one go; a large one is hashed as it comes. */
export function planHash(items: readonly Bound[]): string {
  const hash = createHash("sha256");
  for (const item of items) hash.update(JSON.stringify(bound(item)));
  return hash.digest("hex");
}

/** Names and types that a difference may have to be kept and shown. */
const SHOWN_RRSETS = 300;

/** A difference as it is kept with a step; null: it is too large to be shown. */
export function shownDiff(diff: ZoneDiff | null): ZoneDiff | null {
  return diff && diff.rrsets.length <= SHOWN_RRSETS ? diff : null;
}
