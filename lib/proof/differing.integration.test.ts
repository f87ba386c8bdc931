import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Queryable, sql } from "@/lib/db/database";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { countDiffering, countDifferingZones, differingScope, listDiffering } from "./differing";
import { CAUSES } from "./reason";
import { proofTargets } from "./targets";
import { proofFixture } from "./testing/proof-fixture";

/** As SQLite says it: a table, or an index of it, read from end to end. */
const READS_ALL = /^SCAN (z|zt|t|l|Zone|ZoneTarget)\b/;

describe("how differences are found", () => {
  let ctx: TestContext;
  let reseller: number;
  beforeAll(async () => {
    ctx = await testContext("sqlite");
    const fixture = proofFixture(ctx);
    await fixture.enableClustering(true);
    await fixture.addTarget(null);
    for (let number = 1; number < 6; number++) await fixture.addTarget(ctx.root, `ns${number}.example.net`);
    await fixture.addZone(ctx.root, "one.example.");
    reseller = (await ctx.addReseller("studio", ["clustering"])).userId;
  });
  afterAll(() => ctx.close());

  /** A client that explains what it is asked, and the plans. */
  const explaining = () => {
    const plans: string[] = [];
    const db = ctx.db.client;
    const ask = async (statement: ReturnType<typeof sql>) => {
      const plan = new Proxy(statement, {
        get: (target, property) =>
          property === "sql" ? `EXPLAIN QUERY PLAN ${target.sql}` : Reflect.get(target, property, target),
      });
      plans.push(...(await db.$queryRaw<{ detail: string }[]>(plan)).map(({ detail }) => detail));
      return db.$queryRaw(statement);
    };
    return { plans, db: { $queryRaw: ask } as unknown as Queryable };
  };

  it.each(["everybody's", "a reseller's"])("%s without reading all pairs or zones", async (whose) => {
    const ownerId = whose === "everybody's" ? null : reseller;
    const scope = await differingScope(ctx.db.client, { ownerId, targets: await proofTargets(ctx.db.client, ownerId) });
    const { plans, db } = explaining();
    await countDiffering(db, scope);
    await countDifferingZones(db, scope, 10);
    for (const { cause } of CAUSES) await listDiffering(db, scope, { cause, limit: 50, offset: 0 });
    expect(plans).toContainEqual(expect.stringMatching(/^SEARCH zt/));
    expect(plans.filter((line) => READS_ALL.test(line))).toEqual([]);
    // The index of problems is for problems: nearly every row of it has none.
    if (ownerId === null) expect(plans.join("\n")).toMatch(/targetId_retryAt_idx[\s\S]*targetId_verifyAt_idx/);
  });
});
