import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "@/lib/clock";
import { type Database, openDatabase } from "@/lib/db/database";
import { type SilentPostgres, startSilentPostgres } from "@/lib/db/testing/silent-postgres";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { mayScrape } from "@/lib/metrics/access";
import { createMetrics } from "@/lib/metrics/registry";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { writeSettings } from "@/lib/settings/settings";
import { readHealth, readReadiness } from "./health";

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

describe("while the database is silent", () => {
  let postgres: SilentPostgres;
  let db: Database;
  beforeAll(async () => {
    setLogLevel("error");
    postgres = await startSilentPostgres();
    db = await openDatabase(postgres.url);
    await writeSettings(db.client, "metrics", { isEnabled: true, allowed: ["192.0.2.1"], tokenHash: "" });
  });
  afterAll(async () => {
    await postgres.link.set({ kind: "refuse" });
    await db.close();
    await postgres.stop();
  });

  it("its state is told within seconds, and so is what is counted here", async () => {
    const nameserver = () => ({ state: "running", restarts: 0 }) as const;
    const scrape = () => mayScrape({ db }, new Headers({ [CLIENT_HEADER]: "192.0.2.1" }));
    const metrics = createMetrics({ db, clock: systemClock }, { nameserver, engineIdleMs: () => 0 });
    expect(await scrape()).toBe("yes");
    await postgres.link.set({ kind: "silence" });
    const began = performance.now();
    const [health, readiness, text, access] = await Promise.all([
      readHealth({ db, nameserver }),
      readReadiness({ db, engineIdleMs: () => 20_000 }),
      metrics.text(),
      scrape(),
    ]);
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(health).toEqual({ database: "failed", nameserver: "running" });
    expect(readiness).toEqual({ isReady: false, database: "failed", migrations: "unknown", engine: "stalled" });
    expect(text).toContain("zonefleet_collected 0\n");
    expect(access).toBe("yes");
  });
});
