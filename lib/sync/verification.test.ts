import { describe, expect, test } from "vitest";
import { isFinal, judge, type Observation, verifyDelay } from "./verification";

const at = (serial: number): Observation => ({ kind: "serial", serial });
const absent: Observation = { kind: "absent", reason: "REFUSED" };
const silent: Observation = { kind: "unknown", reason: "no answer" };
const noRoute: Observation = { kind: "unknown", reason: "no IPv6 here", isUnasked: true };

describe("what the answers say together", () => {
  test.each<[string, number | null, Observation[], string]>([
    ["every address has it", 5, [at(5), at(5)], "served"],
    ["one address is behind", 5, [at(5), at(4)], "lagging"],
    ["one address is silent", 5, [at(5), silent], "unknown"],
    ["one address does not know the zone", 5, [at(5), absent], "absent"],
    ["no address is known", 5, [], "unknown"],
    ["there is no route to one address, and the other has it", 5, [noRoute, at(5)], "served"],
    ["there is no route to one address, and the other is behind", 5, [noRoute, at(4)], "lagging"],
    ["there is no route to one address, and the other is silent", 5, [noRoute, silent], "unknown"],
    ["there is no route to any address", 5, [noRoute, noRoute], "unknown"],
    ["a newer serial is not the one that was acknowledged", 5, [at(6)], "lagging"],
    ["a deleted zone is gone", null, [absent], "served"],
    ["a deleted zone is still answered for", null, [at(5)], "lagging"],
    ["a deleted zone and a silent address", null, [absent, silent], "unknown"],
  ])("%s", (_, wanted, observations, state) => {
    expect(judge(wanted, observations).state).toBe(state);
  });

  test("what was not asked is said where there is nothing else to say", () => {
    expect(judge(5, [at(5), noRoute]).detail).toBe("no IPv6 here");
    expect(judge(null, [absent, noRoute])).toMatchObject({ state: "served", detail: "no IPv6 here" });
    expect(judge(5, [at(4), noRoute]).detail).toBe("It still answers with serial 4.");
  });

  test.each<[string, number | null, Observation[], string]>([
    ["any serial is its own", 5, [at(2026112001), at(2026112001)], "present"],
    ["the serial that was sent, by chance", 5, [at(5)], "present"],
    ["one address does not know the zone yet", 5, [at(7), absent], "absent"],
    ["one address is silent", 5, [at(7), silent], "unknown"],
    ["a deleted zone is gone", null, [absent, absent], "served"],
    ["a deleted zone is still answered for", null, [at(7)], "lagging"],
  ])("of a target that numbers zones itself: %s", (_, wanted, observations, state) => {
    expect(judge(wanted, observations, true).state).toBe(state);
  });

  test("looking again is worth it until nothing more can be learnt", () => {
    expect(isFinal("served", [at(5)], 8)).toBe(true);
    expect(isFinal("present", [at(5), at(6)], 8)).toBe(true);
    expect(isFinal("absent", [absent, at(5)], 8)).toBe(false);
    expect(isFinal("unknown", [silent], 8)).toBe(false);
    expect(isFinal("unknown", [noRoute, silent], 8)).toBe(false);
    expect(isFinal("unknown", [noRoute, noRoute], 8)).toBe(true);
    expect(isFinal("unknown", [noRoute, noRoute], 7)).toBe(false);
    expect(isFinal("unknown", [], 0)).toBe(true);
  });

  test.each([false, true])("the pauses grow and the last one repeats (own serials: %s)", (hasOwnSerials) => {
    const delays = Array.from({ length: 14 }, (_, attempts) => verifyDelay(attempts, hasOwnSerials));
    expect([...delays].sort((a, b) => a - b)).toEqual(delays);
    expect(delays.at(-1)).toBe(delays.at(-2));
  });
});
