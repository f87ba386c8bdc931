import { afterAll, beforeAll, expect, it } from "vitest";
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

it("a page's query does not wait for a transaction that is under way, and sees it once it is committed", async () => {
  const read = async () => (await ctx.db.client.setting.findUnique({ where: { key: "page" } }))?.value;
  await ctx.db.transaction(async (tx) => {
    await tx.setting.create({ data: { key: "page", value: "new" } });
    expect(await read()).toBeUndefined();
  });
  expect(await read()).toBe("new");
});
