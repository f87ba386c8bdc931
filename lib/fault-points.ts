import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** Commits of what is sent to targets, looked up there and taken in from them. */
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
  "proof.slice",
  "proof.content",
  "proof.unreachable",
  // Zones: written here, taken in from a server, removed by one.
  "zone.commit",
  "zone.receive",
  "zone.pull",
  "zone.remove",
] as const;

/** Commits of what goes on beside it. */
export const BESIDE_STEPS = [
  // A member's episode.
  "member.failure",
  "member.half-open",
  "member.back",
  "member.resume",
  // Messages.
  "notice.bundle",
  "notice.try",
  "notice.postpone",
  "notice.result",
  // Synchronize DNS Records.
  "sync.items",
  "sync.ready",
  "sync.ask",
  "sync.change-set",
  "sync.results",
  "sync.settle",
  "sync.local",
  "sync.remove",
  // Zones that nobody owns.
  "orphans.account",
  "orphans.found",
  "orphans.details",
  // Housekeeping.
  "index",
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
