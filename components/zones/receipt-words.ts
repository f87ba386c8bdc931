import type { StatusKind } from "@/components/ui/status";
import type { ReceiptState, Receipts, TargetReceipt } from "@/lib/zones/receipts";

export const RECEIPT_LOOK: Record<ReceiptState, { kind: StatusKind; word: string }> = {
  pending: { kind: "waiting", word: "Pending" },
  accepted: { kind: "partial", word: "Accepted" },
  served: { kind: "ok", word: "Served" },
  "set-aside": { kind: "warning", word: "Set aside" },
  paused: { kind: "paused", word: "Paused" },
  superseded: { kind: "unknown", word: "Superseded" },
};

/** Milliseconds as people say them. */
export function latencyWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** Whether nothing more will happen to this receipt by itself soon. */
export function isSettled(receipt: TargetReceipt): boolean {
  return receipt.state === "served" || receipt.state === "paused" || receipt.state === "superseded";
}

/** The change in one sentence, such as "Served by all 3 nameservers in 41 ms". */
export function receiptSentence({ targets, isDeletion }: Receipts): string {
  if (targets.length === 0) return "No nameserver takes this zone yet. Look at the first page for what is missing.";
  const active = targets.filter((target) => target.state !== "paused" && target.state !== "superseded");
  const served = active.filter((target) => target.state === "served");
  if (active.length === 0) return "Nothing is sent while clustering is disabled.";
  const verb = isDeletion ? "No longer answered" : "Served";
  if (served.length < active.length) return `${verb} by ${served.length} of ${active.length} nameservers`;
  const slowest = Math.max(...served.map((target) => target.servedMs ?? 0));
  const who = active.length === 1 ? "its nameserver" : `all ${active.length} nameservers`;
  return `${verb} by ${who} in ${latencyWords(slowest)}`;
}

/** The state of the whole change. */
export function receiptKind({ targets }: Receipts): StatusKind {
  if (targets.length === 0 || targets.some((target) => target.state === "set-aside" || target.error !== null))
    return "warning";
  if (targets.every(isSettled)) return targets.some((target) => target.state === "served") ? "ok" : "paused";
  return targets.some((target) => target.state === "accepted" || target.state === "served") ? "partial" : "waiting";
}
