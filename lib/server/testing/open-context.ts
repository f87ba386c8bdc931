import type { UserActor } from "@/lib/access/actor";
import { systemClock } from "@/lib/clock";
import type { Context } from "@/lib/context";
import { openDatabase } from "@/lib/db/database";
import { readEnv } from "@/lib/env";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { loadSecrets } from "@/lib/secrets";
import { makeDataDirectory } from "../data-directory";
import { firstStart } from "../first-start";

/** The services of a server without the server: on its data directory, beside it or before it runs. */
export interface ServerContext extends Context {
  readonly root: UserActor;
  close(): Promise<void>;
}

/**
 * Opens what a server with these variables would open, and sets it up when they hold root's password. A server that runs on it at the same time learns of
 * changes at its next tick.
 * @throws Error when the server was never set up.
 */
export async function openContext(variables: Readonly<Record<string, string>>): Promise<ServerContext> {
  const env = readEnv(variables);
  makeDataDirectory(env.dataDir);
  const db = await openDatabase(env.databaseUrl);
  const ctx: Context = {
    db,
    clock: systemClock,
    env,
    secrets: loadSecrets(env.dataDir, env.secretKey),
    wake: () => undefined,
  };
  await firstStart(ctx);
  const root = await db.client.user.findUniqueOrThrow({ where: { username: "root" } });
  return {
    ...ctx,
    root: { kind: "user", userId: root.id, username: root.username, role: "root" },
    async close() {
      await closeMemberDrivers(ctx);
      await db.close();
    },
  };
}
