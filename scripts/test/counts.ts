/** What a runner's report says. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * Counts of a Vitest JSON report. A file that could not be loaded has no tests in it, so it counts as one that failed.
 * @throws Error when it is not such a report.
 */
export function vitestCounts(report: unknown): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report as Record<
    string,
    unknown
  >;
  const files = testResults as { status: string; assertionResults: { status: string }[] }[];
  const unloadable = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: number(numPassedTests),
    failed: number(numFailedTests) + unloadable.length,
    skipped: number(numPendingTests) + number(numTodoTests),
  };
}

/** Counts of a Playwright JSON report; a test that passed only when it was tried again failed. @throws Error when it is not such a report. */
export function playwrightCounts(report: unknown): Counts {
  const { stats, errors } = report as { stats: Record<string, unknown>; errors: unknown[] };
  return {
    passed: number(stats.expected),
    failed: number(stats.unexpected) + number(stats.flaky) + errors.length,
    skipped: number(stats.skipped),
  };
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new Error("The report has another form than this version of the runner writes.");
  return value;
}
