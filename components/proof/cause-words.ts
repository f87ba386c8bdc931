import type { StatusKind } from "@/components/ui/status";
import type { PairView } from "@/lib/proof/pairs";
import type { Cause, PairState } from "@/lib/proof/reason";

/** Each state of a zone at a nameserver as shape and word. */
export const STATE_LOOK: Readonly<Record<PairState, { kind: StatusKind; word: string }>> = {
  missing: { kind: "error", word: "Missing" },
  lame: { kind: "error", word: "Lame" },
  content: { kind: "error", word: "Other content" },
  "newer-serial": { kind: "warning", word: "Newer serial" },
  "old-serial": { kind: "warning", word: "Old serial" },
  extra: { kind: "warning", word: "Extra" },
  unreachable: { kind: "error", word: "DNS unreachable" },
  refused: { kind: "error", word: "Refused" },
  "set-aside": { kind: "warning", word: "Set aside" },
  "not-served": { kind: "warning", word: "Not served" },
  disabled: { kind: "error", word: "Member disabled" },
  paused: { kind: "paused", word: "Member paused" },
  "clustering-disabled": { kind: "paused", word: "Clustering disabled" },
  "not-sent": { kind: "waiting", word: "Not yet sent" },
  "not-checked": { kind: "waiting", word: "Not checked yet" },
  "in-sync": { kind: "ok", word: "In sync" },
  unverified: { kind: "partial", word: "Accepted" },
};

/** What a cause means, over the zones that have it. */
export const CAUSE_MEANING: Readonly<Record<Cause, string>> = {
  missing: "The nameserver says that there is no such zone.",
  lame: "The nameserver does not answer for the zone: it refuses, or answers without authority.",
  content: "The nameserver answers with the right serial and with other records.",
  "newer-serial": "The nameserver answers with a newer serial than it was sent: somebody else writes there.",
  "old-serial": "The server took the change, and its nameserver still answers with an older serial.",
  extra: "The nameserver answers for a zone that was deleted, or does not belong there.",
  unreachable: "The nameserver did not answer when it was asked over DNS.",
  refused: "The server said no to the change. It is tried again by itself, in vain as long as nothing changes.",
  "set-aside": "The server failed with the change. It is tried again by itself, and holds up no other zone.",
  "not-served": "The server took the change, and its nameserver was not seen to answer with it.",
  disabled: "The changes are sent when the member is enabled.",
  paused: "The changes are sent when the pause ends.",
  "clustering-disabled": "Nothing is sent to members while DNS clustering is disabled.",
  "not-sent": "The changes are on their way.",
  "not-checked": "The server took the change a moment ago, and DNS was not seen to show it yet.",
};

type Told = Pick<PairView, "reason" | "desired" | "acknowledged" | "observed">;

const serialOf = (known: { serial: number | null } | null) => known?.serial ?? null;

/** The reason of one zone at one nameserver in a sentence. */
export function reasonSentence({ reason, desired, acknowledged, observed }: Told): string {
  const [seen, taken] = [serialOf(observed), serialOf(acknowledged)];
  switch (reason.state) {
    case "in-sync":
      return desired.isGone ? "It does not answer for the zone, as it is wanted." : "It serves what is here.";
    case "unverified":
      return "It took the change. DNS cannot tell whether it serves this revision.";
    case "old-serial":
      return seen === null || taken === null
        ? "It still answers with an older serial."
        : `It took serial ${taken} and still answers with ${seen}.`;
    case "newer-serial":
      return seen === null || taken === null
        ? "It answers with a newer serial."
        : `It was sent serial ${taken} and answers with ${seen}, which is newer.`;
    case "missing":
      return "Its nameserver says that there is no such zone.";
    case "lame":
      return "Its nameserver does not answer for the zone.";
    case "content":
      return "It answers with the right serial and with other records.";
    case "extra":
      return "It answers for the zone, which is not to be there.";
    case "unreachable":
      return "Its nameserver did not answer over DNS.";
    case "refused":
      return "It said no to the change.";
    case "set-aside":
      return "It failed with the change, which is tried again by itself.";
    case "not-served":
      return "It took the change, and was not seen to answer with it.";
    case "disabled":
      return "The member is disabled. The change is sent when it is enabled.";
    case "paused":
      return "The member is paused. The change is sent when the pause ends.";
    case "clustering-disabled":
      return "DNS clustering is disabled: nothing is sent there.";
    case "not-sent":
      return acknowledged === null || acknowledged.seq === 0
        ? "The zone was not sent there yet."
        : "The newest change was not sent there yet.";
    case "not-checked":
      return "It took the change a moment ago. DNS was not seen to show it yet.";
  }
}
