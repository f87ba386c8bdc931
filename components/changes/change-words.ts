import type { StatusKind } from "@/components/ui/status";
import type { ChangeState, ItemState } from "@/lib/change-sets/change-set";
import type { ChangeSetRow } from "@/lib/change-sets/queries";
import type { ChangedZone, Outlook } from "@/lib/change-sets/queries-zones";

const figure = new Intl.NumberFormat("en");

/** "1 zone", "2,000 zones". */
export const counted = (count: number, noun: string) => `${figure.format(count)} ${noun}${count === 1 ? "" : "s"}`;

type Titled = Pick<ChangeSetRow, "kind" | "replace"> & { readonly undoOf?: ChangeSetRow["undoOf"] };

const TITLES = {
  import: "Imported zone files",
  delete: "Deleted zones",
  move: "Moved zones to another account",
  sync: "Took zones in from the cluster",
  replace: "Replaced a value",
  undo: "Undid a change set",
} as const;

/** Longer texts are cut: the zones' differences have all of it. */
const SHOWN = 60;

/** Host names are shown without the final dot, as lists show zones. */
function shown(value: string): string {
  const text = value.startsWith('"') ? value : value.replace(/(?<=.)\.$/, "");
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1)}…` : text;
}

/** What was done, in a few words. */
export function changeTitle({ kind, replace, undoOf }: Titled): string {
  if (kind === "undo" && undoOf) return `Undid: ${changeTitle(undoOf)}`;
  if (!replace) return TITLES[kind];
  const { type, from, to, ttl } = replace;
  if (from === to) return `New TTL ${ttl} for ${type} ${shown(from)}`;
  return `${type} ${shown(from)} → ${shown(to)}${ttl === null ? "" : `, TTL ${ttl}`}`;
}

export const CHANGE_STATES: Readonly<Record<ChangeState, { kind: StatusKind; words: string }>> = {
  planning: { kind: "waiting", words: "Looking for zones" },
  ready: { kind: "waiting", words: "Not carried out yet" },
  running: { kind: "partial", words: "Under way" },
  done: { kind: "ok", words: "Done" },
  cancelled: { kind: "paused", words: "Cancelled" },
};

export const ITEM_WORDS: Readonly<Record<ItemState, { kind: StatusKind; words: string }>> = {
  planned: { kind: "waiting", words: "Planned" },
  "left-out": { kind: "paused", words: "Left out" },
  done: { kind: "ok", words: "Done" },
  unchanged: { kind: "partial", words: "Nothing to do" },
  failed: { kind: "error", words: "Not done" },
  cancelled: { kind: "paused", words: "Cancelled" },
};

export const DEED_WORDS: Readonly<Record<NonNullable<ChangedZone["deed"]>, string>> = {
  added: "The zone was added.",
  changed: "The zone was changed.",
  deleted: "The zone was deleted.",
  restored: "The zone was restored.",
  moved: "The zone was given to another account.",
};

/** What undoing would come to for one zone. */
export const OUTLOOK_WORDS: Readonly<Record<Outlook, { kind: StatusKind; words: string; sentence: string }>> = {
  plain: { kind: "ok", words: "Can be undone", sentence: "Nothing came after it." },
  "as-before": {
    kind: "partial",
    words: "As it was before",
    sentence: "Later edits brought the zone back to what it was before: there is nothing to undo.",
  },
  merge: {
    kind: "warning",
    words: "Edited since",
    sentence: "Later edits touched other records: undone by itself, the zone keeps them.",
  },
  overlap: {
    kind: "warning",
    words: "In the way",
    sentence: "Later edits touched the same records. Look at both, and decide.",
  },
  gone: { kind: "unknown", words: "Not kept", sentence: "What was there before is not kept any more." },
  "moved-since": {
    kind: "warning",
    words: "Moved again",
    sentence: "The zone was given to yet another account since.",
  },
  large: {
    kind: "unknown",
    words: "Edited since",
    sentence: "The zone has too many records to be compared here. Its history has every revision, and restores one.",
  },
};
