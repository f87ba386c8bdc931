import { readClientEnv } from "@/lib/env";
import { errorMessage } from "@/lib/errors";
import { EXIT } from "./command";
import { run } from "./run";

/** The process behind `npx zonefleet`. */
try {
  process.exitCode = await run(process.argv.slice(2), readClientEnv(), {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  });
} catch (error) {
  process.stderr.write(`Something went wrong: ${errorMessage(error)}\n`);
  process.exitCode = EXIT.failed;
}
