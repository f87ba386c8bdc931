import { expect, it } from "vitest";
import { percentiles } from "./percentiles";

it.each([
  [[], { count: 0, p50: null, p95: null, p99: null }],
  [[7], { count: 1, p50: 7, p95: 7, p99: 7 }],
  [[30, 10, 20], { count: 3, p50: 20, p95: 30, p99: 30 }],
  [Array.from({ length: 100 }, (_, index) => 100 - index), { count: 100, p50: 50, p95: 95, p99: 99 }],
])("%#", (waits, expected) => {
  expect(percentiles(waits)).toEqual(expected);
});
