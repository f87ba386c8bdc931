import path from "node:path";
import { describe, expect, it } from "vitest";
import { addCounts, playwrightCounts, vitestCounts } from "./counts";

const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
const file = { name: path.resolve("lib/a.test.ts"), message: "" };
const test = { title: "does", ancestorTitles: ["it"], failureMessages: [] };

describe("vitestCounts", () => {
  it("adds files that could not be loaded", () => {
    const testResults = [
      { ...file, status: "failed", assertionResults: [{ ...test, status: "failed" }] },
      { ...file, status: "failed", assertionResults: [] },
      { ...file, status: "passed", assertionResults: [{ ...test, status: "passed" }] },
    ];
    expect(vitestCounts({ ...vitest, testResults })).toMatchObject({ passed: 5, failed: 2, skipped: 3, faults: 0 });
  });

  it("tells what failed, and how", () => {
    const failed = {
      ...test,
      status: "failed",
      failureMessages: ["\u001b[31mError: no\u001b[0m\n    at there\n    at file:///a/node_modules/b.js"],
    };
    const testResults = [
      { ...file, status: "failed", assertionResults: [failed, { ...test, status: "passed" }] },
      {
        ...file,
        name: path.resolve("lib/b.test.ts"),
        message: "no such module",
        status: "failed",
        assertionResults: [],
      },
    ];
    expect(vitestCounts({ ...vitest, testResults }).failures).toEqual([
      "lib/b.test.ts\n  no such module",
      "lib/a.test.ts › it › does\n  Error: no\n      at there",
    ]);
  });

  it("counts the faults that were tried", () => {
    const results = ["passed", "failed", "skipped"].map((status) => ({
      ...test,
      status,
      title: "cut off",
      ancestorTitles: ["fault"],
    }));
    const several = { ...results[0], title: "killed before a · after a · before b" };
    const testResults = [{ ...file, status: "failed", assertionResults: [...results, several] }];
    expect(vitestCounts({ ...vitest, testResults })).toMatchObject({ faults: 5 });
  });

  it("refuses what it does not know", () => {
    expect(() => vitestCounts({ testResults: [] })).toThrow(/another form/);
  });
});

describe("playwrightCounts", () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 };

  it("counts flaky tests and errors outside of tests as failed", () => {
    const counts = playwrightCounts({ stats, errors: [{}], suites: [] });
    expect(counts).toMatchObject({ passed: 4, failed: 3, skipped: 2, faults: 0 });
  });

  it("tells what failed, and how", () => {
    const tried = (status: string, message: string) => ({
      status,
      results: [{ errors: [{ message }] }, { errors: [] }],
    });
    const specs = [
      { title: "goes", tests: [tried("expected", "")] },
      { title: "fails", tests: [tried("unexpected", "Error: no\n\n  1 | line")] },
    ];
    const inner = { title: "without JavaScript", specs: [{ title: "flickers", tests: [tried("flaky", "late")] }] };
    const suites = [{ title: "a.spec.ts", specs, suites: [inner] }];
    expect(playwrightCounts({ stats, errors: [{ message: "no browser" }], suites }).failures).toEqual([
      "outside of a test\n  no browser",
      "a.spec.ts › fails\n  Error: no\n\n    1 | line",
      "a.spec.ts › without JavaScript › flickers\n  late",
    ]);
  });
});

describe("addCounts", () => {
  it("adds", () => {
    const one = { passed: 1, failed: 2, skipped: 3, faults: 4, failures: ["a"] };
    expect(addCounts(one, one)).toEqual({ passed: 2, failed: 4, skipped: 6, faults: 8, failures: ["a", "a"] });
  });
});
