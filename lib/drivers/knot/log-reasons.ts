import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { parseName } from "@/lib/dns/name";

/** How far back in the log a reason is looked for. */
const TAIL_OCTETS = 256 * 1024;

/** Lines that only repeat that something failed. */
const ECHO = /zone event '|control, |failed to parse zone file|failed to load zone/;

/**
 * Why Knot refused zones, from the end of its log: over the control socket it says no more than "failed".
 * @param zones canonical names. @returns zone → the first reason of its newest failure; zones without one are left out
 */
export function readLogReasons(logFile: string, zones: readonly string[]): Map<string, string> {
  const wanted = new Set(zones);
  const reasons = new Map<string, string>();
  const closed = new Set<string>();
  for (const line of readLogTail(logFile).split("\n").reverse()) {
    const [, name = "", what = ""] = /(?:error|warning): \[(\S+)\] (.+)$/.exec(line) ?? [];
    // Knot writes `\%` where we write `\037`.
    const zone = name.includes("\\") ? parseName(name) : name;
    if (!wanted.has(zone) || closed.has(zone)) continue;
    if (!ECHO.test(what)) reasons.set(zone, what.replace(/, file '[^']*'/, ""));
    // Read backwards, this line ends the failure before.
    else if (reasons.has(zone)) closed.add(zone);
  }
  return reasons;
}

/** The end of a log; empty when there is none. */
export function readLogTail(file: string): string {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    // No log, no reasons: the refusal itself is reported all the same.
    return "";
  }
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(Math.min(size, TAIL_OCTETS));
    return tail.toString("utf8", 0, readSync(fd, tail, 0, tail.length, size - tail.length));
  } finally {
    closeSync(fd);
  }
}
