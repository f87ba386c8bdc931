import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CopyStamp, compareCopies } from "./newest";

const copy = (serial: number, updatedAt = 0, digest = "d"): CopyStamp => ({ serial, updatedAt, digest });

describe("compareCopies", () => {
  it.each<[string, CopyStamp, CopyStamp, number]>([
    ["the higher serial", copy(2), copy(1), 1],
    ["the higher serial, however old", copy(2, 0), copy(1, 9_000), 1],
    ["the serial behind the wrap", copy(1), copy(4_294_967_295), 1],
    ["nothing: equal", copy(1, 5), copy(1, 9_000), 0],
    ["the later stamp", copy(1, 2_000, "a"), copy(1, 1_000, "b"), 1],
    ["any stamp before none", copy(1, 1_000, "a"), copy(1, 0, "b"), 1],
    ["the digest within one second", copy(1, 1_900, "b"), copy(1, 1_100, "a"), 1],
    ["the later stamp where serials are 2^31 apart", copy(0, 2_000), copy(2 ** 31, 1_000), 1],
    ["the higher serial there, when all else is equal", copy(2 ** 31), copy(0), 1],
  ])("%s decides", (_, a, b, expected) => {
    expect(compareCopies(a, b)).toBe(expected);
    expect(compareCopies(b, a)).toBe(expected === 0 ? 0 : -expected);
  });

  it("is decided alike from both ends, and equal only for the same content under the same serial", () => {
    const stamp = fc.record({
      serial: fc.oneof(
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 2 ** 31 - 2, max: 2 ** 31 + 2 }),
        fc.constant(2 ** 32 - 1),
      ),
      updatedAt: fc.integer({ min: 0, max: 3_000 }),
      digest: fc.constantFrom("a", "b"),
    });
    fc.assert(
      fc.property(stamp, stamp, (a, b) => {
        const order = compareCopies(a, b);
        expect(compareCopies(b, a) + order).toBe(0);
        expect(order === 0).toBe(a.serial === b.serial && a.digest === b.digest);
      }),
      { numRuns: 5_000 },
    );
  });
});
