/** The supervised nameserver's own directory, `nameserver` in the data directory, 0700 and owned by the user that Knot runs as. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { errorMessage } from "@/lib/errors";
import { KNOT_FILES } from "@/lib/nameserver/knot-config";

export interface KnotDirectory {
  readonly dir: string;
  readonly zoneDir: string;
  readonly logFile: string;
  /** A path to Knot's control socket that fits into a socket address. */
  readonly controlSocket: string;
}

/** Longest path of a unix socket, octets (sun_path without its NUL). */
const MAX_SOCKET_PATH = 107;
const MARKER = "started.json";

export function knotDirectory(dataDir: string): KnotDirectory {
  const dir = path.join(dataDir, "nameserver");
  const socket = path.join(dir, KNOT_FILES.control);
  return {
    dir,
    zoneDir: path.join(dir, KNOT_FILES.zones),
    logFile: path.join(dir, KNOT_FILES.log),
    controlSocket:
      Buffer.byteLength(socket) <= MAX_SOCKET_PATH ? socket : path.join(shortLink(dir), KNOT_FILES.control),
  };
}

/** Where a link to a directory with a long path lies: the same for every process, and only this user can make what is behind it. */
function shortLink(dir: string): string {
  const hash = createHash("sha256").update(dir).digest("hex").slice(0, 16);
  return path.join(tmpdir(), `zonefleet-${process.getuid?.() ?? 0}-${hash}`);
}

/**
 * Makes what is missing and gives Knot's own files to its user.
 * @param owner user and group that Knot will run as; `null`: ours
 * @returns whether what Knot served before may be gone or half-written: the directory is new, or the machine was started since (file contents are not
 *   synced to the disk one by one)
 */
export function prepareDirectory(
  { dir, controlSocket }: KnotDirectory,
  owner: { uid: number; gid: number } | null,
): boolean {
  const isLost = readMarker(path.join(dir, MARKER)) !== bootId();
  // What lies on top of doubtful files is doubtful too. The journal is history, not state: secondaries transfer whole zones once.
  const stale = isLost ? [KNOT_FILES.database, KNOT_FILES.journal] : [KNOT_FILES.database];
  for (const part of stale) rmSync(path.join(dir, part), { recursive: true, force: true });
  const own = ["", KNOT_FILES.timers, KNOT_FILES.journal].map((part) => path.join(dir, part));
  for (const part of own) mkdirSync(part, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  if (owner) for (const part of own) chownSync(part, owner.uid, owner.gid);
  if (path.dirname(controlSocket) !== dir) makeLink(path.dirname(controlSocket), dir);
  // Until the engine has it that it must compare, every further start says so again.
  if (isLost) mark(path.join(dir, MARKER), { isUntold: true });
  return isLost;
}

/** The engine knows that what was served before may be gone. */
export function noteTold({ dir }: KnotDirectory): void {
  mark(path.join(dir, MARKER), { boot: bootId() });
}

function makeLink(link: string, dir: string): void {
  const there = lstatSync(link, { throwIfNoEntry: false });
  if (there?.isSymbolicLink() && there.uid === process.getuid?.() && readlinkSync(link) === dir) return;
  if (there) throw new Error(`${link} is in the way. Remove it, or choose a data directory with a shorter path.`);
  symlinkSync(dir, link);
}

function bootId(): string {
  return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
}

function mark(marker: string, content: object): void {
  writeFileSync(`${marker}.new`, JSON.stringify(content), { mode: 0o600 });
  renameSync(`${marker}.new`, marker);
}

function readMarker(marker: string): string | null {
  if (!existsSync(marker)) return null;
  try {
    const { boot } = JSON.parse(readFileSync(marker, "utf8"));
    return typeof boot === "string" ? boot : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw new Error(`${marker} cannot be read: ${errorMessage(error)}`, { cause: error });
  }
}

/** Whether the directory that Knot was started in is still there, and not a new one in its place. */
export function isDirectoryThere({ dir }: KnotDirectory): boolean {
  return existsSync(path.join(dir, MARKER));
}

/**
 * The process id of a Knot that an earlier panel left running in this directory, or `null`. The pid file alone proves nothing, as numbers are
 * used again: the process must be a knotd and work in this very directory.
 */
export function findStaleKnot({ dir }: KnotDirectory): number | null {
  const pidFile = path.join(dir, KNOT_FILES.pid);
  const pid = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8").trim()) : 0;
  return Number.isInteger(pid) && pid > 1 && isKnotIn(pid, dir) ? pid : null;
}

/** Whether that process is a knotd that works in `dir`. */
export function isKnotIn(pid: number, dir: string): boolean {
  try {
    const program = path.basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, "");
    const [here, there] = [statSync(dir), statSync(`/proc/${pid}/cwd`)];
    return program === "knotd" && here.ino === there.ino && here.dev === there.dev;
  } catch {
    // It has ended, or is not ours to look at: either way not a Knot of this directory.
    return false;
  }
}
