/**
 * With whose rights Knot runs. The panel may run as root (port 53, containers); Knot never does.
 *
 *     we are          | Knot runs as                     | ports below 1024
 *     ----------------+----------------------------------+-----------------------------------------------
 *     an ordinary user| the same user                    | where we may (AmbientCapabilities of our service)
 *     root            | knot, or nobody without that user| CAP_NET_BIND_SERVICE and nothing else
 *
 * `setpriv` does the change and asks the kernel to end Knot when we end, however that happens (PR_SET_PDEATHSIG); Knot's own `server.user` would
 * start as root and lose that wish on the way. Without `setpriv` Node changes the user, and a Knot that outlives us is found at the next start.
 */

import type { SpawnOptions } from "node:child_process";
import { readFileSync } from "node:fs";
import type { DnsAddress } from "@/lib/wire/dns-address";

export interface KnotUser {
  readonly uid: number;
  readonly gid: number;
}

const FIRST_FREE_PORT = 1024;

/**
 * The user to run Knot as; `null`: the one we are.
 * @param passwd content of /etc/passwd. @throws Error when we are root and there is no user to become
 */
export function knotUser(
  uid = process.getuid?.(),
  passwd = () => readFileSync("/etc/passwd", "utf8"),
): KnotUser | null {
  if (uid !== 0) return null;
  const lines = passwd().split("\n");
  for (const name of ["knot", "nobody"]) {
    const [, , user, group] = lines.find((line) => line.startsWith(`${name}:`))?.split(":") ?? [];
    if (Number(user) > 0 && Number(group) > 0) return { uid: Number(user), gid: Number(group) };
  }
  throw new Error(
    "The panel runs as root and there is no user to run Knot as. Make one: adduser --system --group knot",
  );
}

/** A command line and the options that matter for rights. */
export interface PrivilegedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: Pick<SpawnOptions, "uid" | "gid">;
}

/** How to run a program with Knot's rights. */
export function asKnotUser(
  program: readonly [file: string, ...args: string[]],
  { user, setpriv, listen }: { user: KnotUser | null; setpriv: string | null; listen: readonly DnsAddress[] },
): PrivilegedCommand {
  const [file, ...args] = program;
  if (!setpriv) return { file, args, options: user ?? {} };
  const changes = ["--pdeathsig", "TERM", "--nnp"];
  if (user) {
    const keep = listen.some(({ port }) => port < FIRST_FREE_PORT) ? "-all,+net_bind_service" : "-all";
    changes.push(`--reuid=${user.uid}`, `--regid=${user.gid}`, "--clear-groups");
    changes.push(`--inh-caps=${keep}`, `--ambient-caps=${keep}`, `--bounding-set=${keep}`);
  }
  return { file: setpriv, args: [...changes, file, ...args], options: {} };
}
