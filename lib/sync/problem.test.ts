import { describe, expect, test } from "vitest";
import { findProblem, type Problem, type Wanted } from "./problem";
import type { Observation } from "./verification";

const at = (serial: number): Observation => ({ kind: "serial", serial });
const refused: Observation = { kind: "absent", reason: "REFUSED" };
const missing: Observation = { kind: "absent", reason: "NXDOMAIN", isMissing: true };
const servfail: Observation = { kind: "unknown", reason: "SERVFAIL", isLame: true };
const silent: Observation = { kind: "unknown", reason: "no answer" };

const noRoute: Observation = { kind: "unknown", reason: "no IPv6 here", isUnasked: true };

const FIVE: Wanted = { serial: 5, newestSerial: 5, hasOwnSerials: false };
const NEWER: Wanted = { ...FIVE, newestSerial: 6 };
const SERVICE: Wanted = { ...FIVE, hasOwnSerials: true };
const DELETED: Wanted = { ...FIVE, serial: null };

describe("what a nameserver does otherwise than was acknowledged", () => {
  test.each<[string, Wanted, Observation[], Problem | null]>([
    ["every address has it", FIVE, [at(5), at(5)], null],
    ["nobody was asked", FIVE, [], null],
    ["refused", FIVE, [refused], "lame"],
    ["cannot be loaded", FIVE, [servfail], "lame"],
    ["no such name", FIVE, [missing], "missing"],
    ["an older serial", FIVE, [at(4)], "old-serial"],
    ["a newer serial", FIVE, [at(6)], "newer-serial"],
    ["older by RFC 1982, over the end of the numbers", { ...FIVE, serial: 3 }, [at(4_294_967_290)], "old-serial"],
    ["newer by RFC 1982, over the end of the numbers", { ...FIVE, serial: 4_294_967_290 }, [at(3)], "newer-serial"],
    ["half-way round, where neither is newer", { ...FIVE, serial: 0 }, [at(2 ** 31)], "old-serial"],
    ["the newest change, acknowledged in a moment", NEWER, [at(6)], null],
    ["newer than that", NEWER, [at(7)], "newer-serial"],
    ["silent", FIVE, [silent], "unreachable"],
    ["one address is silent", FIVE, [at(5), silent], "unreachable"],
    ["one address cannot be asked from here", FIVE, [at(5), noRoute], null],
    ["what is sure counts before silence", FIVE, [silent, at(4)], "old-serial"],
    ["one address does not know it", FIVE, [at(5), missing], "missing"],
    ["a deleted zone is gone", DELETED, [refused, missing], null],
    ["a deleted zone is still answered for", DELETED, [refused, at(5)], "extra"],
    ["a deleted zone and silence", DELETED, [silent], null],
    ["a service has serials of its own", SERVICE, [at(2026112001)], null],
    ["a service does not know it", SERVICE, [at(7), refused], "lame"],
    ["a service is silent", SERVICE, [silent], "unreachable"],
  ])("%s", (_, wanted, observations, problem) => {
    expect(findProblem(wanted, observations)?.problem ?? null).toBe(problem);
  });

  test("the words are those of the address that counts", () => {
    expect(findProblem(FIVE, [silent, refused])).toEqual({ problem: "lame", detail: "REFUSED" });
  });
});
