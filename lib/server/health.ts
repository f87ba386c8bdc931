import { sql } from "@/lib/db/database";
import { logger } from "@/lib/logger";
import type { NameserverStatus } from "@/lib/nameserver/status";
import type { Runtime } from "@/lib/runtime";

const log = logger("health");

export interface Health {
  readonly database: "ok" | "failed";
  readonly nameserver: NameserverStatus["state"];
}

/** Asks the parts that everything else stands on. A nameserver that is down is told but is no reason to take the panel out of service. */
export async function readHealth(runtime: Runtime): Promise<Health> {
  const nameserver = runtime.nameserver().state;
  try {
    await runtime.db.client.$queryRaw(sql`SELECT 1`);
    return { database: "ok", nameserver };
  } catch (error) {
    log.error("The database does not answer.", { error });
    return { database: "failed", nameserver };
  }
}
