/** What the supervisor needs of the machine, and how a real one gives it. Tests of the state machine bring their own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, copyFileSync, openSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createControlSocket } from "@/lib/drivers/knot/control-socket";
import { readLogTail } from "@/lib/drivers/knot/log-reasons";
import { createZoneStore } from "@/lib/drivers/knot/zone-store";
import { DriverError } from "@/lib/errors";
import { findKnot, type KnotBinary } from "@/lib/nameserver/knot-binary";
import { KNOT_FILES, reachableAddress, renderKnotConfig } from "@/lib/nameserver/knot-config";
import {
  findStaleKnot,
  isDirectoryThere,
  isKnotIn,
  type KnotDirectory,
  noteTold,
  prepareDirectory,
} from "@/lib/nameserver/knot-directory";
import { asKnotUser, type KnotUser, knotUser } from "@/lib/nameserver/knot-privileges";
import { checkListen, type ListenProblem } from "@/lib/nameserver/listen-check";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoa } from "@/lib/wire/query";

export type FoundKnot = Extract<KnotBinary, { status: "found" }>;

/** A running knotd. */
export interface KnotProcess {
  readonly pid: number;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

export interface KnotHost {
  findBinary(): Promise<KnotBinary>;
  /** Ends a Knot that an earlier panel left running in our directory. @returns its process id, or `null` when there was none */
  endStale(): Promise<number | null>;
  checkListen(listen: readonly DnsAddress[]): Promise<ListenProblem | null>;
  /**
   * Makes the directory and a configuration from the zone files in it. Knot must not be running.
   * @returns whether what was served before may be gone or half-written. @throws Error
   */
  prepare(binary: FoundKnot, listen: readonly DnsAddress[]): Promise<{ readonly isLost: boolean }>;
  spawn(binary: FoundKnot, listen: readonly DnsAddress[]): KnotProcess;
  /** Somebody has noted for good that what was served before may be gone: the next start need not say so again. */
  noteTold(): void;
  /** Whether Knot takes commands and answers at every address. */
  isReady(listen: readonly DnsAddress[]): Promise<boolean>;
  /** Looks after a running Knot: keeps its log within bounds. @returns false when its directory was taken away */
  tend(): boolean;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Octets; the log before that is kept as `knot.log.1`. */
const MAX_LOG_OCTETS = 5 * 1024 * 1024;
const STOP_GRACE_MS = 5_000;
const PROBE_TIMEOUT_MS = 1_000;
/** Any answer will do, also REFUSED. */
const PROBE_ZONE = "zonefleet-probe.invalid.";

export function createKnotHost(directory: KnotDirectory): KnotHost {
  const { dir, logFile, zoneDir, controlSocket } = directory;
  const control = createControlSocket({ path: controlSocket, timeoutMs: PROBE_TIMEOUT_MS });
  return {
    findBinary: () => findKnot(),
    endStale: () => endStale(directory),
    checkListen,
    async prepare(binary, listen) {
      const user = knotUser();
      const isLost = prepareDirectory(directory, user);
      const zones = await createZoneStore(zoneDir).recover();
      writeFileSync(path.join(dir, KNOT_FILES.config), renderKnotConfig({ listen, zones }), { mode: 0o644 });
      await importConfig(binary, directory, user);
      return { isLost };
    },
    spawn(binary, listen) {
      const program = [binary.knotd, "-C", KNOT_FILES.database] as const;
      return spawnKnot(asKnotUser([...program], { user: knotUser(), setpriv: binary.setpriv, listen }), directory);
    },
    noteTold: () => noteTold(directory),
    async isReady(listen) {
      try {
        await control.session(undefined, (session) => session.command({ command: "status" }));
      } catch (error) {
        if (error instanceof DriverError) return false;
        throw error;
      }
      const options = { timeoutMs: PROBE_TIMEOUT_MS };
      const answers = await Promise.all(listen.map((at) => querySoa(reachableAddress(at), PROBE_ZONE, options)));
      return answers.every(({ status }) => status !== "timeout" && status !== "unreachable");
    },
    tend() {
      if (!isDirectoryThere(directory)) return false;
      const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
      if (size > MAX_LOG_OCTETS) {
        // Knot holds the file open for appending, so it is emptied in place.
        copyFileSync(logFile, `${logFile}.1`);
        truncateSync(logFile);
      }
      return true;
    },
    async sleep(ms, signal) {
      await sleep(ms, undefined, { signal }).catch((error: Error) => {
        if (error.name !== "AbortError") throw error;
      });
    },
  };
}

async function endStale(directory: KnotDirectory): Promise<number | null> {
  const pid = findStaleKnot(directory);
  if (pid === null) return null;
  process.kill(pid, "SIGTERM");
  for (let waited = 0; isKnotIn(pid, directory.dir); waited += 20) {
    if (waited >= STOP_GRACE_MS) process.kill(pid, "SIGKILL");
    await sleep(20);
  }
  return pid;
}

/** Turns the configuration into Knot's database, as the user that will open it. @throws Error with what knotc says */
async function importConfig(binary: FoundKnot, { dir }: KnotDirectory, user: KnotUser | null): Promise<void> {
  const { file, args, options } = asKnotUser(
    [binary.knotc, "-C", KNOT_FILES.database, "conf-import", KNOT_FILES.config],
    { user, setpriv: binary.setpriv, listen: [] },
  );
  const child = spawn(file, args, { ...options, cwd: dir, stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000);
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`Knot refuses its configuration: ${complaint.trim()}`);
}

function spawnKnot(command: ReturnType<typeof asKnotUser>, { dir, logFile }: KnotDirectory): KnotProcess {
  // Straight into a file and not through us: Knot must never wait for the panel to read.
  const log = openSync(logFile, "a", 0o600);
  // A session of its own, so that Ctrl-C in a terminal reaches us alone and Knot ends when we say so.
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: dir,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`it could not be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      resolve(signal ? `it was ended by ${signal}` : `it ended with code ${code} (${lastLine(logFile)})`),
    );
  });
  return { pid: child.pid ?? 0, ended, kill: (signal) => void child.kill(signal) };
}

function lastLine(file: string): string {
  return readLogTail(file).trimEnd().split("\n").at(-1) || "its log is empty";
}
