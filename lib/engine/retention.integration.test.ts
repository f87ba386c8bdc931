import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createZone, deleteZone, restoreZone } from "@/lib/zones/service";
import { dropExpired } from "./retention";

const text = (name: string) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;
const DAY = 24 * 60 * 60_000;

describe.each(["sqlite", "postgresql"] as const)("retention on %s", (provider) => {
  let ctx: TestContext;
  let now = Date.now();
  beforeAll(async () => {
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
  });
  afterAll(() => ctx.close());

  const binned = async (name: string) => {
    const { seq } = await createZone(ctx, ctx.root, { name, text: text(name) });
    await ctx.db.client.delivery.create({ data: { seq: BigInt(seq), targetId: 1, acceptedAt: 0n } });
    await deleteZone(ctx, ctx.root, { name });
    return seq;
  };
  const rowOf = (name: string) => ctx.db.client.zone.findUniqueOrThrow({ where: { name } });

  it("empties the bin when its time has come, with all that is known of the zone but the tombstone", async () => {
    const seq = BigInt(await binned("old.example."));
    expect(await dropExpired(ctx)).toBe(0);
    now += 400 * DAY;
    await binned("young.example.");
    expect(await dropExpired(ctx)).toBe(1);
    expect(await rowOf("old.example.")).toMatchObject({ purgedAt: BigInt(now) });
    expect(await rowOf("young.example.")).toMatchObject({ purgedAt: null });
    expect(await ctx.db.client.revision.count({ where: { seq } })).toBe(0);
    expect(await ctx.db.client.delivery.count({ where: { seq } })).toBe(0);
    expect(await ctx.db.client.revision.count()).toBe(3);
  });

  it("drops what people were told when it is old and over", async () => {
    const notice = { event: "trust-broken", facts: "{}", raisedAt: BigInt(now - 91 * DAY) };
    const add = (episode: string, endedAt: number | null, raisedAt = notice.raisedAt) =>
      ctx.db.client.notice.create({
        data: { ...notice, episode, raisedAt, endedAt: endedAt === null ? null : BigInt(endedAt) },
      });
    const old = await add("old", now - 90 * DAY);
    await add("goes on", null);
    await add("young", now, BigInt(now - 89 * DAY));
    const delivery = { noticeId: old.id, channel: "mail", recipient: "root@example.com", state: "sent", nextAt: 0n };
    await ctx.db.client.noticeDelivery.create({ data: delivery });
    expect(await dropExpired(ctx)).toBe(1);
    const left = await ctx.db.client.notice.findMany({ orderBy: { id: "asc" } });
    expect(left.map(({ episode }) => episode)).toEqual(["goes on", "young"]);
    expect(await ctx.db.client.noticeDelivery.count()).toBe(0);
  });

  it("drops writers of whom nothing is left, once they are more than a cluster has", async () => {
    const { seq } = await createZone(ctx, ctx.root, { name: "written.example.", text: text("written.example.") });
    const writers = (from: number, count: number) =>
      ctx.db.client.writer.createMany({
        data: Array.from({ length: count }, (_, at) => ({ key: `server:${from + at}`, name: "made.example.net" })),
      });
    await writers(0, 90);
    expect(await dropExpired(ctx)).toBe(0);
    await writers(90, 30);
    const [by, over, written] = await ctx.db.client.writer.findMany({ orderBy: { id: "asc" }, take: 3 });
    await ctx.db.client.revision.update({ where: { seq: BigInt(seq) }, data: { writerId: written?.id ?? 0 } });
    await ctx.db.client.zone.update({
      where: { name: "written.example." },
      data: { contestedById: by?.id ?? 0, contestedOverId: over?.id ?? 0 },
    });
    expect(await dropExpired(ctx)).toBe(117);
    const left = await ctx.db.client.writer.findMany({ orderBy: { id: "asc" } });
    expect(left).toEqual([by, over, written]);
  });

  it("leaves a zone alone that is being restored at the same moment", async () => {
    const name = "young.example.";
    now += 400 * DAY;
    let dropping: Promise<number> | undefined;
    await ctx.db.transaction(async (tx) => {
      await tx.zone.update({ where: { name }, data: { deletedAt: null } });
      dropping = dropExpired(ctx);
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await dropping;
    expect(await rowOf(name)).toMatchObject({ deletedAt: null, purgedAt: null });
    await ctx.db.client.zone.update({ where: { name }, data: { deletedAt: 1n } });
    expect((await restoreZone(ctx, ctx.root, { name })).seq).toBeGreaterThan(0);
  });
});
