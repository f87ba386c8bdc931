import { compareSerials } from "@/lib/dns/serial";
import type { Observation } from "./verification";

/**
 * What a nameserver does otherwise than its target acknowledged, as far as questions for the SOA tell. "content" is the finding of another look: the serial is
 * right and the records are not.
 */
export type Problem = "lame" | "missing" | "old-serial" | "newer-serial" | "content" | "extra" | "unreachable";

export interface Finding {
  readonly problem: Problem;
  /** A sentence. */
  readonly detail: string;
}

/** Right after an acknowledgement a nameserver may still be loading: nothing found then is a problem yet. Milliseconds. */
export const PROBLEM_GRACE_MS = 30_000;

/** What is acknowledged, and what may be served beside it. */
export interface Wanted {
  /** The acknowledged serial; null: a deletion was acknowledged. */
  readonly serial: number | null;
  /** The serial of the newest change: one that is under way may be served before it is acknowledged. */
  readonly newestSerial?: number;
  /** The target numbers zones itself. */
  readonly hasOwnSerials: boolean;
}

/** The worst that the answers of all addresses say, the surest first; null: nothing is wrong, or nothing is known as nobody was asked. */
export function findProblem(
  { serial: wanted, newestSerial, hasOwnSerials }: Wanted,
  observations: readonly Observation[],
): Finding | null {
  if (wanted === null) {
    const isServed = observations.some(({ kind }) => kind === "serial");
    return isServed ? { problem: "extra", detail: "It still answers for the deleted zone." } : null;
  }
  const findings = observations.flatMap((seen) =>
    finding(seen, hasOwnSerials ? null : [wanted, newestSerial ?? wanted]),
  );
  return WORST_FIRST.flatMap((problem) => findings.find((found) => found.problem === problem) ?? []).at(0) ?? null;
}

const WORST_FIRST: readonly Problem[] = ["missing", "lame", "old-serial", "newer-serial", "unreachable"];

/** @param serials what may be served, the acknowledged one first; null: any */
function finding(seen: Observation, serials: readonly [number, number] | null): Finding | [] {
  switch (seen.kind) {
    case "absent":
      return { problem: seen.isMissing ? "missing" : "lame", detail: seen.reason };
    case "unknown":
      // What this server cannot ask is not the nameserver's fault.
      if (seen.isUnasked) return [];
      return { problem: seen.isLame ? "lame" : "unreachable", detail: seen.reason };
    case "serial":
      if (serials === null || serials.includes(seen.serial)) return [];
      return compareSerials(seen.serial, serials[0]) === 1
        ? { problem: "newer-serial", detail: `It answers with serial ${seen.serial}, newer than ${serials[0]}.` }
        : { problem: "old-serial", detail: `It still answers with serial ${seen.serial}.` };
  }
}
