import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A PostgreSQL server of a test's own: a private directory and a Unix socket, no port. */
export interface PostgresServer {
  /** @returns the address of a new, empty database. */
  createDatabase(): string;
  stop(): Promise<void>;
}

const ROOT = "/usr/lib/postgresql";

function binaries(): string {
  const [version] = existsSync(ROOT) ? readdirSync(ROOT).sort((a, b) => Number(b) - Number(a)) : [];
  if (!version) throw new Error("These tests need PostgreSQL: apt-get install postgresql (npm test does it).");
  return path.join(ROOT, version, "bin");
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package makes. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Starts a server without durability, which a test does not need. */
export async function startPostgres(): Promise<PostgresServer> {
  const bin = binaries();
  const user = account();
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-pg-"));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = path.join(folder, "data");
  const quiet = { ...user, cwd: folder, stdio: "ignore" as const };
  execFileSync(
    path.join(bin, "initdb"),
    ["-D", data, "-U", "zonefleet", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
    quiet,
  );
  const options = [
    "-D",
    data,
    "-k",
    folder,
    "-c",
    "listen_addresses=",
    "-c",
    "fsync=off",
    "-c",
    "full_page_writes=off",
  ];
  const server = spawn(path.join(bin, "postgres"), options, quiet);
  const client = ["-h", folder, "-U", "zonefleet"];
  await untilReady(server, () => execFileSync(path.join(bin, "pg_isready"), client, quiet));
  let databases = 0;
  return {
    createDatabase() {
      const name = `test_${++databases}`;
      execFileSync(path.join(bin, "createdb"), [...client, name], quiet);
      return `postgresql://zonefleet@localhost/${name}?host=${encodeURIComponent(folder)}`;
    },
    async stop() {
      const exited = once(server, "exit");
      // "Fast" shutdown: open connections are closed.
      if (server.exitCode === null && server.kill("SIGINT")) await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilReady(server: ChildProcess, ask: () => void): Promise<void> {
  for (let tries = 0; server.exitCode === null && tries < 400; tries++) {
    try {
      ask();
      return;
    } catch {
      // pg_isready says so with its exit code: not yet.
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error("PostgreSQL did not start.");
}
