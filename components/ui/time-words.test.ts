import { expect, it } from "vitest";
import { relativeWords, utcWords } from "./time-words";

const NOW = Date.UTC(2026, 10, 20, 9, 41, 7);

it.each([
  [0, "now"],
  [-4_999, "now"],
  [-5_000, "5 seconds ago"],
  [-59_999, "59 seconds ago"],
  [-60_000, "1 minute ago"],
  [-3_599_999, "59 minutes ago"],
  [-7_200_000, "2 hours ago"],
  [-86_400_000, "yesterday"],
  [30_000, "in 30 seconds"],
  [3_600_000, "in 1 hour"],
  [-400 * 86_400_000, "last year"],
])("%i ms from now is %s", (distance, words) => {
  expect(relativeWords(NOW + distance, NOW)).toBe(words);
});

it("writes an instant in UTC", () => {
  expect(utcWords(NOW)).toBe("2026-11-20 09:41:07 UTC");
});
