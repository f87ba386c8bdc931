import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const alias = { "@": path.resolve(import.meta.dirname) };

/** What an assertion compared is told whole in its message, which is all that the summary of a run has. */
const chaiConfig = { truncateThreshold: 2_000 };

/** Files that take minutes: begun last, one of them would be waited for alone. */
const SLOWEST = ["/lib/faults/", "/lib/engine/kill.", "/lib/engine/proof/", "/lib/cli/", "/lib/server/server."];

/** Begins with the files that take longest; the others in the runner's own order. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = SLOWEST.findIndex((part) => moduleId.includes(part));
      return at < 0 ? SLOWEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** Two projects: `unit` (no network, no wall clock) and `integration` (real nameservers, databases and sockets on loopback). */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        resolve: { alias },
        test: {
          name: "unit",
          chaiConfig,
          include: ["{lib,app,components,scripts}/**/*.test.{ts,tsx}"],
          exclude: ["**/*.integration.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: "integration",
          chaiConfig,
          include: ["{lib,scripts}/**/*.integration.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Servers at work are waited for; what is polled comes in milliseconds on a machine with nothing else to do.
          expect: { poll: { timeout: 30_000 } },
          // Two files at a time keep two cores busy: every file waits for servers of its own.
          maxWorkers: 2,
        },
      },
    ],
  },
});
