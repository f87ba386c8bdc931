import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createClient } from "@libsql/client";
import { errorMessage } from "@/lib/errors";

/** Makes the data directory (0700) and its folder for logs; gives an existing one the same mode. */
export function makeDataDirectory(dataDir: string): void {
  mkdirSync(path.join(dataDir, "log"), { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
}

/**
 * Makes sure that one server works in a data directory. The lock is an exclusive transaction on an empty SQLite file: the kernel holds it, also between
 * containers that share a volume, and lets it go when the process dies, however it dies. (A file with a process id would outlive a kill -9.)
 * @returns the function that lets go.
 * @throws Error that names the process holding it.
 */
export async function lockDataDirectory(dataDir: string): Promise<() => Promise<void>> {
  const holder = path.join(dataDir, "server.pid");
  const client = createClient({ url: `file:${path.join(dataDir, "server.lock")}`, timeout: 0 });
  try {
    await client.execute("BEGIN EXCLUSIVE");
  } catch (error) {
    client.close();
    if (!/SQLITE_BUSY|locked/.test(errorMessage(error))) throw error;
    throw new Error(
      `Another server (process ${readHolder(holder)}) uses ${dataDir}. Stop it, or give this one its own ZONEFLEET_DATA_DIR.`,
    );
  }
  writeFileSync(holder, `${process.pid}\n`, { mode: 0o600 });
  return async () => {
    await client.execute("ROLLBACK");
    client.close();
  };
}

function readHolder(file: string): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return "unknown";
  }
}
