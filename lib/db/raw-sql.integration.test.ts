import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Queryable, sql } from "./database";
import { type TestContext, testContext } from "./testing/test-context";

describe.each(["sqlite", "postgresql"] as const)("raw SQL on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext(provider);
    await ctx.db.client.target.create({ data: { floorSeq: 7n, seenSeq: 2n ** 53n - 1n, error: "ü", createdAt: 1n } });
  });
  afterAll(() => ctx.close());

  const read = (db: Queryable) =>
    db.$queryRaw<Record<string, unknown>[]>(
      sql`SELECT "attempts", "memberId", "floorSeq", "seenSeq", "needsCompare", "error" FROM "Target" WHERE "floorSeq" = ${7}`,
    );
  const row = {
    attempts: 0,
    memberId: null,
    floorSeq: 7n,
    seenSeq: 2n ** 53n - 1n,
    needsCompare: true,
    error: "ü",
  };

  it("gives values of one kind for a column, in and out of transactions", async () => {
    expect(await read(ctx.db.client)).toEqual([row]);
    expect(await ctx.db.transaction(read)).toEqual([row]);
  });

  it("says how many rows it changed", async () => {
    const change = (tx: Queryable) =>
      tx.$executeRaw`UPDATE "Target" SET "needsCompare" = ${true} WHERE "attempts" < ${5}`;
    expect(await ctx.db.transaction(change)).toBe(1);
    expect(await change(ctx.db.client)).toBe(1);
  });

  it("sees what its own transaction wrote, by model or raw, and undoes it with it", async () => {
    const failed = ctx.db.transaction(async (tx) => {
      await tx.setting.create({ data: { key: "model", value: "1" } });
      await tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES (${"raw"}, ${"2"})`;
      const found = await tx.$queryRaw<
        { key: string }[]
      >`SELECT "key" FROM "Setting" WHERE "key" IN ('model', 'raw') ORDER BY "key"`;
      expect(found.map(({ key }) => key)).toEqual(["model", "raw"]);
      throw new Error("undo");
    });
    await expect(failed).rejects.toThrow("undo");
    expect(await ctx.db.client.setting.count({ where: { key: { in: ["model", "raw"] } } })).toBe(0);
  });

  it("what is on its way to the disk is seen by others already, and undone when it fails", async () => {
    const write = (key: string, then = () => {}) =>
      ctx.db.visibleTransaction(async (tx) => {
        await tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES (${key}, '1')`;
        then();
        return key;
      });
    const { result, kept } = await write("visible");
    expect(result).toBe("visible");
    expect(await ctx.db.client.setting.count({ where: { key: "visible" } })).toBe(1);
    await kept;
    const failed = write("invisible", () => {
      throw new Error("undo");
    });
    await expect(failed).rejects.toThrow("undo");
    expect(await ctx.db.client.setting.count({ where: { key: "invisible" } })).toBe(0);
  });

  it("a statement that comes after its transaction is refused, not written outside of it", async () => {
    const late = await ctx.db.transaction(async (tx) => ({ tx }));
    await expect(late.tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES ('late', '1')`).rejects.toThrow();
    expect(await ctx.db.client.setting.findUnique({ where: { key: "late" } })).toBeNull();
  });

  it("looks again when somebody else wrote the same key meanwhile", async () => {
    let tries = 0;
    await ctx.db.transaction(async (tx) => {
      tries++;
      if (tries > 1) return;
      await tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES ('twice', '1')`;
      await tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES ('twice', '1')`;
    });
    expect(tries).toBe(2);
  });
});
