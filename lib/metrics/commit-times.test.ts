import { describe, expect, it } from "vitest";
import { CommitTimes } from "./commit-times";

describe("CommitTimes", () => {
  it("knows single changes and bulks by every one of their numbers", () => {
    const times = new CommitTimes();
    times.note(5, 1, 100);
    times.note(6, 3, 200);
    times.note(9, 0, 300);
    times.note(20, 1, 400);
    expect([4, 5, 6, 8, 9, 19, 20, 21].map((seq) => times.of(seq))).toEqual([
      ...[undefined, 100, 200, 200, undefined, undefined, 400, undefined],
    ]);
  });

  it("forgets what was undone", () => {
    const times = new CommitTimes();
    times.note(5, 1, 100);
    times.note(6, 10, 200);
    times.note(6, 2, 300);
    expect([5, 6, 7, 8].map((seq) => times.of(seq))).toEqual([100, 300, 300, undefined]);
  });

  it("keeps the newest only", () => {
    const times = new CommitTimes(10);
    for (let seq = 1; seq <= 100; seq++) times.note(seq, 1, seq);
    expect(times.of(1)).toBeUndefined();
    expect(times.of(91)).toBe(91);
    expect(times.of(100)).toBe(100);
  });
});
