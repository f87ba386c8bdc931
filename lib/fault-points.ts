import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** Commits of what is sent to targets, looked up there and taken in from them. As long in the killing as those below. */
export const ZONE_STEPS = [
  // A target's work.
  "first-sending",
  "record",
  "record-failure",
  "verified",
  "reopen",
  "begin-compare",
  "matches",
  "end-compare",
  "ask-compare",
  "local-target",
  "nameserver-lost",
  "nameserver-runs",
  // What is looked up there.
  "proof.round",
  "proof.addresses",
  "proof.slice",
  "proof.unreachable",
  "proof.content-round",
  "proof.content",
  "proof.put-off",
  // Zones: written here, taken in from a server, removed by one.
  "zone.commit",
  "zone.receive",
  "zone.pull",
  "zone.remove",
  "pull.begin",
  "pull.end",
  "conflict.overwritten",
  // Zones that nobody owns.
  "orphans.account",
  "orphans.found",
  "orphans.gone",
  "orphans.details",
  "orphans.removed",
  // Change sets.
  "changes.plan",
  "changes.slice",
  "changes.end",
  // Who works on what.
  "lease.drop",
  "lease.take",
  "lease.renew",
  "lease.release",
] as const;

/** Commits of what goes on beside it. */
export const BESIDE_STEPS = [
  // A member's episode.
  "member.failure",
  "member.half-open",
  "member.back",
  "member.vain",
  "member.resume",
  // What a member says of itself, and of the servers it knows.
  "member.answer",
  "member.error",
  "member.moved",
  "map.forget",
  "map.answer",
  // Messages, and what they tell.
  "notice.bundle",
  "notice.try",
  "notice.postpone",
  "notice.result",
  "notice.keep",
  "notice.tokens",
  "notice.certificate",
  "notice.observed",
  "notice.left",
  // Synchronize DNS Records.
  "sync.drop",
  "sync.items",
  "sync.ready",
  "sync.change-set",
  "sync.ask",
  "sync.results",
  "sync.end",
  "sync.settle",
  "sync.local",
  "sync.remove",
  "sync.failed",
  "sync.expire",
  // Reverse trusts.
  "trust.take-back",
  "trust.ask",
  "trust.heard",
  "token.create",
  "trust.complete",
  "trust.revoke",
  "trust.unfinished",
  // Housekeeping.
  "index",
  "retention.single",
  "retention.bin",
  "retention.revisions",
  "retention.notices",
  "retention.change-sets",
  "retention.writers",
] as const;

/**
 * Places where a test can stop this process with SIGKILL, by name: before and after every commit of the engine and of what it works for. A killed process
 * has no chance to tidy up: what was committed by then is all that its successor gets. Between two commits nothing is stored, so what is sent there needs no
 * place of its own: "before record" comes after the sending.
 */
export const FAULT_STEPS = [...ZONE_STEPS, ...BESIDE_STEPS] as const;

export type FaultStep = (typeof FAULT_STEPS)[number];
export type FaultPoint = `${"before" | "after"} ${FaultStep}`;

let file: string | undefined;

/**
 * Arms the points of this process. `lib/env.ts` gives a file to servers on loopback only, and nobody sets it but the fault suite.
 * @param given holds the point at which to die, and behind a line break how many times it is passed before; looked at whenever a point is passed
 */
export function armFaultPoints(given: string | undefined): void {
  file = given;
}

/** Does nothing, at the cost of one comparison, in a process whose points are not armed. */
export function faultPoint(when: "before" | "after", step: FaultStep | undefined): void {
  if (file !== undefined && step !== undefined) dieIfNamed(file, `${when} ${step}`);
}

function dieIfNamed(armed: string, point: FaultPoint): void {
  const [named, passes] = wanted(armed).split("\n");
  if (named !== point) return;
  const left = Number(passes ?? 0);
  if (left > 0) {
    writeFileSync(armed, `${named}\n${left - 1}`);
    return;
  }
  // The next process that passes here lives on.
  rmSync(armed);
  process.kill(process.pid, "SIGKILL");
}

function wanted(armed: string): string {
  try {
    return readFileSync(armed, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
