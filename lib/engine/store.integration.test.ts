import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Context } from "@/lib/context";
import { type Queryable, sql } from "@/lib/db/database";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import type { Verified } from "@/lib/sync/ports";
import { databaseStore } from "./store";
import { loadTarget, loadTargets } from "./targets";

/** What is asked every second, and after every edit, has to stay cheap with any number of zones: no statement may read all rows of a target. */
describe("the engine's statements on sqlite", () => {
  let ctx: TestContext;
  let watched: Context;
  const statements: ReturnType<typeof sql>[] = [];

  /** The same client, which writes down every raw statement. */
  const watching = (client: Queryable): Queryable =>
    new Proxy(client, {
      get(target, property) {
        const value: unknown = Reflect.get(target, property, target);
        if (property !== "$queryRaw" && property !== "$executeRaw") return value;
        return (statement: ReturnType<typeof sql>) => {
          statements.push(statement);
          return (value as (statement: unknown) => unknown).call(target, statement);
        };
      },
    });

  beforeAll(async () => {
    ctx = await testContext("sqlite");
    const transaction: Context["db"]["transaction"] = (work) => ctx.db.transaction((tx) => work(watching(tx)));
    watched = {
      ...ctx,
      db: { ...ctx.db, client: watching(ctx.db.client), transaction, relaxedTransaction: transaction },
    };
    await ctx.db.client.target.create({ data: { id: 1, createdAt: 0n } });
    await ctx.db.client.lease.create({ data: { name: "target:1", owner: "test", until: 0n } });
  });
  afterAll(() => ctx.close());

  const target = async () => {
    const loaded = await loadTarget(ctx, 1);
    if (!loaded) throw new Error("There is no target.");
    return loaded;
  };

  const verified = (zoneId: number, state: Verified["state"]): Verified => ({
    due: { zoneId, name: "a.example.", seq: zoneId, serial: 1, newestSerial: 1, hasProblem: false, attempts: 0 },
    state,
    observedSerial: null,
    detail: null,
    problem: null,
    at: 1,
    nextAt: state === "served" ? null : 2,
  });

  it("what was found is one statement for hundreds of zones, though each reason names its zone", async () => {
    const { client } = ctx.db;
    const zones = Array.from({ length: 40 }, (_, index) => 1_000 + index);
    await client.zone.createMany({
      data: zones.map((id) => ({
        ...{ id, name: `z${id}.example.`, ownerId: 1, changeSeq: BigInt(id), serial: 1n, digest: "d", recordCount: 1 },
        ...{ createdAt: 0n, updatedAt: 0n },
      })),
    });
    await client.zoneTarget.createMany({
      data: zones.map((zoneId) => ({
        zoneId,
        targetId: 1,
        ackSeq: BigInt(zoneId),
        verifySeq: BigInt(zoneId),
        verifyAt: 1n,
      })),
    });
    const found = zones.map((id, index): Verified => {
      // The last one has a newer change meanwhile, and the one before it nothing more to be found out.
      const seq = index === 39 ? id - 1 : id;
      const nextAt = index === 38 ? null : 7;
      return { ...verified(id, "absent"), due: { ...verified(id, "absent").due, seq }, detail: `no z${id}`, nextAt };
    });
    statements.length = 0;
    await databaseStore(watched, "test").recordVerified(await target(), found);
    expect(statements.length).toBeLessThanOrEqual(2);
    const rows = await client.zoneTarget.findMany({ where: { zoneId: { in: zones } }, orderBy: { zoneId: "asc" } });
    expect(rows.slice(37)).toMatchObject([
      { observedState: "absent", observedDetail: "no z1037", verifySeq: 1037n, verifyAt: 7n, verifyAttempts: 1 },
      { observedState: "absent", observedDetail: "no z1038", verifySeq: null, verifyAt: null, verifyAttempts: 0 },
      { observedState: null, observedDetail: null, verifySeq: 1039n, verifyAt: 1n, verifyAttempts: 0 },
    ]);
  });

  it.each<[string, () => Promise<unknown>]>([
    ["what is due", () => loadTargets(watched)],
    ["live changes", async () => databaseStore(watched, "test").live(await target(), 5, 10)],
    [
      "live changes of an account",
      async () => {
        const own = { ...(await target()), reach: { kind: "account", ownerId: 7 } } as const;
        return databaseStore(watched, "test").live(own, 5, 10);
      },
    ],
    [
      "the backlog of an account",
      async () => {
        const own = { ...(await target()), reach: { kind: "account", ownerId: 7 } } as const;
        return databaseStore(watched, "test").backlog(own, 5, 10, 10);
      },
    ],
    ["retries", async () => databaseStore(watched, "test").retries(await target(), 5, 10)],
    ["checks due", () => databaseStore(watched, "test").verifyDue(1, 5, 10)],
    [
      "what was found",
      async () => {
        const found = Array.from({ length: 40 }, (_, index) => verified(index, index % 2 ? "served" : "unknown"));
        await databaseStore(watched, "test").recordVerified(await target(), found);
      },
    ],
  ])("%s: read by key or by a range of an index", async (_, run) => {
    statements.length = 0;
    await run();
    expect(statements).not.toEqual([]);
    const plans = await Promise.all(
      statements.map((statement) =>
        ctx.db.client.$queryRaw<{ detail: string }[]>(sql`EXPLAIN QUERY PLAN ${statement}`),
      ),
    );
    for (const { detail: plan } of plans.flat()) {
      expect(plan).not.toMatch(/INDEX ZoneTarget_targetId_\w+ \(targetId=\?\)/);
      expect(plan).not.toMatch(/^SCAN (z|ZoneTarget|Zone|Delivery)\b/);
    }
  });
});
