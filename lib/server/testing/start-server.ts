import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { applicationFolder } from "@/lib/application-folder";
import { freePort } from "./free-port";
import { isHealthy } from "./is-healthy";

export interface ServerOptions {
  /** The server's data directory; made when it is missing. Its log goes into it as well. */
  readonly dataDir: string;
  /** Address to listen on. Default 127.0.0.1. */
  readonly address?: string;
  /** Default: a free port, kept over restarts. */
  readonly port?: number;
  /** Further ZONEFLEET_… variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lets the server live on when the process that started it ends, and keeps the terminal's Ctrl-C from it. */
  readonly isDetached?: boolean;
  /** Gives up starting, and stops the server again. */
  readonly signal?: AbortSignal;
  /** Default 60 s. */
  readonly startWithinMs?: number;
}

/** A real server process (dist/server.mjs) for tests, the demo and the bench. */
export interface ServerProcess {
  readonly url: string;
  readonly address: string;
  readonly port: number;
  readonly dataDir: string;
  /** Process id of the running server. @throws Error when it is not running. */
  readonly pid: number;
  /** Everything the server wrote to its log so far, over all restarts. */
  log(): string;
  /** Sends SIGKILL and waits until the process is gone. */
  kill(): Promise<void>;
  /** Sends SIGTERM and waits. @returns the exit code. Does nothing when it is not running. */
  stop(): Promise<number>;
  /** Starts it again, after it has ended, and waits until it answers. @param nodeFlags for this start only */
  start(nodeFlags?: readonly string[]): Promise<void>;
  /** Resolves when the running process ends by itself, with the signal that ended it; at once when none runs. */
  ended(): Promise<NodeJS.Signals | null>;
}

/**
 * Starts a server and waits until it answers /healthz. It must have been built (`npm run build`).
 * @throws Error with the end of the log when it exits or does not answer in time.
 */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const address = options.address ?? "127.0.0.1";
  const port = options.port ?? (await freePort(address));
  const url = `https://${address}:${port}`;
  const logFile = `${path.resolve(options.dataDir)}.log`;
  let child: ChildProcess | undefined;

  const log = () => readFileSync(logFile, "utf8");
  const end = async (signal: NodeJS.Signals): Promise<number> => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return ending?.exitCode ?? 0;
    const exited = once(ending, "exit");
    // A detached server does not keep this process alive, but its end is worth waiting for.
    ending.ref();
    ending.kill(signal);
    return ((await exited)[0] as number | null) ?? 1;
  };
  const start = async (nodeFlags: readonly string[] = []) => {
    const output = openSync(logFile, "a", 0o600);
    const started = spawn(
      process.execPath,
      [...NODE_FLAGS, ...nodeFlags, path.join(applicationFolder(), "dist", "server.mjs")],
      {
        env: {
          ...inherited(),
          NODE_ENV: "production",
          ZONEFLEET_DATA_DIR: options.dataDir,
          ZONEFLEET_LISTEN: address,
          ZONEFLEET_PORT: String(port),
          ...options.env,
        },
        stdio: ["ignore", output, output],
        detached: options.isDetached === true,
      },
    );
    if (options.isDetached) started.unref();
    child = started;
    closeSync(output);
    const deadline = performance.now() + (options.startWithinMs ?? 60_000);
    while (!(await isHealthy(url))) {
      if (options.signal?.aborted) {
        await end("SIGTERM");
        throw new Error("The start was cancelled.");
      }
      const hasExited = started.exitCode !== null || started.signalCode !== null;
      if (hasExited || performance.now() > deadline) {
        await end("SIGKILL");
        throw new Error(
          `The server ${hasExited ? "exited" : "does not answer"}. The end of ${logFile}:\n${log().slice(-4_000)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  await start();
  return {
    url,
    address,
    port,
    dataDir: options.dataDir,
    get pid() {
      if (!child?.pid) throw new Error("The server is not running.");
      return child.pid;
    },
    log,
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
    start,
    async ended() {
      if (child && child.exitCode === null && child.signalCode === null) await once(child, "exit");
      return child?.signalCode ?? null;
    },
  };
}

/**
 * As `npm start` has it. V8 lets its heap grow with what the machine has, to no use here: a server with 10,000 zones takes a third less memory with these, and
 * is as quick.
 */
const NODE_FLAGS = ["--max-semi-space-size=8", "--max-old-space-size=1024"];

/** The environment without settings of a server that the developer may have set. */
function inherited(): Record<string, string | undefined> {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(ZONEFLEET_|DATABASE_URL$|NODE_ENV$|NODE_OPTIONS$|VITEST)/.test(name),
  );
  return Object.fromEntries(entries);
}
