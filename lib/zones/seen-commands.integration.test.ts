import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { onceOnly } from "./seen-commands";

describe.each(["sqlite", "postgresql"] as const)("onceOnly on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext(provider);
  });
  afterAll(() => ctx.close());

  it("does the work once, however often and whenever it is delivered", async () => {
    let done = 0;
    const work = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return ++done;
    };
    const results = await Promise.all([1, 2, 3].map(() => onceOnly(ctx, "one", work)));
    expect([...results, await onceOnly(ctx, "one", work)]).toEqual([1, null, null, null]);
    expect(await onceOnly(ctx, undefined, work)).toBe(2);
  });

  it("does it again after a failure, also for a delivery that waited for the failing one", async () => {
    const failing = onceOnly(ctx, "two", async () => {
      throw new Error("no");
    });
    const second = onceOnly(ctx, "two", async () => "done");
    await expect(failing).rejects.toThrow("no");
    expect(await second).toBe("done");
  });

  it("does not count a command as done while it is under way: a server that dies then is asked again", async () => {
    let remembered = -1;
    await onceOnly(ctx, "three", async () => {
      remembered = await ctx.db.client.seenCommand.count({ where: { id: "three" } });
    });
    expect(remembered).toBe(0);
  });
});
