import { type Env, readEnv } from "@/lib/env";
import { errorMessage } from "@/lib/errors";
import { armFaultPoints } from "@/lib/fault-points";
import { logger, setLogLevel } from "@/lib/logger";
import { Closers } from "./closers";
import { startServer } from "./server";

const log = logger("server");

/** Everything has to be over by then: service managers send SIGKILL after ten seconds or more. */
const STOP_MS = 9_500;

/** The process: environment in, one server, signals. `--dev` compiles pages as they are asked for. */
async function main(): Promise<void> {
  const env = environment();
  setLogLevel(env.logLevel);
  armFaultPoints(env.faultPointFile);
  const closers = new Closers();
  let reload = () => {};
  let isStopping = false;

  const stop = async (why: string, exitCode: number) => {
    if (isStopping) {
      log.warn("Asked again to stop: exiting at once.", { why });
      process.exit(exitCode || 1);
    }
    isStopping = true;
    log.info("Stopping.", { why });
    setTimeout(() => {
      log.error("Stopping took too long; what was left is cut off.");
      process.exit(1);
    }, STOP_MS).unref();
    const isClean = await closers.run();
    log.info("Stopped.");
    process.exit(isClean ? exitCode : 1);
  };

  process.on("SIGTERM", () => stop("SIGTERM", 0));
  process.on("SIGINT", () => stop("SIGINT", 0));
  process.on("SIGHUP", () => reload());
  process.on("uncaughtException", (error) => {
    log.error("The server failed and cannot go on.", { error });
    void stop("failure", 1);
  });
  // A page that throws after its visitor left must not take the nameserver's updates down with it.
  process.on("unhandledRejection", (error) => log.error("A part failed and nobody looked at it.", { error }));

  try {
    reload = (await startServer(env, { isDevelopment: process.argv.includes("--dev"), closers })).reload;
  } catch (error) {
    if (isStopping) return;
    log.error("The server could not start.", { error });
    process.stderr.write(`\n${errorMessage(error)}\n`);
    await stop("failure", 1);
  }
}

function environment(): Env {
  try {
    return readEnv();
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exit(1);
  }
}

await main();
