import { describe, expect, it } from "vitest";
import { figures, ms, ratio, table } from "./figures";

describe("figures", () => {
  it("takes percentiles by the nearest rank", () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(figures(samples)).toEqual({ p50: 50, p95: 95, p99: 99 });
    expect(figures([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  });

  it.each([
    [0.123, "0.1 ms"],
    [12.6, "13 ms"],
    [1_234, "1.23 s"],
    [12_345, "12.3 s"],
  ])("writes %d as %s", (value, text) => {
    expect(ms(value)).toBe(text);
  });

  it("writes ratios and tables", () => {
    expect(ratio(3, 2)).toBe("1.5 ×");
    expect(table(["a", "b"], [["1", "2"]])).toBe("| a | b |\n| --- | --- |\n| 1 | 2 |");
  });
});
