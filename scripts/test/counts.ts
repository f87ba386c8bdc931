/** What a runner's report says. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Tests among them that broke something on purpose. */
  readonly faults: number;
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0, faults: 0 };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    faults: a.faults + b.faults,
  };
}

/** A test that stands in a group of this name tries one fault. */
const FAULT_GROUP = "fault";

interface VitestFile {
  readonly status: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly title: string;
    readonly ancestorTitles: readonly string[];
  }[];
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
  const files = testResults as VitestFile[];
  const unloadable = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: number(numPassedTests),
    failed: number(numFailedTests) + unloadable.length,
    skipped: number(numPendingTests) + number(numTodoTests),
    faults: files.flatMap(({ assertionResults }) => assertionResults.filter(isTriedFault).flatMap(faultsOf)).length,
  };
}

function isTriedFault({ status, ancestorTitles }: VitestFile["assertionResults"][number]): boolean {
  return ancestorTitles.at(-1) === FAULT_GROUP && (status === "passed" || status === "failed");
}

/** A test that tries several one after the other has a dot between their names. */
function faultsOf({ title }: VitestFile["assertionResults"][number]): string[] {
  return title.split(" · ");
}

/** Counts of a Playwright JSON report; a test that passed only when it was tried again failed. @throws Error when it is not such a report. */
export function playwrightCounts(report: unknown): Counts {
  const { stats, errors } = report as { stats: Record<string, unknown>; errors: unknown[] };
  return {
    passed: number(stats.expected),
    failed: number(stats.unexpected) + number(stats.flaky) + errors.length,
    skipped: number(stats.skipped),
    faults: 0,
  };
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new Error("The report has another form than this version of the runner writes.");
  return value;
}
