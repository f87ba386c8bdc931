import { describe, expect, it } from "vitest";
import { addCounts, playwrightCounts, vitestCounts } from "./counts";

const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };

describe("vitestCounts", () => {
  it("adds files that could not be loaded", () => {
    const testResults = [
      { status: "failed", assertionResults: [{ status: "failed", ancestorTitles: [] }] },
      { status: "failed", assertionResults: [] },
      { status: "passed", assertionResults: [{ status: "passed", ancestorTitles: ["other"] }] },
    ];
    expect(vitestCounts({ ...vitest, testResults })).toEqual({ passed: 5, failed: 2, skipped: 3, faults: 0 });
  });

  it("counts the faults that were tried", () => {
    const results = ["passed", "failed", "skipped"].map((status) => ({
      status,
      title: "cut off",
      ancestorTitles: ["fault"],
    }));
    const several = { status: "passed", title: "killed before a · after a · before b", ancestorTitles: ["fault"] };
    const testResults = [{ status: "failed", assertionResults: [...results, several] }];
    expect(vitestCounts({ ...vitest, testResults })).toMatchObject({ faults: 5 });
  });

  it("refuses what it does not know", () => {
    expect(() => vitestCounts({ testResults: [] })).toThrow(/another form/);
  });
});

describe("playwrightCounts", () => {
  it("counts flaky tests and errors outside of tests as failed", () => {
    const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };
    expect(playwrightCounts({ stats, errors: [{}] })).toEqual({ passed: 4, failed: 3, skipped: 2, faults: 0 });
  });
});

describe("addCounts", () => {
  it("adds", () => {
    const one = { passed: 1, failed: 2, skipped: 3, faults: 4 };
    expect(addCounts(one, one)).toEqual({ passed: 2, failed: 4, skipped: 6, faults: 8 });
  });
});
