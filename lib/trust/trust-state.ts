import { backendOf } from "@/lib/members/backends";
import { type MemberFacts, memberStatus } from "@/lib/members/member-status";

/**
 * The trust between this server and a member, as far as both ends tell:
 *
 *     this server ── our half: the token of theirs that we hold ──► member
 *     this server ◄── their half: the token of ours that it holds ── member
 */
export interface Trust {
  /** "whole", "one-way" (a half that is needed is missing), "broken" (a half stopped working), "unknown", or "not-required" where their half is missing and may be. */
  readonly state: "whole" | "one-way" | "broken" | "unknown" | "not-required";
  /** Two to four words. */
  readonly label: string;
  readonly ours: TrustHalf;
  readonly theirs: TrustHalf;
  /** Why their half is not needed; null when it is. */
  readonly notRequired: string | null;
  /** What mends it: a new token of theirs (a key, of a hosted service), or giving them a new one of ours. */
  readonly remedy: "enter-token" | "enter-key" | "set-up" | null;
  /** Whether this server can be set up on the member at all. */
  readonly canSetUp: boolean;
  /** When the member was last asked, epoch milliseconds. */
  readonly checkedAt: number | null;
}

export interface TrustHalf {
  readonly state: "works" | "broken" | "missing" | "unknown";
  /** One sentence. */
  readonly reason: string;
}

/** What is stored about it. */
export interface TrustFacts extends MemberFacts {
  readonly backend: string;
  readonly role: string;
  readonly kind: string;
  /** The token of ours that was made for the member: "none" when it was made by hand, if at all. */
  readonly token: "none" | "valid" | "expired" | "revoked";
  readonly there: string | null;
  readonly detail: string | null;
  readonly checkedAt: number | null;
}

export function trustState(facts: TrustFacts): Trust {
  const { hasReverseTrust: canSetUp = false, isService } = backendOf(facts.backend);
  const ours = ourHalf(facts, isService);
  const theirs = canSetUp ? theirHalf(facts) : { state: "missing" as const, reason: "It never calls this server." };
  const notRequired = whyNotRequired(facts, canSetUp);
  const state = wholeState(ours, theirs, notRequired !== null);
  const wantsSetUp = theirs.state === "broken" || (theirs.state === "missing" && notRequired === null);
  return {
    state,
    label: TRUST_LABELS[state],
    ours,
    theirs,
    notRequired,
    remedy:
      ours.state === "broken" ? (isService ? "enter-key" : "enter-token") : wantsSetUp && canSetUp ? "set-up" : null,
    canSetUp,
    checkedAt: facts.checkedAt,
  };
}

export const TRUST_LABELS: Readonly<Record<Trust["state"], string>> = {
  whole: "Trust both ways",
  "one-way": "One-way trust",
  broken: "Trust is broken",
  unknown: "Trust not confirmed",
  "not-required": "Reverse trust not required",
};

function wholeState(ours: TrustHalf, theirs: TrustHalf, isSpared: boolean): Trust["state"] {
  if (ours.state === "broken" || theirs.state === "broken") return "broken";
  if (theirs.state === "missing") return isSpared ? "not-required" : "one-way";
  return ours.state === "works" && theirs.state === "works" ? "whole" : "unknown";
}

function whyNotRequired({ role, kind }: TrustFacts, canSetUp: boolean): string | null {
  if (!canSetUp) return "Not required: servers of this type are only written to.";
  if (kind === "dns-only") return "Not required: it is a DNS-only server, which has no zones of its own to send.";
  if (role === "write-only") return "Not required: its DNS role is Write-only, so nothing is taken from it.";
  return null;
}

function ourHalf(facts: TrustFacts, isService: boolean): TrustHalf {
  const { state, reason } = memberStatus(facts, true, isService);
  if (state === "online" || state === "slowed")
    return { state: "works", reason: `It takes this server's calls: its API ${isService ? "key" : "token"} works.` };
  const isRefused = state !== "not-checked" && (facts.lastErrorKind === "auth" || facts.lastErrorKind === "tls");
  return { state: isRefused ? "broken" : "unknown", reason };
}

function theirHalf({ token, there, detail }: TrustFacts): TrustHalf {
  if (token === "revoked") return { state: "broken", reason: "The API token that was made for it here was revoked." };
  if (token === "expired") return { state: "broken", reason: "The API token that was made for it here has expired." };
  switch (there) {
    case "works":
      return { state: "works", reason: withDetail("It says that its calls to this server are answered.", detail) };
    case "unchecked":
      return {
        state: "works",
        reason: withDetail("It has this server in its DNS cluster. Whether its token works it does not say.", detail),
      };
    case "broken":
      return {
        state: "broken",
        reason: `It says that its calls to this server fail: ${detail ?? "it does not say why."}`,
      };
    case "missing":
      return { state: "missing", reason: withDetail("It does not have this server in its DNS cluster.", detail) };
    case "interrupted":
    case "silent":
      return { state: "unknown", reason: detail ?? "It could not be asked." };
    default:
      return { state: "unknown", reason: "It was not asked yet." };
  }
}

function withDetail(sentence: string, detail: string | null): string {
  return detail === null ? sentence : `${sentence} ${detail}`;
}
