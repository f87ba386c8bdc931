import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { type LiveTopic, subscribe } from "@/lib/live/bus";
import { watchChanges } from "./change-watch";

let ctx: TestContext;
beforeAll(async () => {
  ctx = await testContext("postgresql");
});
afterAll(() => ctx.close());

it("finds what another engine on the same database learned of members", async () => {
  const { id } = await ctx.db.client.member.create({
    data: {
      ...{ ownerId: ctx.root.userId, hostname: "ns1.example.net", address: "192.0.2.1", username: "root" },
      ...{ backend: "whm", role: "sync", sealedCredential: "", createdAt: 0n },
    },
  });
  const heard = new Set<LiveTopic>();
  const closers = [subscribe((topic) => heard.add(topic)), watchChanges(ctx)];
  let at = 1n;
  // Again and again until the watch, which has to have looked once before, finds it.
  await expect
    .poll(
      async () => {
        at += 1n;
        await ctx.db.client.member.update({ where: { id }, data: { lastErrorAt: at, disabledAt: at } });
        return heard.has("cluster") && heard.has("members");
      },
      { timeout: 20_000, interval: 500 },
    )
    .toBe(true);
  for (const close of closers) close();
  expect([...heard].sort()).toEqual(["cluster", "members"]);
});
