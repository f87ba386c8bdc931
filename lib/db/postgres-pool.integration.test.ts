import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Database, openDatabase, sql } from "./database";
import { type SilentPostgres, startSilentPostgres } from "./testing/silent-postgres";

describe("a PostgreSQL that goes silent", () => {
  let postgres: SilentPostgres;
  let db: Database;
  beforeAll(async () => {
    postgres = await startSilentPostgres();
    db = await openDatabase(postgres.url, { connectMs: 2_000, silentMs: 2_000 });
  });
  afterAll(async () => {
    await db.close();
    await postgres.stop();
  });
  beforeEach(() => postgres.link.set(null));

  const ask = () => db.client.$queryRaw<{ n: number }[]>(sql`SELECT 1 AS "n"`);
  const timed = async (work: Promise<unknown>) => {
    const began = performance.now();
    await expect(work).rejects.toThrow();
    return performance.now() - began;
  };

  it("is given up, open connections and new ones, and is asked again", async () => {
    await ask();
    await postgres.link.set({ kind: "silence" });
    expect(await timed(ask())).toBeLessThan(10_000);
    expect(await timed(ask())).toBeLessThan(10_000);
    await postgres.link.set(null);
    expect(await ask()).toEqual([{ n: 1 }]);
  });

  it("takes nothing into a transaction that was given up, and gives every place in the pool back", async () => {
    const write = async (key: string) =>
      db.transaction(async (tx) => {
        await tx.setting.create({ data: { key, value: "{}" } });
        if (key === "kept") return;
        await postgres.link.set({ kind: "silence" });
        await tx.setting.count();
      });
    // More than the pool has places.
    const cut = Array.from({ length: 12 }, (_, index) => timed(write(`cut${index}`)));
    for (const ms of await Promise.all(cut)) expect(ms).toBeLessThan(30_000);
    await postgres.link.set(null);
    await write("kept");
    const keys = await db.client.setting.findMany({ select: { key: true } });
    expect(keys).toEqual([{ key: "kept" }]);
  });

  it("is waited for while a statement works, up to the limit", async () => {
    expect(await timed(db.client.$queryRaw(sql`SELECT 1 AS "n" FROM pg_sleep(30)`))).toBeLessThan(10_000);
    expect(await db.client.$queryRaw(sql`SELECT 1 AS "n" FROM pg_sleep(1)`)).toEqual([{ n: 1 }]);
  });
});
