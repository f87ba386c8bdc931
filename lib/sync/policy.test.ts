import { describe, expect, test } from "vitest";
import { FAILURE_POLICY, retryDelay } from "./policy";

describe("failure policy", () => {
  test.each([
    ["unreachable", 1, 0, 250],
    ["unreachable", 1, 1, 500],
    ["unreachable", 2, 1, 1_000],
    ["unreachable", 40, 1, 60_000],
    ["rejected", 1, 1, 5_000],
    ["rejected", 1_000, 0, 30 * 60_000],
  ] as const)("%s, failure %i, random %d: %i ms", (kind, attempts, random, expected) => {
    expect(retryDelay(kind, attempts, random)).toBe(expected);
  });

  test("a target that says when to come back is believed", () => {
    expect(retryDelay("rate-limited", 1, 0, 90_000)).toBe(90_000);
  });

  test("what speaks of one zone never counts against the member", () => {
    for (const policy of Object.values(FAILURE_POLICY)) if (policy.scope === "zone") expect(policy.counts).toBe(false);
  });
});
