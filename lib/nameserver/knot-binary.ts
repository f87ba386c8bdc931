import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { errorMessage } from "@/lib/errors";

/** Knot as it is installed on this machine. */
export type KnotBinary =
  | {
      readonly status: "found";
      readonly version: string;
      readonly knotd: string;
      readonly knotc: string;
      /** util-linux; gives up root and ties the child's life to ours. `null`: not there. */
      readonly setpriv: string | null;
    }
  | { readonly status: "missing"; readonly reason: string };

/** What the configuration and the control protocol need; older ones are untested. */
const OLDEST = [3, 1] as const;
const INSTALL =
  "Install it without starting its service: apt-get install -y --no-install-recommends knot knot-dnsutils";
const DIRECTORIES = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"] as const;

/**
 * Looks for Knot DNS where system programs lie, whatever the PATH of the panel.
 * @param directories searched in this order
 */
export async function findKnot(directories: readonly string[] = DIRECTORIES): Promise<KnotBinary> {
  if (process.platform !== "linux") {
    return { status: "missing", reason: "The supervised nameserver needs Linux." };
  }
  const knotd = findProgram("knotd", directories);
  const knotc = findProgram("knotc", directories);
  if (!knotd || !knotc) return { status: "missing", reason: `Knot DNS is not installed. ${INSTALL}` };
  try {
    const { stdout } = await promisify(execFile)(knotd, ["--version"], { timeout: 10_000 });
    const [, version, major, minor] = /version ((\d+)\.(\d+)\S*)/.exec(stdout) ?? [];
    if (version === undefined) return { status: "missing", reason: `${knotd} does not say its version. ${INSTALL}` };
    if (Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])) {
      return { status: "missing", reason: `Knot DNS ${version} is too old: ${OLDEST.join(".")} or newer is needed.` };
    }
    return { status: "found", version, knotd, knotc, setpriv: findProgram("setpriv", directories) };
  } catch (error) {
    return { status: "missing", reason: `${knotd} cannot be run: ${errorMessage(error)}` };
  }
}

function findProgram(name: string, directories: readonly string[]): string | null {
  return directories.map((directory) => path.join(directory, name)).find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
