import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressKey, SIGN_IN_RULES, signInWait, waitWords } from "./sign-in-limit";

const NOW = 1_800_000_000_000;
const RULE = { free: 3, firstMs: 1_000, longestMs: 8_000 };

describe("signInWait", () => {
  it.each([
    ["nothing failed", 0, 0, 0],
    ["some failures are free", 2, 0, 0],
    ["the first beyond them waits", 3, 0, 1_000],
    ["each further one doubles it", 5, 0, 4_000],
    ["up to the longest", 6, 0, 8_000],
    ["and no further", 4_000, 0, 8_000],
    ["time that passed counts", 5, 1_500, 2_500],
    ["until nothing is left", 5, 4_000, 0],
    ["a failure in the future counts as now", 5, -60_000, 4_000],
  ])("%s", (_case, count, agoMs, wait) => {
    expect(signInWait({ count, lastAt: NOW - agoMs }, NOW, RULE)).toBe(wait);
  });

  it("never exceeds the longest wait and is over after it", () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: -1e7, max: 1e7 }),
        fc.constantFrom(...Object.values(SIGN_IN_RULES)),
        (count, ago, rule) => {
          const wait = signInWait({ count, lastAt: NOW - ago }, NOW, rule);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThanOrEqual(rule.longestMs);
          expect(signInWait({ count, lastAt: Math.min(NOW, NOW - ago) }, NOW + rule.longestMs, rule)).toBe(0);
        },
      ),
    );
  });
});

describe("addressKey", () => {
  it.each([
    ["192.0.2.7", "address:192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"],
    ["2001:DB8::6", "address:2001:db8:0:0::/64"],
    ["::1", "address:0:0:0:0::/64"],
    ["2001:db8:0001:0002::", "address:2001:db8:1:2::/64"],
    ["", null],
    ["example.com", null],
  ])("%s", (address, key) => {
    expect(addressKey(address)).toBe(key);
  });
});

describe("waitWords", () => {
  it.each([
    [1, "1 second"],
    [1_001, "2 seconds"],
    [89_000, "89 seconds"],
    [90_000, "2 minutes"],
    [900_000, "15 minutes"],
  ])("%i ms", (ms, words) => {
    expect(waitWords(ms)).toBe(words);
  });
});
