import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeSequence } from "@/lib/db/sequence";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { freePort } from "@/lib/server/testing/free-port";
import { writeSettings } from "@/lib/settings/settings";
import { createZone } from "@/lib/zones/service";
import { serverChores } from "./server-chores";

const MINUTE = 60_000;
const ZONE =
  "@ 300 IN SOA ns1.example.net. hostmaster.example.net. 1 3600 600 604800 300\n@ 300 IN NS ns1.example.net.\n";
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
  const wasRead = async () => {
    const lastPullAt = async () => (await ctx.db.client.member.findFirstOrThrow()).lastPullAt;
    const before = await lastPullAt();
    await pull?.run(new AbortController().signal);
    return (await lastPullAt()) !== before;
  };
  passes = 2 * MINUTE;
  expect(await wasRead()).toBe(true);
  passes = 0;
  now += 10 * MINUTE;
  expect(await wasRead()).toBe(false);
  now += 120 * MINUTE;
  expect(await wasRead()).toBe(true);
});

describe("the search index", () => {
  const chore = (name: string) => serverChores(ctx).find((entry) => entry.name === name);
  const bulk = () => ctx.db.transaction((tx) => takeSequence(tx, 500));
  const isIndexed = async () => (await ctx.db.client.setting.count({ where: { key: "searchIndex" } })) > 0;

  it("lets a bulk come to rest, for half a minute at most", async () => {
    const index = chore("search-index");
    const run = () => index?.run(new AbortController().signal);
    await createZone(ctx, ctx.root, { name: "a.example.", text: ZONE });
    for (let second = 0; second < 30; second++) {
      await bulk();
      await run();
      expect(await isIndexed()).toBe(false);
    }
    await bulk();
    await run();
    expect(await isIndexed()).toBe(true);
    await ctx.db.client.setting.deleteMany({ where: { key: "searchIndex" } });
    await bulk();
    await run();
    expect(await isIndexed()).toBe(false);
    await run();
    expect(await isIndexed()).toBe(true);
  });

  it("lets a bulk be sent first, where sending works", async () => {
    const { client } = ctx.db;
    const { id } = await client.target.create({ data: { backlogSeq: 9n, createdAt: 0n } });
    for (const attempts of [0, 1]) {
      await client.setting.deleteMany({ where: { key: "searchIndex" } });
      await client.target.update({ where: { id }, data: { attempts } });
      // The first look only learns how far the sequence is.
      const index = chore("search-index");
      for (let second = 0; second < 2; second++) await index?.run(new AbortController().signal);
      expect(await isIndexed()).toBe(attempts > 0);
    }
    await client.target.delete({ where: { id } });
  });
});
