import path from "node:path";
import { stripVTControlCharacters } from "node:util";

/** What a runner's report says. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Tests among them that broke something on purpose. */
  readonly faults: number;
  /** What failed and how, as far as the report tells: a line with the test, then what it said, indented. */
  readonly failures: readonly string[];
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0, faults: 0, failures: [] };

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    faults: a.faults + b.faults,
    failures: [...a.failures, ...b.failures],
  };
}

/** A test that stands in a group of this name tries one fault. */
const FAULT_GROUP = "fault";

interface VitestFile {
  readonly name: string;
  readonly status: string;
  /** Why the file could not be loaded. */
  readonly message: string;
  readonly assertionResults: readonly VitestTest[];
}

interface VitestTest {
  readonly status: string;
  readonly title: string;
  readonly ancestorTitles: readonly string[];
  readonly failureMessages: readonly string[];
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
    failures: [
      ...unloadable.map(({ name, message }) => failure([fileName(name)], message)),
      ...files.flatMap((file) =>
        file.assertionResults.filter(({ status }) => status === "failed").map(vitestFailure(file)),
      ),
    ],
  };
}

const vitestFailure =
  (file: VitestFile) =>
  ({ ancestorTitles, title, failureMessages }: VitestTest): string =>
    failure([fileName(file.name), ...ancestorTitles, title], failureMessages.join("\n"));

function fileName(absolute: string): string {
  return path.relative(process.cwd(), absolute);
}

/** As many lines of a failure as tell it, the runner's own frames left out; the whole of it stands where it happened. */
const FAILURE_LINES = 12;

function failure(names: readonly string[], message: string): string {
  const lines = stripVTControlCharacters(message).trim().split("\n");
  const told = lines.filter((line) => !/\/node_modules\/|at new Promise/.test(line)).slice(0, FAILURE_LINES);
  return [names.join(" › "), ...told.map((line) => `  ${line}`.trimEnd())].join("\n");
}

function isTriedFault({ status, ancestorTitles }: VitestTest): boolean {
  return ancestorTitles.at(-1) === FAULT_GROUP && (status === "passed" || status === "failed");
}

/** A test that tries several one after the other has a dot between their names. */
function faultsOf({ title }: VitestTest): string[] {
  return title.split(" · ");
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs: readonly PlaywrightSpec[];
}

interface PlaywrightSpec {
  readonly title: string;
  readonly tests: readonly {
    /** "unexpected" and "flaky" are failures. */
    readonly status: string;
    readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[];
  }[];
}

/** Counts of a Playwright JSON report; a test that passed only when it was tried again failed. @throws Error when it is not such a report. */
export function playwrightCounts(report: unknown): Counts {
  const { stats, errors, suites } = report as {
    stats: Record<string, unknown>;
    errors: { message?: string }[];
    suites: PlaywrightSuite[];
  };
  return {
    passed: number(stats.expected),
    failed: number(stats.unexpected) + number(stats.flaky) + errors.length,
    skipped: number(stats.skipped),
    faults: 0,
    failures: [
      ...errors.map(({ message }) => failure(["outside of a test"], message ?? "")),
      ...suites.flatMap((suite) => playwrightFailures(suite, [])),
    ],
  };
}

function playwrightFailures({ title, suites = [], specs }: PlaywrightSuite, above: readonly string[]): string[] {
  const names = [...above, title];
  const failed = (spec: PlaywrightSpec) => spec.tests.filter(({ status }) => /^(unexpected|flaky)$/.test(status));
  return [
    ...specs.flatMap((spec) => failed(spec).map((test) => failure([...names, spec.title], playwrightMessage(test)))),
    ...suites.flatMap((suite) => playwrightFailures(suite, names)),
  ];
}

function playwrightMessage({ results }: PlaywrightSpec["tests"][number]): string {
  return results.flatMap(({ errors }) => errors.map(({ message }) => message ?? "")).join("\n");
}

function number(value: unknown): number {
  if (typeof value !== "number") throw new Error("The report has another form than this version of the runner writes.");
  return value;
}
