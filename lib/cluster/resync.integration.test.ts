import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { getMember, listMembers } from "@/lib/members/queries";
import { memberProof } from "@/lib/proof/queries-problems";
import { problemListQuery } from "@/lib/proof/schemas";
import { createZone, deleteZone } from "@/lib/zones/service";
import { requestResync, retryNow } from "./resync";

const zoneText = (name: string) => `$TTL 3600
@ IN SOA ns1.example.net. hostmaster.example.net. 2026112001 3600 600 86400 300
@ NS ns1.example.net.
www A 192.0.2.1 ; ${name}
`;

describe.each(["sqlite", "postgresql"] as const)("a member's backlog on %s", (provider) => {
  let ctx: TestContext;
  let id: number;
  let targetId: number;

  beforeAll(async () => {
    ctx = await testContext(provider, { clock: { now: () => 1_000_000, monotonic: () => 0 } });
    const member = await ctx.db.client.member.create({
      data: {
        ownerId: ctx.root.userId,
        hostname: "ns1.example.net",
        address: "192.0.2.1",
        username: "root",
        backend: "whm",
        role: "sync",
        sealedCredential: "",
        dnsAddresses: JSON.stringify([{ address: "192.0.2.1", port: 53 }]),
        createdAt: 0n,
      },
    });
    id = member.id;
    targetId = (await ctx.db.client.target.create({ data: { memberId: id, needsCompare: false, createdAt: 0n } })).id;
    for (const name of ["one", "two", "three", "gone"])
      await createZone(ctx, ctx.root, { name: `${name}.example.com.`, text: zoneText(name) });
    await deleteZone(ctx, ctx.root, { name: "gone.example.com." });
  });
  afterAll(() => ctx.close());

  const cursor = (floorSeq: bigint, backlogSeq: bigint, seenSeq: bigint) =>
    ctx.db.client.target.update({ where: { id: targetId }, data: { floorSeq, backlogSeq, seenSeq } });
  const differing = async () => {
    const list = await memberProof(ctx, ctx.root, { memberId: id, ...problemListQuery.parse({}) });
    return list.groups.flatMap(({ rows }) => rows);
  };
  const waiting = async () => (await listMembers(ctx, ctx.root)).rows[0]?.waiting;

  it("counts what lies in the open intervals of the cursor", async () => {
    await cursor(0n, 0n, 0n);
    expect(await waiting()).toBe(4);
    await cursor(0n, 0n, 2n);
    expect(await waiting()).toBe(2);
    await cursor(0n, 1n, 2n);
    expect(await waiting()).toBe(3);
    await cursor(0n, 0n, 5n);
    expect(await waiting()).toBe(0);
  });

  it("counts what was accepted, what is served and what was set aside, each with its reason", async () => {
    const zones = await ctx.db.client.zone.findMany({ where: { deletedAt: null }, orderBy: { id: "asc" } });
    const [one, two, three] = zones;
    if (!one || !two || !three) throw new Error("Three zones were made.");
    const accepted = (zone: typeof one) => ({
      zoneId: zone.id,
      targetId,
      ackSeq: zone.changeSeq,
      ackSerial: zone.serial,
    });
    await ctx.db.client.zoneTarget.createMany({
      data: [
        { ...accepted(one), observedState: "served", observedSerial: one.serial },
        {
          ...accepted(two),
          observedState: "absent",
          observedDetail: "REFUSED",
          observedAt: 1_000_000n,
          verifySeq: two.changeSeq,
          verifyAt: 2_000_000n,
          verifyAttempts: 9,
        },
        {
          zoneId: three.id,
          targetId,
          failedSeq: three.changeSeq,
          attempts: 4,
          retryAt: 9_000_000n,
          errorKind: "unsupported",
          error: "Too large.",
        },
      ],
    });
    expect(await getMember(ctx, ctx.root, id)).toMatchObject({
      setAside: 1,
      target: { zones: 3, accepted: 2, served: 1, error: null },
    });
    expect(
      (await differing()).map(({ name, reason, attempts }) => [name, reason.state, reason.words, attempts]),
    ).toEqual([
      ["three.example.com.", "refused", "Too large.", 4],
      ["two.example.com.", "not-served", "REFUSED", 0],
    ]);
  });

  it("ends all waiting on “Try again now”", async () => {
    await ctx.db.client.target.update({
      where: { id: targetId },
      data: { retryAt: 9_000_000n, attempts: 5, error: "Down." },
    });
    expect(await getMember(ctx, ctx.root, id)).toMatchObject({ target: { retryAt: 9_000_000, error: "Down." } });
    await retryNow(ctx, ctx.root, { memberId: id });
    expect(await getMember(ctx, ctx.root, id)).toMatchObject({ target: { retryAt: null } });
    expect((await differing()).map(({ reason }) => reason.nextAt)).toEqual([1_000_000, null]);
    expect(await ctx.db.client.zoneTarget.count({ where: { targetId, verifyAt: 1_000_000n } })).toBe(1);
  });

  it("has everything compared on “Synchronize all zones again”", async () => {
    await requestResync(ctx, ctx.root, { memberId: id });
    expect(await getMember(ctx, ctx.root, id)).toMatchObject({ isComparing: true });
    const actions = await ctx.db.client.auditEvent.findMany({ where: { subject: "ns1.example.net" } });
    expect(actions.map(({ action }) => action)).toEqual(["member.retry", "member.resync"]);
  });

  it("refuses both for a Standalone member", async () => {
    await ctx.db.client.target.delete({ where: { id: targetId } });
    await expect(requestResync(ctx, ctx.root, { memberId: id })).rejects.toMatchObject({ code: "conflict" });
    await expect(retryNow(ctx, ctx.root, { memberId: id })).rejects.toMatchObject({ code: "conflict" });
    expect(await getMember(ctx, ctx.root, id)).toMatchObject({ target: null, waiting: 0 });
  });
});
