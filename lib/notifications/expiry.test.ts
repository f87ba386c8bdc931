import { expect, it } from "vitest";
import { expiresSoon } from "./expiry";

const DAY = 24 * 60 * 60_000;

it.each([
  ["a year's, 15 days before", 365, 350, false],
  ["a year's, 14 days before", 365, 351, true],
  ["a year's, on its last day", 365, 364.9, true],
  ["a year's, over", 365, 365, false],
  ["a week's, new", 7, 0, false],
  ["a week's, in its second half", 7, 3.5, true],
  ["one that ended before it began", -1, 0, false],
])("%s", (_, life, age, expected) => {
  expect(expiresSoon(1_000 * DAY + age * DAY, 1_000 * DAY, 1_000 * DAY + life * DAY)).toBe(expected);
});
