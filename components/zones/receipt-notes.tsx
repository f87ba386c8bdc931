import { ExactTime } from "@/components/ui/exact-time";
import { RelativeTime } from "@/components/ui/relative-time";
import type { TargetReceipt } from "@/lib/zones/receipts";

/** Why a change waits at a target, what its nameserver answers instead, what could not be held there. */
export function ReceiptNotes({ target }: { target: TargetReceipt }) {
  const lines = [target.error, target.detail, ...target.notes].filter((line) => line !== null && line !== "");
  if (lines.length === 0 && target.retryAt === null && target.held === null) return null;
  return (
    <div className="max-w-prose break-words font-normal text-muted text-xs">
      {target.held && (
        <p>
          {target.label} is {target.state === "disabled" ? "disabled" : "paused"} since{" "}
          <ExactTime at={target.held.since} />
          {target.held.until !== null && (
            <>
              {" "}
              until <ExactTime at={target.held.until} />
            </>
          )}
          .
        </p>
      )}
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {target.retryAt !== null && (
        <p>
          Tried again <RelativeTime at={target.retryAt} />.
        </p>
      )}
    </div>
  );
}
