import { RelativeTime } from "@/components/ui/relative-time";
import { Status, type StatusKind } from "@/components/ui/status";
import type { DeliveryView } from "@/lib/notifications/queries";

const STATES: Readonly<Record<DeliveryView["state"], { kind: StatusKind; word: string }>> = {
  waiting: { kind: "waiting", word: "Waiting" },
  sent: { kind: "ok", word: "Sent" },
  failed: { kind: "error", word: "Failed" },
  kept: { kind: "paused", word: "Kept, not sent" },
};

/** How far a notice has come to one recipient, and why no further. */
export function DeliveryState({ delivery }: { delivery: DeliveryView }) {
  const { state, attempts, sentAt, recipient, channel } = delivery;
  const isRetried = state === "waiting" && attempts > 0;
  const { kind, word } = isRetried ? { kind: "warning" as const, word: "Tried again later" } : STATES[state];
  return (
    <div>
      <Status kind={kind}>{word}</Status>{" "}
      <span className="text-muted text-xs [overflow-wrap:anywhere]">
        {channel === "webhook" ? `webhook ${recipient}` : recipient === "" ? "no address" : recipient}
        {sentAt !== null && (
          <>
            , <RelativeTime at={sentAt} />
          </>
        )}
        {attempts > 1 && `, ${attempts} tries`}
      </span>
    </div>
  );
}
