import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSerials, isNewerSerial, nextSerial } from "./serial";

const MAX = 4_294_967_295;
const serial = fc.oneof(fc.integer({ min: 0, max: MAX }), fc.constantFrom(0, 1, 2_147_483_647, 2_147_483_648, MAX));
const moment = fc.date({ min: new Date("1970-01-01"), max: new Date("2200-01-01"), noInvalidDate: true });

describe("compareSerials", () => {
  it.each([
    [1, 1, 0],
    [2, 1, 1],
    [1, 2, -1],
    [0, MAX, 1],
    [MAX, 0, -1],
    [2_147_483_647, 0, 1],
    [2_147_483_648, 0, undefined],
    [0, 2_147_483_648, undefined],
    [2_147_483_649, 0, -1],
    [100, MAX - 100, 1],
  ])("%i against %i: %s", (a, b, expected) => {
    expect(compareSerials(a, b)).toBe(expected);
  });

  it("is antisymmetric, and undefined only half a circle apart", () => {
    fc.assert(
      fc.property(serial, serial, (a, b) => {
        const order = compareSerials(a, b);
        expect(compareSerials(b, a)).toBe(order === undefined ? undefined : 0 - order);
        expect(order === undefined).toBe(Math.abs(a - b) === 2 ** 31);
        expect(isNewerSerial(a, b)).toBe(order === 1);
      }),
    );
  });
});

describe("nextSerial", () => {
  const day = new Date("2030-05-06T23:59:59Z");

  it.each([
    ["today's first", 2_030_050_500, 2_030_050_600],
    ["today's next", 2_030_050_600, 2_030_050_601],
    ["past 99 edits a day", 2_030_050_699, 2_030_050_700],
    ["from the future", 2_099_010_100, 2_099_010_101],
    ["a small number", 7, 2_030_050_600],
    ["none yet", 0, 2_030_050_600],
    ["epoch seconds", 1_893_456_000, 2_030_050_600],
    ["too far ahead to be passed", 3_000_000_000, 3_000_000_001],
    ["so far ahead that today is newer (RFC 1982)", 4_200_000_000, 2_030_050_600],
    ["the last one", MAX, 2_030_050_600],
    ["half a circle away", (2_030_050_600 + 2 ** 31) % 2 ** 32, ((2_030_050_600 + 2 ** 31) % 2 ** 32) + 1],
  ])("%s: %i → %i", (_, current, expected) => {
    expect(nextSerial(current, day)).toBe(expected);
  });

  it("survives a clock that shows nonsense", () => {
    expect(nextSerial(5, new Date(Number.NaN))).toBe(6);
    expect(nextSerial(5, new Date(Date.UTC(9999, 0)))).toBe(6);
    expect(nextSerial(MAX, new Date(Number.NaN))).toBe(1);
  });

  it("always moves forward, stays in 32 bits and is never 0", () => {
    fc.assert(
      fc.property(serial, moment, (current, now) => {
        const next = nextSerial(current, now);
        expect(isNewerSerial(next, current)).toBe(true);
        expect(next).toBeGreaterThan(0);
        expect(next).toBeLessThanOrEqual(MAX);
      }),
    );
  });

  it("keeps moving through a long row of edits with a jumping clock", () => {
    fc.assert(
      fc.property(serial, fc.array(moment, { minLength: 1, maxLength: 300 }), (start, moments) => {
        let current = start;
        for (const now of moments) {
          const next = nextSerial(current, now);
          expect(compareSerials(next, current)).toBe(1);
          current = next;
        }
      }),
      { numRuns: 50 },
    );
  });
});
