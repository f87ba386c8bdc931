import { afterAll, beforeAll, expect, it } from "vitest";
import { type Queryable, sql } from "@/lib/db/database";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import type { Reach } from "@/lib/sync/reach";
import { oldestWaiting } from "./oldest-waiting";

let ctx: TestContext;
const statements: ReturnType<typeof sql>[] = [];

beforeAll(async () => {
  ctx = await testContext("sqlite");
});
afterAll(() => ctx.close());

/** The same client, which writes down every raw query. */
const watched = (client: Queryable): Queryable =>
  new Proxy(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== "$queryRaw") return value;
      return (statement: ReturnType<typeof sql>) => {
        statements.push(statement);
        return (value as (statement: unknown) => unknown).call(target, statement);
      };
    },
  });

it.each<[string, Reach]>([
  ["every zone", { kind: "every" }],
  ["those of most accounts", { kind: "shared", except: [7] }],
  ["those of one account", { kind: "account", ownerId: 7 }],
])("what waits of %s is found in the index of changes, without sorting", async (_, reach) => {
  statements.length = 0;
  const target = { targetId: 1, floorSeq: 5n, backlogSeq: 10n, seenSeq: 20n, createdAt: 3n, reach };
  expect(await oldestWaiting(watched(ctx.db.client), target, 30)).toBeNull();
  expect(statements).toHaveLength(3);
  const plans = await Promise.all(
    statements.map((statement) => ctx.db.client.$queryRaw<{ detail: string }[]>(sql`EXPLAIN QUERY PLAN ${statement}`)),
  );
  const [before = [], ...ranges] = plans.map((plan) => plan.map(({ detail }) => detail));
  expect(before).toEqual([expect.stringMatching(/INDEX Revision_createdAt_idx \(createdAt<\?\)/)]);
  for (const plan of ranges)
    expect(plan).toEqual([
      expect.stringMatching(/^SEARCH z USING INDEX Zone_\w*changeSeq_idx \(.*changeSeq>\? AND changeSeq<\?\)/),
      expect.stringMatching(/^SEARCH r USING INDEX \S+ \(seq=\?\)/),
      expect.stringMatching(/^SEARCH zt USING INDEX \S+ \((zoneId=\? AND targetId|targetId=\? AND zoneId)=\?\)/),
    ]);
});
