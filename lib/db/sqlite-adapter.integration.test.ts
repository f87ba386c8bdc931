import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Queryable, RawQueryable } from "./database";
import { type TestContext, testContext } from "./testing/test-context";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await testContext("sqlite");
});
afterAll(() => ctx.close());

it("a commit that fails leaves no transaction open, in which later writes would be lost", async () => {
  await ctx.db.client.$executeRawUnsafe("PRAGMA foreign_keys = ON");
  // A key that is looked at when the transaction is committed, and not before.
  await ctx.db.client.$executeRawUnsafe(
    `CREATE TABLE "Child" ("of" INTEGER REFERENCES "User"("id") DEFERRABLE INITIALLY DEFERRED)`,
  );
  const failed = ctx.db.transaction(async (tx) => {
    await tx.setting.create({ data: { key: "lost", value: "1" } });
    await tx.$executeRawUnsafe(`INSERT INTO "Child" VALUES (999)`);
  });
  await expect(failed).rejects.toThrow(/FOREIGN KEY/);
  await ctx.db.transaction((tx) => tx.setting.create({ data: { key: "kept", value: "1" } }));
  expect((await ctx.db.client.setting.findMany()).map(({ key }) => key)).toEqual(["kept"]);
});

it.each<[string, (tx: Queryable) => Promise<unknown>]>([
  ["raw", (tx) => tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES ('outside', '1')`],
  ["by model", (tx) => tx.setting.create({ data: { key: "outside", value: "1" } })],
])(
  "nothing is written, %s, after SQLite has ended the transaction by itself, as it does when the disk is full",
  async (way, write) => {
    await ctx.db.client.setting.upsert({ where: { key: "there" }, create: { key: "there", value: "1" }, update: {} });
    const failed = ctx.db.transaction(async (tx) => {
      const ending = tx.$executeRaw`INSERT OR ROLLBACK INTO "Setting" ("key", "value") VALUES ('there', '2')`;
      await expect(ending).rejects.toThrow();
      await write(tx);
    });
    await expect(failed).rejects.toThrow();
    expect(await ctx.db.client.setting.findUnique({ where: { key: "outside" } })).toBeNull();
    await ctx.db.transaction((tx) => tx.setting.create({ data: { key: `after ${way}`, value: "1" } }));
  },
);

it("all is well again after another process had the database locked for longer than anybody waits", async () => {
  const [database] = await ctx.db.client.$queryRawUnsafe<{ file: string }[]>("PRAGMA database_list");
  const libsql = createRequire(import.meta.url).resolve("libsql");
  const lock = `const database = new (require(${JSON.stringify(libsql)}))(${JSON.stringify(database?.file)});
    database.exec("BEGIN IMMEDIATE");
    console.log("locked");
    setTimeout(() => database.exec("ROLLBACK"), 6_000);`;
  const other = spawn(process.execPath, ["-e", lock], { stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");
  const write = (key: string) => (tx: RawQueryable) =>
    tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES (${key}, '1')`;
  await ctx.db.transaction(write("locked, by Prisma"));
  await ctx.db.rawTransaction(write("locked, raw"));
  await ctx.db.client.setting.create({ data: { key: "locked, alone", value: "1" } });
  await once(other, "exit");
  expect(await ctx.db.client.setting.count({ where: { key: { startsWith: "locked" } } })).toBe(3);
}, 60_000);

it("an error outside of a transaction leaves none open", async () => {
  const add = () => ctx.db.client.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES ('twice', '1')`;
  await add();
  await expect(add()).rejects.toThrow(/UNIQUE/);
  await ctx.db.transaction((tx) => tx.setting.delete({ where: { key: "twice" } }));
});

it("a page's query does not wait for a transaction that is under way, and sees it once it is committed", async () => {
  const read = async () => (await ctx.db.client.setting.findUnique({ where: { key: "page" } }))?.value;
  await ctx.db.transaction(async (tx) => {
    await tx.setting.create({ data: { key: "page", value: "new" } });
    expect(await read()).toBeUndefined();
  });
  expect(await read()).toBe("new");
});

it("what is written takes its turn, by whichever way it comes, and one that fails leaves nothing behind", async () => {
  const order: string[] = [];
  const write = (key: string) => (tx: RawQueryable) => {
    order.push(key);
    return tx.$executeRaw`INSERT INTO "Setting" ("key", "value") VALUES (${key}, '1')`;
  };
  const lost = ctx.db.rawTransaction(async (tx) => {
    await write("raw lost")(tx);
    await new Promise(setImmediate);
    throw new Error("undo");
  });
  const kept = [
    ctx.db.transaction(write("by Prisma")),
    ctx.db.rawTransaction(write("raw")),
    ctx.db.client.setting.create({ data: { key: "outside too", value: "1" } }),
    ctx.db.relaxedTransaction(write("relaxed")),
  ];
  await expect(lost).rejects.toThrow("undo");
  await Promise.all(kept);
  expect(order).toHaveLength(4);
  const found = await ctx.db.client.setting.findMany({
    where: { key: { in: ["raw lost", "by Prisma", "raw", "outside too", "relaxed"] } },
  });
  expect(found).toHaveLength(4);
  expect(found.map(({ key }) => key)).not.toContain("raw lost");
});
