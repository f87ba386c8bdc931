import { CONTEST_DAYS } from "@/lib/zones/contest";
import type { ContestView } from "@/lib/zones/queries-contest";

/** Who writes the zone, in a sentence. */
export function contestSentence({ writers }: Pick<ContestView, "writers">): string {
  return writers ? `Two servers write this zone: ${writers[0]} and ${writers[1]}.` : "Two servers write this zone.";
}

/** What comes of it. */
export const CONTEST_EFFECT =
  "The last one that wrote wins. What it replaced is a revision in the zone’s history, from which it can be restored.";

/** What to do about it, for whoever manages the servers. */
export const CONTEST_REMEDY =
  "Decide which server keeps the zone. On the other one, give its entry for this server the DNS role Synchronize (the newest copy wins) or Standalone (nothing is sent). If the zone is to be deleted there, choose Standalone first: a server that writes here deletes it here as well.";

/** When the mark goes. */
export const CONTEST_END = `The mark goes ${CONTEST_DAYS} days after two servers were last seen to write the zone, or when root removes it.`;
