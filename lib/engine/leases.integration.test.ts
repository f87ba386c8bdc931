import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createLeases, LEASE_MS } from "./leases";

let ctx: TestContext;
let now = 1_000_000;
beforeAll(async () => {
  ctx = await testContext("sqlite", { clock: { now: () => now, monotonic: () => now } });
});
afterAll(async () => {
  vi.useRealTimers();
  await ctx.close();
});

test("work that takes longer than a lease keeps it, and is taken over only when its engine died", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const [slow, other] = [createLeases(ctx, "slow"), createLeases(ctx, "other")];
  expect(await slow.acquire("target:1")).toBe("taken");
  expect(await slow.acquire("target:1")).toBe("held");
  await slow.whileHeld("target:1", async () => {
    for (let passed = 0; passed < 3 * LEASE_MS; passed += LEASE_MS / 4) {
      now += LEASE_MS / 4;
      vi.advanceTimersByTime(LEASE_MS / 4);
      // Its renewal is a write under way: it is done when the next one is.
      await ctx.db.client.$queryRaw`SELECT 1`;
      expect(await other.acquire("target:1")).toBeNull();
    }
  });
  now += LEASE_MS + 1;
  expect(await other.acquire("target:1")).toBe("taken");
  expect(await slow.acquire("target:1")).toBeNull();
  // It ended long ago, and nobody else had it.
  now += 2 * LEASE_MS;
  expect(await other.acquire("target:1")).toBe("held");
  expect(await slow.acquire("target:1")).toBeNull();
});
