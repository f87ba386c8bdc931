import { describe, expect, it } from "vitest";
import { sharedReading } from "./shared-reading";

describe("sharedReading", () => {
  it("reads once for all who ask at once, and again when what it has is old", async () => {
    let [reads, time] = [0, 0];
    const ask = sharedReading(
      async () => ++reads,
      1_000,
      () => time,
    );
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    time = 999;
    expect(await ask()).toBe(1);
    time = 1_000;
    expect(await Promise.all([ask(), ask()])).toEqual([2, 2]);
  });

  it("tries again after a failure", async () => {
    let reads = 0;
    const read = async () => {
      if (++reads === 1) throw new Error("no");
      return reads;
    };
    const ask = sharedReading(read, 1_000, () => 0);
    await expect(Promise.all([ask(), ask()])).rejects.toThrow("no");
    expect(await ask()).toBe(2);
  });
});
