import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestContext, testContext } from "./testing/test-context";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await testContext("sqlite");
});
afterAll(() => ctx.close());

const FULL = 2n;
const NORMAL = 1n;

async function level(): Promise<bigint | undefined> {
  const rows = await ctx.db.client.$queryRaw<{ synchronous: bigint }[]>`PRAGMA synchronous`;
  return rows[0] && BigInt(rows[0].synchronous);
}

/** The level that a transaction commits under, read inside of it. */
function levelInside(transaction: TestContext["db"]["relaxedTransaction"]): Promise<bigint | undefined> {
  return transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ synchronous: bigint }[]>`PRAGMA synchronous`;
    return rows[0] && BigInt(rows[0].synchronous);
  });
}

test("a transaction waits for the disk, a relaxed one does not, and neither leaks into what follows", async () => {
  expect(await levelInside(ctx.db.transaction)).toBe(FULL);
  expect(await levelInside(ctx.db.rawTransaction)).toBe(FULL);
  expect(await level()).toBe(NORMAL);
  expect(await levelInside(ctx.db.relaxedTransaction)).toBe(NORMAL);
  const { transaction, rawTransaction, relaxedTransaction } = ctx.db;
  const levels = await Promise.all([transaction, relaxedTransaction, rawTransaction].map(levelInside));
  expect(levels).toEqual([FULL, NORMAL, FULL]);
});

test("one that fails leaves the level as it was", async () => {
  for (const transaction of [ctx.db.transaction, ctx.db.rawTransaction])
    await expect(transaction(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await level()).toBe(NORMAL);
});
