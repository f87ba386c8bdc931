import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { engineActor } from "@/lib/access/actor";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import { type Cluster, startCluster } from "@/lib/server/testing/start-cluster";
import { getJob } from "@/lib/sync-jobs/queries";
import { planRequest } from "@/lib/sync-jobs/schemas";
import { applyPlan, startPlan } from "@/lib/sync-jobs/service";
import { querySoaMany } from "@/lib/wire/query";
import { receiveZones } from "@/lib/zones/receive";

/** A real server is killed while it carries a plan out; the next one on its data directory ends it. */
const ZONES = 400;
const names = Array.from({ length: ZONES }, (_, index) => `synckill${index}.example.`);
const text = `$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A 192.0.2.1\n`;

let folder: string;
let cluster: Cluster;
let ctx: ServerContext;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "zonefleet-sync-kill-"));
  cluster = await startCluster({ folder });
  const ns1 = await openContext(cluster.variables("ns1"));
  const items = names.map((name) => ({ name, text }));
  await receiveZones(ns1, engineActor, { items, mode: "newest", originMemberId: null });
  await ns1.close();
  ctx = await openContext(cluster.variables("web1"));
}, 240_000);
afterAll(async () => {
  await ctx?.close();
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("a synchronization goes on after kill -9, and every zone is served", { timeout: 300_000 }, async () => {
  const job = () => getJob(ctx, ctx.root, id);
  const { id } = await startPlan(ctx, ctx.root, planRequest.parse({ choice: "all-everywhere", addMissing: true }));
  await expect.poll(async () => (await job()).state, { timeout: 60_000 }).toBe("ready");
  const { planHash, total } = await job();
  // Taken from ns1, sent to ns2.
  expect(total).toBe(2 * ZONES);
  await applyPlan(ctx, ctx.root, { id, planHash: planHash ?? "" });
  let kills = 0;
  for (let share = 0.1; share < 0.9; share += 0.2) {
    await expect
      .poll(async () => (await job()).counts.done, { timeout: 60_000, interval: 5 })
      .toBeGreaterThan(share * total);
    if ((await job()).state === "done") break;
    await cluster.web1.process.kill();
    kills++;
    await cluster.web1.process.start();
  }
  expect(kills).toBeGreaterThan(0);
  await expect.poll(async () => (await job()).state, { timeout: 120_000 }).toBe("done");
  expect((await job()).counts).toMatchObject({ done: total, failed: 0, changed: 0 });
  for (const server of cluster.servers)
    await expect
      .poll(
        async () => {
          const soas = await querySoaMany(server.dns, names, { timeoutMs: 2_000 });
          return soas.filter(({ status }) => status === "answered").length;
        },
        { timeout: 60_000 },
      )
      .toBe(ZONES);
});
