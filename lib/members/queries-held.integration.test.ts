import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { writeSettings } from "@/lib/settings/settings";
import { heldMembers } from "./queries-held";

describe.each(["sqlite", "postgresql"] as const)("members that get nothing on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext(provider);
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
  });
  afterAll(() => ctx.close());

  const add = (hostname: string, columns: { disabledAt?: bigint; pausedAt?: bigint; pausedUntil?: bigint } = {}) =>
    ctx.db.client.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, hostname, address: "192.0.2.9", username: "root", backend: "whm", role: "sync" },
        ...{ sealedCredential: "", createdAt: 0n, ...columns },
      },
    });

  it("are told with the disabled ones first, however many are paused", async () => {
    const paused = { pausedAt: 10n, pausedUntil: 9_000_000_000_000n };
    for (const number of [1, 2, 3, 4, 5, 6]) await add(`paused${number}.example.net`, paused);
    await add("working.example.net");
    await add("late.example.net", { disabledAt: 30n });
    await add("early.example.net", { disabledAt: 20n, ...paused });
    const held = await heldMembers(ctx, ctx.root);
    expect(held.map(({ name, why }) => `${name} ${why}`)).toEqual([
      "early.example.net disabled",
      "late.example.net disabled",
      ...[1, 2, 3, 4, 5, 6].map((number) => `paused${number}.example.net paused`),
    ]);
  });
});
