import type { StatusKind } from "@/components/ui/status";
import type { ReceiptState, Receipts, TargetReceipt } from "@/lib/zones/receipts";

export const RECEIPT_LOOK: Record<ReceiptState, { kind: StatusKind; word: string }> = {
  pending: { kind: "waiting", word: "Pending" },
  accepted: { kind: "partial", word: "Accepted" },
  served: { kind: "ok", word: "Served" },
  unverified: { kind: "partial", word: "Accepted" },
  "set-aside": { kind: "warning", word: "Set aside" },
  paused: { kind: "paused", word: "Paused" },
  disabled: { kind: "error", word: "Disabled" },
  maintenance: { kind: "paused", word: "Paused" },
  superseded: { kind: "unknown", word: "Superseded" },
};

/** Milliseconds as people say them. */
export function latencyWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

const SETTLED: ReadonlySet<ReceiptState> = new Set([
  ...["served", "unverified", "paused", "superseded"],
  // Both end with news of the cluster, which the page hears of.
  ...["disabled", "maintenance"],
] as const);

/** Whether nothing more will happen to this receipt by itself soon. */
export function isSettled(receipt: TargetReceipt): boolean {
  return SETTLED.has(receipt.state);
}

/** Where the change is not on its way. */
const IDLE: ReadonlySet<ReceiptState> = new Set(["paused", "superseded", "disabled", "maintenance"]);

function heldWords(disabled: number, paused: number): string {
  return `${disabled > 0 ? `, ${disabled} disabled` : ""}${paused > 0 ? `, ${paused} paused` : ""}`;
}

/** The change in one sentence, such as "Served by all 3 nameservers in 41 ms". */
export function receiptSentence({ targets, isDeletion }: Receipts): string {
  if (targets.length === 0) return "No nameserver takes this zone yet. Look at the first page for what is missing.";
  const count = (...states: readonly ReceiptState[]) => targets.filter(({ state }) => states.includes(state)).length;
  const active = targets.filter(({ state }) => !IDLE.has(state));
  const held = heldWords(count("disabled"), count("maintenance"));
  if (active.length === 0)
    return held === "" ? "Nothing is sent while clustering is disabled." : `Nothing is sent: ${held.slice(2)}`;
  const provable = active.filter((target) => target.state !== "unverified");
  const taken = active.length - provable.length;
  const rest = taken === 0 ? "" : `accepted by ${taken} that cannot be verified over DNS`;
  if (provable.length === 0) return `A${rest.slice(1)}${held}`;
  const served = provable.filter((target) => target.state === "served");
  const verb = isDeletion ? "No longer answered" : "Served";
  const more = `${rest === "" ? "" : `, ${rest}`}${held}`;
  if (served.length < provable.length) return `${verb} by ${served.length} of ${provable.length} nameservers${more}`;
  // What was found there already, by a comparison, took no time that anybody knows.
  const times = served.flatMap(({ servedMs }) => servedMs ?? []);
  const who = provable.length === 1 ? "its nameserver" : `all ${provable.length} nameservers`;
  return `${verb} by ${who}${times.length === 0 ? "" : ` in ${latencyWords(Math.max(...times))}`}${more}`;
}

const WORRIES: ReadonlySet<ReceiptState> = new Set(["set-aside", "disabled"]);

/** The state of the whole change. */
export function receiptKind({ targets }: Receipts): StatusKind {
  if (
    targets.length === 0 ||
    targets.some(({ state, error }) => WORRIES.has(state) || (error !== null && state !== "maintenance"))
  )
    return "warning";
  if (targets.every(isSettled)) {
    const done = (state: ReceiptState) => targets.some((target) => target.state === state);
    return done("served") ? "ok" : done("unverified") ? "partial" : "paused";
  }
  return targets.some((target) => target.state === "accepted" || target.state === "served") ? "partial" : "waiting";
}
