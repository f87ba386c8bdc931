import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";
import { setLogLevel } from "@/lib/logger";
import { setMeter } from "@/lib/metrics/meter";
import { createLoneFailures } from "@/lib/sync/lone-failures";
import { reconcileStep } from "@/lib/sync/reconcile";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, replaceZone } from "@/lib/zones/service";
import { measuredStore } from "./measured-store";
import { databaseStore } from "./store";
import { loadTarget } from "./targets";

const text = (address: string, serial = 1) =>
  `$TTL 3600\n@ SOA ns1.example.net. h.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;
const never = new AbortController().signal;

describe.each(["sqlite", "postgresql"] as const)("the propagation that is measured on %s", (provider) => {
  let ctx: TestContext;
  let memberId: number;
  let first: number;
  let timed: string[] = [];
  const driver = createMemoryDriver();

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider);
    setMeter({
      count: () => undefined,
      observe: (name, labels) => {
        if (name === "zonefleet_propagation_seconds" && "stage" in labels) timed.push(String(labels.stage));
      },
    });
    ({ memberId, targetId: first } = await addTarget("ns1.example.net"));
    await createZone(ctx, ctx.root, { name: "a.example.", text: text("192.0.2.1") });
  });
  afterAll(() => ctx.close());
  beforeEach(() => {
    timed = [];
  });

  const addTarget = async (hostname: string) => {
    const createdAt = BigInt(ctx.clock.now());
    const { id: memberId } = await ctx.db.client.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, hostname, address: "192.0.2.1", username: "root" },
        ...{ backend: "whm", role: "sync", sealedCredential: "", createdAt },
      },
    });
    const { id: targetId } = await ctx.db.client.target.create({ data: { memberId, createdAt } });
    await ctx.db.client.lease.create({ data: { name: `target:${targetId}`, owner: "test", until: 0n } });
    return { memberId, targetId };
  };

  /** Sends what is due, and sees all of it served. @returns names of what was sent */
  const bring = async (id: number) => {
    const target = await loadTarget(ctx, id);
    if (!target) throw new Error("There is no target.");
    const store = measuredStore(databaseStore(ctx, "test"));
    const now = () => ctx.clock.now();
    const takeIn = async () => ({ status: "same" as const });
    const ports = { store, now, random: () => 0.5, takeIn, lone: createLoneFailures() };
    const step = await reconcileStep({ ...ports, observe: async () => new Map() }, target, driver, never);
    const due = await store.verifyDue(id, now() + 1_000, 10);
    const served = { state: "served" as const, observedSerial: 1, detail: null, problem: null, nextAt: null };
    await store.recordVerified(
      target,
      due.map((one) => ({ ...served, due: one, at: now() })),
    );
    return step.sent;
  };

  it("is that of a change, once at each stage", async () => {
    expect(await bring(first)).toEqual(["a.example."]);
    expect(timed).toEqual(["accepted", "served"]);
  });

  it("is not that of what is sent once more", async () => {
    const again = { ackSeq: 0n, retryAt: 1n, isForced: true };
    await ctx.db.client.zoneTarget.updateMany({ where: { targetId: first }, data: again });
    expect(await bring(first)).toEqual(["a.example."]);
    expect(timed).toEqual([]);
  });

  it("is not that of what came from there and is not sent", async () => {
    const items = [{ name: "a.example.", text: text("192.0.2.2", 2_030_010_101) }];
    await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: memberId });
    expect(await bring(first)).toEqual([]);
    expect(timed).toEqual([]);
    const { changeSeq } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "a.example." } });
    expect(await ctx.db.client.zoneTarget.findMany()).toMatchObject([{ ackSeq: changeSeq }]);
  });

  it("is not that of a first synchronization, but of the edits that follow", async () => {
    while (BigInt(Date.now()) <= (await newestAt())) await new Promise((resolve) => setTimeout(resolve, 1));
    const { targetId: second } = await addTarget("ns2.example.net");
    expect(await bring(second)).toEqual(["a.example."]);
    expect(timed).toEqual([]);
    await replaceZone(ctx, ctx.root, { name: "a.example.", text: text("192.0.2.3", 2_030_010_102) });
    expect(await bring(second)).toEqual(["a.example."]);
    expect(timed).toEqual(["accepted", "served"]);
  });

  const newestAt = async () => (await ctx.db.client.revision.findFirstOrThrow({ orderBy: { seq: "desc" } })).createdAt;
});
