import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeRanges, type Range } from "./merge-ranges";

describe("mergeRanges", () => {
  it.each<[string, Range[], Range[]]>([
    ["nothing", [], []],
    [
      "empty ranges",
      [
        [5, 5],
        [7, 3],
      ],
      [],
    ],
    ["one", [[1, 4]], [[1, 4]]],
    [
      "apart",
      [
        [6, 8],
        [1, 4],
      ],
      [
        [1, 4],
        [6, 8],
      ],
    ],
    [
      "touching",
      [
        [1, 4],
        [4, 8],
      ],
      [[1, 8]],
    ],
    [
      "one within another",
      [
        [1, 9],
        [3, 4],
      ],
      [[1, 9]],
    ],
  ])("%s", (_case, ranges, merged) => {
    expect(mergeRanges(ranges)).toEqual(merged);
  });

  it("covers the same positions, each once", () => {
    const range = fc.tuple(fc.nat(40), fc.nat(40));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (ranges) => {
        const merged = mergeRanges(ranges);
        for (let position = 0; position <= 40; position++) {
          const covers = ([after, upTo]: Range) => position > after && position <= upTo;
          expect(merged.filter(covers)).toHaveLength(ranges.some(covers) ? 1 : 0);
        }
      }),
    );
  });
});
