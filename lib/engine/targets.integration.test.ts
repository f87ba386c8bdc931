import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { ensureLocalTarget } from "./targets";

describe.each(["sqlite", "postgresql"] as const)("targets on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext(provider);
  });
  afterAll(() => ctx.close());

  it("have one for the local nameserver, however many servers start at once", async () => {
    const ids = await Promise.all([1, 2, 3, 4].map(() => ensureLocalTarget(ctx)));
    expect(new Set(ids).size).toBe(1);
    expect(await ctx.db.client.target.count()).toBe(1);
  });
});
