import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { readReadiness } from "./health";

describe.each(["sqlite", "postgresql"] as const)("readiness on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider);
  });
  afterAll(() => ctx.close());
  const ready = (idleMs: number) => readReadiness({ db: ctx.db, engineIdleMs: () => idleMs });

  it("is given while the engine looks for work", async () => {
    expect(await ready(1_000)).toEqual({ isReady: true, database: "ok", migrations: "ok", engine: "ok" });
    for (const idleMs of [15_000, Number.POSITIVE_INFINITY])
      expect(await ready(idleMs)).toEqual({ isReady: false, database: "ok", migrations: "ok", engine: "stalled" });
  });

  it("is not given by a database that lacks a migration, or does not answer", async () => {
    const rename = (from: string, to: string) =>
      ctx.db.client
        .$executeRaw`UPDATE "_prisma_migrations" SET "migration_name" = ${to} WHERE "migration_name" = ${from}`;
    const name = "20261120090000_first_cluster";
    await rename(name, "gone");
    expect(await ready(0)).toMatchObject({ isReady: false, database: "ok", migrations: "pending" });
    await rename("gone", name);
    await ctx.db.client.$executeRaw`ALTER TABLE "_prisma_migrations" RENAME TO "away"`;
    expect(await ready(0)).toMatchObject({ isReady: false, database: "failed", migrations: "unknown" });
  });
});
