import { describe, expect, it } from "vitest";
import { chartScale, seriesPath } from "./propagation-scale";

const step = (ms: number | null) => ({ from: 0, count: ms === null ? 0 : 1, p50: ms, p95: ms, p99: ms });

describe("a chart of waits", () => {
  it.each([
    [
      [12, 340],
      [10, 100, 1_000],
    ],
    [[5], [1, 10]],
    [
      [0, 1],
      [1, 10],
    ],
    [
      [45, 90_000],
      [10, 100, 1_000, 10_000, 60_000, 600_000],
    ],
    [[4e9], [360_000_000, 3_600_000_000]],
  ])("%o", (waits, ticks) => {
    const scale = chartScale({ steps: waits.map(step) });
    expect(scale.ticks.map(({ ms }) => ms)).toEqual(ticks);
    expect(scale.ticks.at(0)?.y).toBeCloseTo(1);
  });

  it("has a line where changes follow each other, and a dot where one stands alone", () => {
    const steps = [10, 100, null, 10, null].map(step);
    const path = seriesPath(steps, "p50", chartScale({ steps }), { width: 100, height: 50 });
    expect(path).toBe("M10.0 50.0h0L30.0 0.0M70.0 50.0h0");
  });

  it("draws nothing where nothing changed", () => {
    const steps = [null, null].map(step);
    expect(seriesPath(steps, "p99", chartScale({ steps }), { width: 100, height: 50 })).toBe("");
  });
});
