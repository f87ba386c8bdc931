import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CopyStamp, compareCopies } from "@/lib/dns/newest";
import { type CopyHere, type CopyThere, isSame, type PlanScope, planZone } from "./plan";

const copy = (serial: number, digest = `d${serial}`, updatedAt = 0): CopyStamp => ({ serial, digest, updatedAt });
const here = (serial: number): CopyHere => ({ ...copy(serial), isDeleted: false });
const deleted = (serial: number): CopyHere => ({ ...copy(serial), isDeleted: true });
const ROLES = {
  standalone: { receives: true, sends: false },
  sync: { receives: true, sends: true },
  "write-only": { receives: false, sends: true },
} as const;
const at = (memberId: number, role: keyof typeof ROLES, held: CopyStamp | null, wasSent = true): CopyThere => ({
  memberId,
  copy: held,
  wasSent,
  ...ROLES[role],
});
const HERE: PlanScope = { everywhere: false, addMissing: false };
const ALL: PlanScope = { everywhere: true, addMissing: false };
const HERE_ADD: PlanScope = { everywhere: false, addMissing: true };
const ALL_ADD: PlanScope = { everywhere: true, addMissing: true };

/** "2 take change 5": what is done, with the serial that both hold then. */
const words = (steps: ReturnType<typeof planZone>) =>
  steps.map(
    ({ memberId, action, kind, wanted, overwritesNewer }) =>
      `${memberId} ${action} ${kind}${wanted ? ` ${wanted.serial}` : ""}${overwritesNewer ? "!" : ""}`,
  );

describe("planZone", () => {
  it.each<[string, CopyHere | null, CopyThere[], PlanScope, string[]]>([
    ["everybody alike", here(5), [at(1, "sync", copy(5)), at(2, "write-only", copy(5))], ALL, []],
    ["newer there", here(5), [at(1, "sync", copy(6))], HERE, ["1 take change 6"]],
    ["the newest of several", here(5), [at(1, "sync", copy(6)), at(2, "sync", copy(7))], HERE, ["2 take change 7"]],
    [
      "newest to all",
      here(5),
      [at(1, "sync", copy(6)), at(2, "sync", copy(5)), at(3, "sync", null)],
      ALL,
      ["1 take change 6", "2 send change 6", "3 send add 6"],
    ],
    ["newer here", here(5), [at(1, "sync", copy(4))], ALL, ["1 send change 5"]],
    ["newer here, to here only", here(5), [at(1, "sync", copy(4))], HERE, []],
    ["Standalone gets nothing", here(5), [at(1, "standalone", copy(4)), at(2, "standalone", null)], ALL, []],
    ["Standalone is taken from", here(5), [at(1, "standalone", copy(6))], ALL, ["1 take change 6"]],
    ["Write-only is not taken from", here(5), [at(1, "write-only", copy(6))], HERE, []],
    ["Write-only is overwritten", here(5), [at(1, "write-only", copy(6))], ALL, ["1 send change 5!"]],
    ["serials wrap around", here(4_294_967_295), [at(1, "sync", copy(1))], HERE, ["1 take change 1"]],
    ["not configured here", null, [at(1, "sync", copy(6))], ALL, []],
    [
      "not configured here, wanted",
      null,
      [at(1, "sync", copy(6)), at(2, "sync", null)],
      ALL_ADD,
      ["1 take add 6", "2 send add 6"],
    ],
    ["not configured here, Write-only", null, [at(1, "write-only", copy(6))], ALL_ADD, []],
    ["deleted here", deleted(5), [at(1, "sync", copy(5)), at(2, "sync", null)], ALL, ["1 send remove"]],
    ["deleted here, never sent there", deleted(5), [at(1, "sync", copy(5), false)], ALL, []],
    ["deleted here, to here only", deleted(5), [at(1, "sync", copy(5))], HERE_ADD, []],
    ["deleted here, newer there", deleted(5), [at(1, "sync", copy(6))], ALL, []],
    ["deleted here, newer there, wanted", deleted(5), [at(1, "sync", copy(6))], ALL_ADD, ["1 take add 6"]],
    ["deleted here, older there, wanted", deleted(5), [at(1, "sync", copy(4))], ALL_ADD, ["1 send remove"]],
    ["deleted here, newer at a Write-only", deleted(5), [at(1, "write-only", copy(6))], ALL, ["1 send remove!"]],
  ])("%s", (_, ours, theirs, scope, expected) => {
    expect(words(planZone(ours, theirs, scope))).toEqual(expected);
  });

  const stamp = fc.record({
    serial: fc.constantFrom(1, 2, 3, 4),
    digest: fc.constantFrom("a", "b", "c"),
    updatedAt: fc.constantFrom(0, 1_000, 2_000),
  });
  const world = fc.record({
    ours: fc.option(fc.tuple(stamp, fc.boolean()).map(([held, isDeleted]): CopyHere => ({ ...held, isDeleted }))),
    theirs: fc.array(fc.tuple(fc.constantFrom(...(["standalone", "sync", "write-only"] as const)), fc.option(stamp)), {
      maxLength: 5,
    }),
    scope: fc.record({ everywhere: fc.boolean(), addMissing: fc.boolean() }),
  });

  it("leaves nothing to do, takes only what is newer, and removes nothing without a deletion", () => {
    fc.assert(
      fc.property(world, ({ ours, theirs, scope }) => {
        const members = theirs.map(([role, held], index) => at(index + 1, role, held));
        const steps = planZone(ours, members, scope);
        const taken = steps.find(({ action }) => action === "take");
        // The content that was deleted may come back, where another copy is newer than the deletion and it is newer than that.
        if (taken?.wanted && ours) expect(ours.isDeleted ? [0, 1] : [1]).toContain(compareCopies(taken.wanted, ours));
        if (steps.some(({ kind }) => kind === "remove")) expect(ours?.isDeleted).toBe(true);
        const after = taken?.wanted ? { ...taken.wanted, isDeleted: false } : ours;
        const sent = new Map(steps.filter(({ action }) => action === "send").map((step) => [step.memberId, step]));
        const moved = members.map((member) => {
          const step = sent.get(member.memberId);
          return step ? { ...member, copy: step.wanted } : member;
        });
        expect(planZone(after, moved, scope)).toEqual([]);
        if (!scope.everywhere || !after || after.isDeleted) return;
        for (const member of moved.filter(({ sends }) => sends))
          expect(member.copy && isSame(member.copy, after)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
