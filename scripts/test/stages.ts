import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { applicationFolder } from "@/lib/application-folder";
import { checkImports } from "../imports/check";
import { type Counts, noCounts, playwrightCounts, vitestCounts } from "./counts";

export interface Stage {
  readonly name: string;
  /** Runs in `npm test`. The others are asked for by name. */
  readonly isDefault: boolean;
  /** Needs built pages and server. */
  readonly needsBuild: boolean;
  /** @param args further words from the command line, such as paths. */
  run(args: readonly string[]): Promise<Counts>;
}

const root = applicationFolder();
const ONE_PASSED: Counts = { ...noCounts, passed: 1 };
const ONE_FAILED: Counts = { ...noCounts, failed: 1 };

/** Starts a program of node_modules with its output on ours. @returns the exit code. */
function program(entry: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(root, "node_modules", entry), ...args], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      env: { ...process.env, ...env },
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

async function check(entry: string, args: readonly string[]): Promise<Counts> {
  return (await program(entry, args)) === 0 ? ONE_PASSED : ONE_FAILED;
}

/** Runs a test runner that writes a JSON report. One that failed without saying which test counts as one failed test. */
async function counted(
  name: string,
  runner: (report: string) => Promise<number>,
  read: (report: unknown) => Counts,
): Promise<Counts> {
  const report = path.join(root, "test-results", "reports", `${name}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const code = await runner(report);
  try {
    const counts = read(JSON.parse(readFileSync(report, "utf8")));
    if (code === 0 || counts.failed > 0) return counts;
    // An error outside of the tests: what it was stands above, where it happened.
    const failures = [`${name}\n  The runner ended with ${code}, and no test failed.`];
    return { ...counts, failed: 1, failures };
  } catch (error) {
    process.stderr.write(`The ${name} tests left no report: ${error instanceof Error ? error.message : error}\n`);
    return ONE_FAILED;
  }
}

function vitest(project: string, args: readonly string[]): Promise<Counts> {
  const options = (report: string) => [
    "run",
    "--project",
    project,
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  return counted(project, (report) => program("vitest/vitest.mjs", [...options(report), ...args]), vitestCounts);
}

function playwright(name: string, args: readonly string[]): Promise<Counts> {
  const env = (report: string) => ({ PLAYWRIGHT_JSON_OUTPUT_FILE: report });
  const options = [
    "test",
    "--reporter=list,json",
    ...(args.some((arg) => arg.startsWith("--project")) ? [] : ["--project=desktop"]),
  ];
  return counted(
    name,
    (report) => program("@playwright/test/cli.js", [...options, ...args], env(report)),
    playwrightCounts,
  );
}

/** In the order in which they run: what is quick and tells much comes first. */
export const stages: readonly Stage[] = [
  { name: "lint", isDefault: true, needsBuild: false, run: () => check("@biomejs/biome/bin/biome", ["check", "."]) },
  {
    name: "types",
    isDefault: true,
    needsBuild: false,
    run: () => check("typescript/bin/tsc", ["--noEmit", "-p", "."]),
  },
  {
    name: "imports",
    isDefault: true,
    needsBuild: false,
    run: async () => {
      const problems = checkImports(root);
      for (const problem of problems) process.stderr.write(`${problem}\n`);
      return problems.length === 0 ? ONE_PASSED : ONE_FAILED;
    },
  },
  { name: "unit", isDefault: true, needsBuild: false, run: (args) => vitest("unit", args) },
  { name: "integration", isDefault: true, needsBuild: true, run: (args) => vitest("integration", args) },
  { name: "e2e", isDefault: true, needsBuild: true, run: (args) => playwright("e2e", args) },
  {
    name: "screenshots",
    isDefault: false,
    needsBuild: true,
    run: (args) => playwright("screenshots", ["--project=screenshots", ...args]),
  },
];
