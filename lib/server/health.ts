import { answerInTime } from "@/lib/db/answer-in-time";
import { sql } from "@/lib/db/database";
import { pendingMigrations } from "@/lib/db/migrate";
import { logger } from "@/lib/logger";
import type { NameserverStatus } from "@/lib/nameserver/status";
import type { Runtime } from "@/lib/runtime";

const log = logger("health");

export interface Health {
  readonly database: "ok" | "failed";
  readonly nameserver: NameserverStatus["state"];
}

/** Asks the parts that everything else stands on. A nameserver that is down is told but is no reason to take the panel out of service. */
export async function readHealth(
  runtime: Pick<Runtime, "db"> & { readonly nameserver: () => Pick<NameserverStatus, "state"> },
): Promise<Health> {
  const nameserver = runtime.nameserver().state;
  try {
    await answerInTime(runtime.db.client.$queryRaw(sql`SELECT 1`));
    return { database: "ok", nameserver };
  } catch (error) {
    log.error("The database does not answer.", { error });
    return { database: "failed", nameserver };
  }
}

/** Whether this server can take work, part by part. */
export interface Readiness {
  readonly isReady: boolean;
  readonly database: "ok" | "failed";
  /** "pending": the database lacks tables of this version. */
  readonly migrations: "ok" | "pending" | "unknown";
  /** "stalled": it has not looked for work for a while, although it does so every second. */
  readonly engine: "ok" | "stalled";
}

/** A long transaction of another process may hold it up for some seconds. */
const STALLED_MS = 15_000;

export async function readReadiness(runtime: Pick<Runtime, "db" | "engineIdleMs">): Promise<Readiness> {
  const engine = runtime.engineIdleMs() < STALLED_MS ? "ok" : "stalled";
  try {
    const migrations = (await answerInTime(pendingMigrations(runtime.db))).length === 0 ? "ok" : "pending";
    return { isReady: migrations === "ok" && engine === "ok", database: "ok", migrations, engine };
  } catch (error) {
    log.error("The database does not answer.", { error });
    return { isReady: false, database: "failed", migrations: "unknown", engine };
  }
}
