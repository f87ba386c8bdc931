import { ensureBuild } from "../bootstrap/build.mjs";
import { addCounts, type Counts, noCounts } from "./counts";
import { type Stage, stages } from "./stages";

/**
 * Runs the stages and prints what became of them: what failed, told once more (a stage's own report of it may be thousands of lines above), a line for each
 * stage, and how many faults were tried, if any. The last line is `tests: N passed, N failed, N skipped`, over every runner; lint, types, imports and the
 * build count as one test each.
 * @param words names of stages, none for all of `npm test`; after them whatever the runner shall get.
 * @returns the exit code.
 */
export async function runTests(words: readonly string[]): Promise<number> {
  const known = stages.filter((stage) => words[0] === stage.name);
  const selected = known.length > 0 ? known : stages.filter((stage) => stage.isDefault);
  const args = known.length > 0 ? words.slice(1) : [];
  const rows: { name: string; counts: Counts; seconds: number }[] = [];
  const timed = async (name: string, work: () => Promise<Counts>) => {
    process.stderr.write(`\n── ${name}\n`);
    const started = performance.now();
    const counts = await work();
    rows.push({ name, counts, seconds: (performance.now() - started) / 1_000 });
    return counts;
  };
  let build: Counts | undefined;
  for (const stage of selected) {
    if (stage.needsBuild) build ??= await timed("build", tryBuild);
    if (stage.needsBuild && build?.failed) await timed(stage.name, () => notRun(stage));
    else await timed(stage.name, () => stage.run(args));
  }
  const total = rows.map((row) => row.counts).reduce(addCounts, noCounts);
  if (total.failures.length > 0) process.stdout.write(`\nWhat failed:\n\n${total.failures.join("\n\n")}\n`);
  process.stdout.write(`\n${rows.map(describeRow).join("\n")}\n`);
  if (total.faults > 0) process.stdout.write(`faults tried: ${total.faults}\n`);
  process.stdout.write(`tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

async function tryBuild(): Promise<Counts> {
  try {
    await ensureBuild();
    return { ...noCounts, passed: 1 };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return { ...noCounts, failed: 1 };
  }
}

async function notRun(stage: Stage): Promise<Counts> {
  process.stderr.write(`Not run, because the build failed: ${stage.name}\n`);
  return { ...noCounts, failed: 1 };
}

function describeRow({ name, counts, seconds }: { name: string; counts: Counts; seconds: number }): string {
  return `${name.padEnd(12)} ${seconds.toFixed(1).padStart(7)} s   ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

process.exitCode = await runTests(process.argv.slice(2));
