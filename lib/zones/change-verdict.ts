import type { Receipts, TargetReceipt } from "./receipts";

/**
 * What somebody who made a change waits for:
 * - `acknowledged`: every nameserver took it.
 * - `quorum`: more than half of them serve it, the local one among them.
 * - `all`: every one serves it.
 *
 * One that DNS cannot tell of counts as serving when it took the change. One that serves a newer change of the zone, or took one, counts for this one: it will never serve this
 * one again.
 */
export const GOALS = ["acknowledged", "quorum", "all"] as const;
export type Goal = (typeof GOALS)[number];

export interface TargetVerdict extends TargetReceipt {
  /** Whether it is where the goal wants it. */
  readonly isReached: boolean;
  /** Why not; or on what ground, where that is not its own answer with this change. Empty: nothing to say. */
  readonly reason: string;
}

export interface Verdict {
  readonly isReached: boolean;
  readonly goal: Goal;
  readonly targets: readonly TargetVerdict[];
}

/** Whether a change is where `goal` wants it. A zone that no nameserver is to have is nowhere. */
export function judgeChange({ targets }: Pick<Receipts, "targets">, goal: Goal): Verdict {
  const judged = targets.map((target) => ({ ...target, ...judgeTarget(target, goal) }));
  const reached = judged.filter(({ isReached }) => isReached);
  const isLocalReached = judged.every(({ kind, isReached }) => kind !== "local" || isReached);
  const isEnough =
    goal === "quorum" ? isLocalReached && reached.length * 2 > judged.length : reached.length === judged.length;
  return { isReached: judged.length > 0 && isEnough, goal, targets: judged };
}

function judgeTarget(target: TargetReceipt, goal: Goal): Pick<TargetVerdict, "isReached" | "reason"> {
  const { state, isProvable, newerServed } = target;
  const isTaken = state === "accepted" || state === "served" || state === "unverified" || state === "superseded";
  if (state === "served") return { isReached: true, reason: "" };
  if (!isTaken) return { isReached: false, reason: waitingReason(target) };
  if (newerServed !== null)
    return { isReached: true, reason: `It serves change ${newerServed}, a newer one of the zone.` };
  if (goal === "acknowledged")
    return { isReached: true, reason: state === "superseded" ? "It took a newer change of the zone." : "" };
  if (!isProvable) return { isReached: true, reason: "It took the change. DNS cannot tell whether it serves it." };
  const took = state === "superseded" ? "It took a newer change of the zone" : "It took the change";
  return { isReached: false, reason: `${took}, and was not seen serving it yet. ${target.detail ?? ""}`.trim() };
}

function waitingReason({ state, error }: TargetReceipt): string {
  if (state === "paused") return "DNS clustering is disabled: nothing is sent to it.";
  return error ?? "It was not sent there yet.";
}
