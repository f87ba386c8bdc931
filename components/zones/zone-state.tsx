import { Status, type StatusKind } from "@/components/ui/status";
import type { ZoneState as State } from "@/lib/zones/queries-state";

const LOOK: Record<State, { kind: StatusKind; word: string; title: string }> = {
  served: { kind: "ok", word: "Served", title: "Every nameserver answered with this serial." },
  unverified: {
    kind: "partial",
    word: "Accepted",
    title:
      "Every target accepted it. Some of them do not say where their nameserver answers, or number zones themselves: DNS cannot tell that they serve this revision.",
  },
  pending: { kind: "waiting", word: "On its way", title: "Not every nameserver has answered with this serial yet." },
  attention: {
    kind: "warning",
    word: "Needs attention",
    title: "A target refused it, cannot be reached, or does not answer with this serial. Open the zone to see which.",
  },
};

/** How far a zone's current revision has come, as shape, words and figures. */
export function ZoneState({ state, served, targets }: { state: State; served: number; targets: number }) {
  const { kind, word, title } = LOOK[state];
  return (
    <Status kind={kind} title={title}>
      {word}
      {state !== "served" && targets > 1 && (
        <span className="text-muted">
          {" "}
          {served} of {targets}
        </span>
      )}
    </Status>
  );
}
