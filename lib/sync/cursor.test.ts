import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cursor, fold, freshCursor, hasBacklog, isOpen, passBacklog, passLive } from "./cursor";

const cursors: fc.Arbitrary<Cursor> = fc
  .tuple(fc.nat(50), fc.nat(50), fc.nat(50))
  .map((values) => values.sort((a, b) => a - b))
  .map(([floor = 0, backlog = 0, seen = 0]) => ({ floor, backlog, seen }));
const positions = Array.from({ length: 120 }, (_, index) => index + 1);

describe("cursor", () => {
  test("a fresh target has everything open", () => {
    expect(positions.every((position) => isOpen(freshCursor, position))).toBe(true);
    expect(hasBacklog(freshCursor)).toBe(false);
  });

  test("folding closes nothing that was open", () => {
    fc.assert(
      fc.property(cursors, fc.nat(100), (cursor, head) => {
        const folded = fold(cursor, head);
        for (const position of positions) if (isOpen(cursor, position)) expect(isOpen(folded, position)).toBe(true);
      }),
    );
  });

  test("passing live changes closes those and no others", () => {
    fc.assert(
      fc.property(cursors, fc.nat(100), (cursor, upTo) => {
        const passed = passLive(cursor, upTo);
        for (const position of positions) {
          const isPassed = position > cursor.seen && position <= upTo;
          expect(isOpen(passed, position)).toBe(isOpen(cursor, position) && !isPassed);
        }
      }),
    );
  });

  test("passing backlog from above closes what is at and above the lowest position considered", () => {
    fc.assert(
      fc.property(cursors, fc.integer({ min: 1, max: 60 }), (cursor, lowest) => {
        const passed = passBacklog(cursor, lowest);
        for (const position of positions) {
          const isLower = position > cursor.floor && position < Math.min(lowest, cursor.backlog + 1);
          expect(isOpen(passed, position)).toBe(position > cursor.seen || isLower);
        }
      }),
    );
  });

  test("an empty backlog is passed as a whole", () => {
    expect(hasBacklog(passBacklog({ floor: 3, backlog: 9, seen: 12 }, null))).toBe(false);
  });
});
