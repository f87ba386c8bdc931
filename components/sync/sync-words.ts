import type { StatusKind } from "@/components/ui/status";
import type { PlanMark } from "@/lib/sync/plan-marks";
import type { ItemState } from "@/lib/sync-jobs/job";
import type { ItemView, JobView } from "@/lib/sync-jobs/queries";
import type { JobChoice, SyncChoice } from "@/lib/sync-jobs/schemas";

const figure = new Intl.NumberFormat("en");

/** "1 zone", "2,000 zones". */
export const counted = (count: number, noun: string) => `${figure.format(count)} ${noun}${count === 1 ? "" : "s"}`;

/** "This server only" says whose copies are repaired; a copy that is taken is a change like any other. */
const PASSED_ON =
  "Other servers are not repaired. But what is taken is a change here: it goes on by itself to every server that zones are sent to.";

/** WHM's four choices. */
export const CHOICE_WORDS: Readonly<Record<SyncChoice, { label: string; help: string }>> = {
  "one-here": {
    label: "Synchronize one zone to this server only",
    help: `This server takes the newest copy of the zone that a server in the cluster holds. ${PASSED_ON}`,
  },
  "all-here": {
    label: "Synchronize all zones to this server only",
    help: `This server takes every copy that is newer than its own. ${PASSED_ON}`,
  },
  "one-everywhere": {
    label: "Synchronize one zone to all servers",
    help: "The newest copy of the zone goes to this server, and to every server that zones are sent to.",
  },
  "all-everywhere": {
    label: "Synchronize all zones to all servers",
    help: "The newest copy of every zone goes to this server, and to every server that zones are sent to.",
  },
};

/** What a job is about: WHM's choices, and what else there is. */
export const JOB_WORDS: Readonly<Record<JobChoice, string>> = {
  "one-here": CHOICE_WORDS["one-here"].label,
  "all-here": CHOICE_WORDS["all-here"].label,
  "one-everywhere": CHOICE_WORDS["one-everywhere"].label,
  "all-everywhere": CHOICE_WORDS["all-everywhere"].label,
  repair: "Repair what differs",
  "remove-orphans": "Remove zones that nobody owns",
  "adopt-orphans": "Take in zones that nobody owned",
  "held-copies": "Newer copies that would do harm",
};

interface StateWords {
  readonly kind: StatusKind;
  readonly words: string;
}

export const ITEM_STATES: Readonly<Record<ItemState, StateWords>> = {
  planned: { kind: "waiting", words: "Planned" },
  "left-out": { kind: "paused", words: "Left out" },
  sent: { kind: "partial", words: "On its way" },
  done: { kind: "ok", words: "Done" },
  changed: { kind: "warning", words: "Changed meanwhile" },
  failed: { kind: "error", words: "Failed" },
  cancelled: { kind: "paused", words: "Cancelled" },
};

/** How a job stands. */
export function jobState({
  state,
  total,
  counts,
  waits,
  approval = null,
}: Pick<JobView, "state" | "total" | "counts" | "waits"> & Partial<Pick<JobView, "approval">>): StateWords {
  const trouble = counts.failed + counts.changed;
  switch (state) {
    case "planning":
      return { kind: "partial", words: "Comparing" };
    case "ready":
      return approval === "waiting"
        ? { kind: "warning", words: "Waits for approval" }
        : { kind: "waiting", words: approval === "approved" ? "Approved" : "Waits for you" };
    case "applying":
      return { kind: "partial", words: "Running" };
    case "paused":
      return { kind: "paused", words: "Paused" };
    case "cancelled":
      return { kind: "paused", words: approval === null ? "Cancelled" : END_WORDS[approval] };
    case "failed":
      return { kind: "error", words: "Failed" };
    case "done":
      if (total === 0) return { kind: "ok", words: "Nothing to do" };
      if (counts.sent > 0) return { kind: "waiting", words: `Done, ${waitingSteps(counts.sent, waits)}` };
      return trouble === 0 ? { kind: "ok", words: "Done" } : { kind: "warning", words: "Done, not everywhere" };
  }
}

const END_WORDS = { waiting: "Cancelled", approved: "Cancelled", rejected: "Rejected", expired: "Not decided in time" };

/** "3 steps wait for ns2.example.com". */
function waitingSteps(steps: number, waits: JobView["waits"]): string {
  const verb = steps === 1 ? "waits" : "wait";
  const [first] = waits;
  if (!first) return `${counted(steps, "step")} ${verb}`;
  return `${counted(steps, "step")} ${verb} for ${waits.length === 1 ? first.name : counted(waits.length, "server")}`;
}

/** Why a step needs a yes of its own. */
export const MARK_WORDS: Readonly<Record<PlanMark, string>> = {
  "large-change": "It deletes or changes more than 30 % of the zone.",
  "apex-ns": "It changes the NS records of the zone itself.",
  "overwrites-newer": "The server’s copy is newer; as a Write-only server it is overwritten all the same.",
  "few-zones": "The server suddenly holds far fewer zones than before.",
  "many-removals": "The plan takes many zones away at once.",
  "own-zone": "It never came from here: it may be a zone of that server, or of another one that writes there.",
};

type Step = Pick<ItemView, "action" | "kind" | "memberName" | "records" | "there" | "wanted" | "diff" | "message">;

/** What a step does, in a sentence. */
export function stepSentence(step: Step, { isOrphan = false } = {}): string {
  const { action, kind, memberName, records, message, there } = step;
  const serials = serialWords(step);
  if (action === "none") return `Nothing can be done with ${memberName}. ${message ?? ""}`.trim();
  if (action === "take" && kind === "remove")
    return `The zone goes to the recycle bin, as ${memberName}, where it came from, does not have it any more: ${counted(records, "record")}.`;
  if (action === "take")
    return kind === "add"
      ? `This server takes the zone from ${memberName}: ${counted(records, "record")}.`
      : `This server takes the newer copy of ${memberName}${serials}.`;
  if (kind === "again")
    return step.wanted === null
      ? `${memberName} is told once more that the zone is deleted: its nameserver still answers for it.`
      : `${memberName} gets the zone once more, serial ${step.wanted.serial}: its nameserver does otherwise than the server says.`;
  if (kind === "remove" && isOrphan)
    return `The copy with serial ${there?.serial} is removed from ${memberName}: ${counted(records, "record")}. Only this very copy goes.`;
  if (kind === "remove") return `The zone is removed from ${memberName}, as it was deleted on this server.`;
  return kind === "add"
    ? `${memberName} gets the zone, which it does not hold: ${counted(records, "record")}.`
    : `${memberName} gets the newest copy in place of its own${serials}.`;
}

function serialWords({ diff, there, wanted, action }: Step): string {
  const before = diff?.serial?.before ?? (action === "send" ? there?.serial : undefined);
  if (!wanted) return "";
  return before === undefined || before === wanted.serial
    ? `, serial ${wanted.serial}`
    : `, serial ${before} → ${wanted.serial}`;
}
