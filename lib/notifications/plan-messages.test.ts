import { describe, expect, it } from "vitest";
import { MINUTE_MS, MOST_A_MINUTE, MOST_ATTEMPTS, planMessages, retryPause } from "./plan-messages";

describe("messages for one recipient", () => {
  it.each<[string, number[], number, number[][], number?]>([
    ["nothing", [], 0, []],
    ["each its own", [1, 2, 3, 4, 5], 0, [[1], [2], [3], [4], [5]]],
    ["all together", [1, 2, 3, 4, 5, 6], 0, [[1, 2, 3, 4, 5, 6]]],
    ["what has room", [6, 7], 3, [[6], [7]]],
    ["together where there is too little room", [6, 7, 8], 3, [[6, 7, 8]]],
    ["later where there is none", [6], MOST_A_MINUTE, []],
    ["later where there is less than none", [6], MOST_A_MINUTE + 2, []],
    ["each its own beside a few that are stuck", [6, 7], 0, [[6], [7]], MOST_A_MINUTE - 1],
    ["all together beside many that are stuck", [6, 7], 0, [[6, 7]], MOST_A_MINUTE],
    ["one at a time beside many that are stuck", [8], 1, [], MOST_A_MINUTE],
  ])("%s", (_, waiting, recent, expected, stuck) => {
    expect(planMessages(waiting, recent, stuck)).toEqual(expected);
  });
});

it("waits longer after each failure, an hour at most, and gives up after a day", () => {
  const pauses = Array.from({ length: MOST_ATTEMPTS }, (_, index) => retryPause(index + 1));
  expect(pauses.slice(0, 8).map((pause) => pause / MINUTE_MS)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  const hours = pauses.reduce((sum, pause) => sum + pause, 0) / (60 * MINUTE_MS);
  expect(hours).toBeGreaterThan(24);
  expect(hours).toBeLessThan(30);
});
