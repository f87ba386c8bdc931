import type { DriverErrorKind } from "@/lib/errors";
import type { ServedState } from "@/lib/sync/verification";

/**
 * What is to be said of one zone at one target. Three things are known of such a pair, each from its own source: what is desired (the zone's newest change), what the
 * target acknowledged, and what its nameserver was observed to answer over DNS. Where they differ there is one reason; of several the worst counts.
 */
export type PairState =
  | Cause
  /** The target acknowledged the newest change, and its nameserver answers with it. */
  | "in-sync"
  /** Acknowledged, and DNS cannot tell more: it numbers zones itself, or does not say where its nameserver answers. */
  | "unverified";

export type Cause = (typeof CAUSES)[number]["cause"];

/** `problem`: seen over DNS. `set-aside`: tried in vain. `waiting`: not sent. `checking`: sent, and not looked at yet. */
export type CauseGroup = "problem" | "set-aside" | "waiting" | "checking";

/** Every reason, the worst first. lib/proof/differing has the same order in SQL: what is observed, what failed, what waits, what is to be looked at. */
export const CAUSES = [
  /** Its nameserver says that there is no such zone. */
  { cause: "missing", group: "problem" },
  /** Its nameserver does not answer for the zone: refused, or without authority. */
  { cause: "lame", group: "problem" },
  /** The acknowledged serial with other records. */
  { cause: "content", group: "problem" },
  { cause: "newer-serial", group: "problem" },
  { cause: "old-serial", group: "problem" },
  /** It still answers for a zone that was deleted, or is not to be there. */
  { cause: "extra", group: "problem" },
  /** No answer over DNS. */
  { cause: "unreachable", group: "problem" },
  /** The target said no to this change. */
  { cause: "refused", group: "set-aside" },
  /** The target failed with this change; it is tried again by itself. */
  { cause: "set-aside", group: "set-aside" },
  /** Acknowledged, and asked for several times without finding it served. */
  { cause: "not-served", group: "problem" },
  { cause: "disabled", group: "waiting" },
  { cause: "paused", group: "waiting" },
  { cause: "clustering-disabled", group: "waiting" },
  { cause: "not-sent", group: "waiting" },
  { cause: "not-checked", group: "checking" },
] as const satisfies readonly { cause: string; group: CauseGroup }[];

/** What a sweep notes in ZoneTarget.problem. */
export const PROBLEMS = ["missing", "lame", "content", "newer-serial", "old-serial", "extra", "unreachable"] as const;
export type Problem = (typeof PROBLEMS)[number];

/** Failures with which a target says no to a zone, rather than failing with it. */
export const REFUSALS = ["rejected", "unsupported"] as const satisfies readonly DriverErrorKind[];

/** Looks over DNS without finding a change served before it is no longer taken to be on its way: about five seconds (lib/sync/verification). */
export const PATIENCE = 8;

/** Why no command goes to a target. */
export type Hold = "disabled" | "paused" | "clustering-disabled";

/** What is stored of one pair. Instants are epoch milliseconds. */
export interface PairFacts {
  readonly desired: {
    readonly seq: number;
    readonly serial: number;
    readonly at: number;
    /** No answer is what is wanted: the zone was deleted, or does not belong there (any more). */
    readonly isGone: boolean;
  };
  /** null: nothing was ever sent there. */
  readonly acknowledged: {
    /** 0: sent or void, and not acknowledged (again) yet. */
    readonly seq: number;
    readonly serial: number | null;
    readonly at: number | null;
    /** A deletion was acknowledged. */
    readonly isGone: boolean;
  } | null;
  /** null: its nameserver was never asked. */
  readonly observed: {
    readonly state: ServedState;
    readonly serial: number | null;
    readonly detail: string | null;
    readonly at: number;
  } | null;
  readonly content: { readonly state: "same" | "differs" | "unknown"; readonly at: number } | null;
  readonly problem: Problem | null;
  readonly problemSince: number | null;
  /** Looks over DNS at what was acknowledged so far; null: no look is owed. */
  readonly looks: number | null;
  readonly failure: {
    readonly kind: DriverErrorKind;
    readonly words: string | null;
    readonly attempts: number;
    readonly retryAt: number;
  } | null;
  readonly target: TargetFacts;
}

export interface TargetFacts {
  readonly hold: Hold | null;
  /** Why it is disabled, in the words of its last failure. */
  readonly holdWords: string | null;
  /** When a pause ends by itself. */
  readonly holdUntil: number | null;
  /** DNS can tell which revision it serves: it serves our serials, and says where its nameserver answers. */
  readonly isVerifiable: boolean;
  /** The target as a whole failed the last time, and is called again then. */
  readonly failure: { readonly words: string; readonly retryAt: number } | null;
}

export interface Reason {
  readonly state: PairState;
  /** Since when it is so, as far as that is known. */
  readonly since: number | null;
  /** What the member or its nameserver said, in their words. */
  readonly words: string | null;
  /** When it is tried again, or goes on, by itself. */
  readonly nextAt: number | null;
}

export function reasonOf(pair: PairFacts): Reason {
  return observedProblem(pair) ?? failedChange(pair) ?? waitingChange(pair) ?? owedLook(pair) ?? settled(pair);
}

function observedProblem({ problem, problemSince, observed }: PairFacts): Reason | null {
  return problem && { state: problem, since: problemSince, words: observed?.detail ?? null, nextAt: null };
}

function failedChange({ failure, desired }: PairFacts): Reason | null {
  if (!failure) return null;
  const isRefused = (REFUSALS as readonly string[]).includes(failure.kind);
  const state = isRefused ? "refused" : "set-aside";
  return { state, since: desired.at, words: failure.words, nextAt: failure.retryAt };
}

function waitingChange({ desired, acknowledged, target }: PairFacts): Reason | null {
  const isThere = acknowledged !== null && acknowledged.seq >= desired.seq;
  // What is not wanted there and was never sent there needs no sending.
  if (isThere || (desired.isGone && acknowledged === null)) return null;
  const since = desired.at;
  if (target.hold !== null)
    return {
      state: target.hold,
      since,
      words: target.holdWords,
      nextAt: target.hold === "paused" ? target.holdUntil : null,
    };
  const { failure } = target;
  return { state: "not-sent", since, words: failure?.words ?? null, nextAt: failure?.retryAt ?? null };
}

function owedLook({ looks, acknowledged, observed, target }: PairFacts): Reason | null {
  if (looks === null || !target.isVerifiable) return null;
  const since = acknowledged?.at ?? null;
  if (looks < PATIENCE) return { state: "not-checked", since, words: null, nextAt: null };
  return { state: "not-served", since, words: observed?.detail ?? null, nextAt: null };
}

function settled({ desired, observed, target }: PairFacts): Reason {
  const isSeen = observed?.state === "served" || (desired.isGone && target.isVerifiable);
  return { state: isSeen ? "in-sync" : "unverified", since: null, words: null, nextAt: null };
}

/** What states of a member are called before those whose member it is not: how it is, is not theirs to see. Their change waits, or was set aside. */
const OUTSIDE: Partial<Record<PairState, Cause>> = { refused: "set-aside", disabled: "not-sent", paused: "not-sent" };

/** A reason without words and times that are another account's affair. */
export function outsideReason({ state, since, nextAt }: Reason): Reason {
  const shown = OUTSIDE[state] ?? state;
  return { state: shown, since, words: null, nextAt: shown === "set-aside" ? nextAt : null };
}
