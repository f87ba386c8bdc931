import { Status } from "@/components/ui/status";
import type { TargetReceipt } from "@/lib/zones/receipts";
import { ReceiptNotes } from "./receipt-notes";
import { latencyWords, RECEIPT_LOOK } from "./receipt-words";

/** Targets shown one by one; of a large fleet those that need a look come first. */
const SHOWN = 12;

/** A change at each target in a line: how far, and how fast. */
export function ReceiptChips({ targets }: { targets: readonly TargetReceipt[] }) {
  const sorted = targets.length > SHOWN ? [...targets].sort((a, b) => urgency(b) - urgency(a)) : targets;
  const more = targets.length - SHOWN;
  return (
    <ul aria-label="Receipts" className="flex flex-wrap gap-x-6 gap-y-1.5 border-line border-t px-3 py-2">
      {sorted.slice(0, SHOWN).map((target) => (
        <li key={target.targetId} className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2">
            <bdi className="break-all font-medium">{target.label}</bdi>
            <Status kind={target.error && target.state === "pending" ? "warning" : RECEIPT_LOOK[target.state].kind}>
              {RECEIPT_LOOK[target.state].word}
            </Status>
            <Latencies target={target} />
          </p>
          <ReceiptNotes target={target} />
        </li>
      ))}
      {more > 0 && <li className="text-muted">and {more} more</li>}
    </ul>
  );
}

function Latencies({ target }: { target: TargetReceipt }) {
  if (target.acceptedMs === null) return null;
  return (
    <span className="text-muted text-xs">
      accepted {latencyWords(target.acceptedMs)}
      {target.servedMs !== null && `, served ${latencyWords(target.servedMs)}`}
    </span>
  );
}

const ORDER: Record<TargetReceipt["state"], number> = {
  "set-aside": 5,
  disabled: 5,
  pending: 4,
  accepted: 3,
  unverified: 1,
  paused: 2,
  maintenance: 2,
  superseded: 1,
  served: 0,
};
const urgency = (target: TargetReceipt) => ORDER[target.state] + (target.error === null ? 0 : 2);
