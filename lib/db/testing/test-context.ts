import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { UserActor } from "@/lib/access/actor";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { openDatabase, type Provider } from "@/lib/db/database";
import { readEnv } from "@/lib/env";
import { loadSecrets } from "@/lib/secrets";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { privilegesOf } from "@/lib/users/privileges";
import { type PostgresServer, startPostgres } from "./postgres-server";

/** A server's context on a database of its own, for tests of services. */
export interface TestContext extends Context {
  readonly root: UserActor;
  /** Makes a reseller with these of WHM's privileges; with the usual ones when left out. */
  addReseller(username: string, privileges?: readonly string[]): Promise<UserActor>;
  close(): Promise<void>;
}

/**
 * Opens an empty database with every migration applied and the user root in it.
 * @param overrides parts of the context, such as a clock
 */
export async function testContext(provider: Provider, overrides: Partial<Context> = {}): Promise<TestContext> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "zonefleet-test-"));
  const postgres: PostgresServer | null = provider === "postgresql" ? await startPostgres() : null;
  const db = await openDatabase(postgres?.createDatabase() ?? `file:${path.join(dataDir, "test.db")}`);
  const addUser = async (username: string, role: UserActor["role"], acls: readonly string[]): Promise<UserActor> => {
    const user = await db.client.user.create({
      data: { username, role, acls: JSON.stringify(acls), passwordHash: "", createdAt: 0n },
    });
    return { kind: "user", userId: user.id, username, role, ...privilegesOf(user) };
  };
  return {
    db,
    clock: systemClock,
    env: readEnv({ ZONEFLEET_DATA_DIR: dataDir }),
    secrets: loadSecrets(dataDir),
    wake: () => undefined,
    ...overrides,
    root: await addUser("root", "root", []),
    addReseller: (username, privileges = DEFAULT_RESELLER_ACLS) => addUser(username, "reseller", privileges),
    async close() {
      await db.close();
      await postgres?.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
