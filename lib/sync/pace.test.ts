import { describe, expect, test } from "vitest";
import { isRoundDue, isSliceDue, isUnderWay } from "./pace";

const HOUR = 3_600_000;

describe("a round", () => {
  test.each([
    ["never begun", null, null, false, true],
    ["under way", 1_000, null, true, false],
    ["under way, after an earlier one", 2_000, 1_500, true, false],
    ["ended a moment ago", 9_000, 9_900, false, false],
    ["ended, and its time is over", 10_000 - HOUR, 5_000, false, true],
    ["begun before the clock was set back", 10_000 + HOUR, 10_000 + 2 * HOUR, false, true],
  ])("%s", (_, beganAt, endedAt, underWay, due) => {
    expect(isUnderWay({ beganAt, endedAt })).toBe(underWay);
    expect(isRoundDue({ beganAt, endedAt }, HOUR, 10_000)).toBe(due);
    expect(isRoundDue({ beganAt, endedAt }, 0, 10_000)).toBe(false);
  });

  test("is spread evenly: at no time more than a slice ahead, and whole at the end", () => {
    const [total, slice, interval] = [10_000, 100, 900_000];
    let done = 0;
    for (let now = 0; now < interval; now += 1_000) {
      while (done < total && isSliceDue(0, interval, now, done, total)) done += slice;
      expect(done).toBeGreaterThanOrEqual((total * now) / interval);
      expect(done).toBeLessThanOrEqual((total * now) / interval + slice);
    }
    expect(done).toBe(total);
  });

  test("catches up after a stop, and begins at once where there is nothing", () => {
    expect(isSliceDue(0, HOUR, HOUR / 2, 100, 10_000)).toBe(true);
    expect(isSliceDue(0, HOUR, 0, 0, 0)).toBe(true);
    expect(isSliceDue(10 * HOUR, HOUR, 0, 5_000, 10_000)).toBe(true);
  });
});
