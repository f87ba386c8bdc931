import { afterAll, beforeAll, expect, it } from "vitest";
import { engineActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";
import { writeSettings } from "@/lib/settings/settings";
import { getJob } from "@/lib/sync-jobs/queries";
import { planRequest } from "@/lib/sync-jobs/schemas";
import { startPlan } from "@/lib/sync-jobs/service";
import { zoneDigests } from "@/lib/zones/member-reads";
import { receiveZones } from "@/lib/zones/receive";
import { planJob } from "./plan-job";

const ZONES = 10_000;
const SLICE = 500;
const signal = new AbortController().signal;

let ctx: TestContext;
const driver = createMemoryDriver();
beforeAll(async () => {
  ctx = await testContext("sqlite");
  await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
  for (const hostname of ["ns1.example.net", "ns2.example.net"])
    await ctx.db.client.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, hostname, address: "127.0.0.1", username: "root", backend: "whm", role: "sync" },
        ...{ sealedCredential: "", createdAt: 0n },
      },
    });
  for (let at = 0; at < ZONES; at += SLICE) {
    const items = Array.from({ length: SLICE }, (_, index) => {
      const name = `plan${at + index}.example.`;
      const text = `$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A 192.0.2.1\n`;
      return { name, text };
    });
    await receiveZones(ctx, engineActor, { items, mode: "newest", originMemberId: null });
  }
  for (const { name, ...digest } of await zoneDigests(ctx, ctx.root, { after: "", limit: ZONES }))
    driver.zones.set(name, { ...digest, text: "" });
}, 180_000);
afterAll(() => ctx.close());

it(`plans an unchanged fleet of ${ZONES} zones and two members`, async () => {
  const job = await startPlan(ctx, ctx.root, planRequest.parse({ choice: "all-everywhere", addMissing: true }));
  const start = performance.now();
  await planJob(ctx, job, async () => driver, signal);
  const ms = performance.now() - start;
  // A figure for people: the machine may be busy with other things.
  process.stdout.write(`empty plan of ${ZONES} zones × 2 members: ${Math.round(ms)} ms\n`);
  expect(await getJob(ctx, ctx.root, job.id)).toMatchObject({ state: "done", compared: ZONES, total: 0 });
});
