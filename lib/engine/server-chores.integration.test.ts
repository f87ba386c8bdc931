import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { writeSettings } from "@/lib/settings/settings";
import { freePort } from "@/lib/wire/testing/test-knot";
import { serverChores } from "./server-chores";

const MINUTE = 60_000;
let ctx: TestContext;
let now = Date.now();
/** Passes whenever somebody looks, so that reading a member takes minutes. */
let passes = 0;
beforeAll(async () => {
  setLogLevel("error");
  ctx = await testContext("sqlite", {
    clock: {
      now: () => now,
      monotonic: () => {
        now += passes;
        return now;
      },
    },
  });
});
afterAll(() => ctx.close());

it("leaves a member alone in proportion to how long reading it took", async () => {
  await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
  await ctx.db.client.member.create({
    data: {
      ...{ ownerId: ctx.root.userId, hostname: "ns1.example.net", address: "127.0.0.1", port: await freePort() },
      ...{ username: "root", backend: "whm", role: "sync", sealedCredential: "", createdAt: 0n },
    },
  });
  const pull = serverChores(ctx).find(({ name }) => name === "member-pull");
  const run = () => pull?.run(new AbortController().signal);
  passes = 2 * MINUTE;
  expect(await run()).toBe(true);
  passes = 0;
  now += 10 * MINUTE;
  expect(await run()).toBe(false);
  now += 9 * MINUTE;
  expect(await run()).toBe(true);
});
