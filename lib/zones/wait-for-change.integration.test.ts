import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { ensureLocalTarget } from "@/lib/engine/targets";
import { publish } from "@/lib/live/bus";
import { createZone, editZone } from "./service";
import { endWaits, waitForChange } from "./wait-for-change";

const text = (name: string) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. h.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;
const forever = { goal: "all", seconds: 300 } as const;

/** The engine's part is played by its rows: what is waited for is what the database says. */
describe.each(["sqlite", "postgresql"] as const)("waiting for a change on %s", (provider) => {
  let ctx: TestContext;
  let targetId: number;
  let alice: UserActor;
  beforeAll(async () => {
    ctx = await testContext(provider);
    targetId = await ensureLocalTarget(ctx);
    alice = await ctx.addReseller("alice");
  });
  afterAll(() => ctx.close());

  const add = (name: string) => createZone(ctx, alice, { name, text: text(name) });
  const wait = (seq: number, more: Partial<Parameters<typeof waitForChange>[2]> = {}, signal?: AbortSignal) =>
    waitForChange(ctx, alice, { seq, ...forever, ...more }, signal ?? new AbortController().signal);
  const accept = async (name: string, seq: number) => {
    const { id: zoneId, serial } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name } });
    const row = { ackSeq: BigInt(seq), ackSerial: serial, ackDigest: "x", verifySeq: BigInt(seq) };
    const where = { zoneId_targetId: { zoneId, targetId } };
    await ctx.db.client.zoneTarget.upsert({ where, update: row, create: { zoneId, targetId, ...row } });
    await ctx.db.client.delivery.create({ data: { seq: BigInt(seq), targetId, acceptedAt: BigInt(ctx.clock.now()) } });
  };
  const serve = async (name: string, seq: number) => {
    await ctx.db.client.delivery.updateMany({
      where: { seq: BigInt(seq) },
      data: { servedAt: BigInt(ctx.clock.now()) },
    });
    publish(`zone:${name}`);
  };

  it("ends at a hint, with every step on the way", async () => {
    const { seq } = await add("hint.example.");
    expect(await wait(seq, { seconds: 0 })).toMatchObject({
      ...{ isReached: false, seq, zone: "hint.example." },
      targets: [{ state: "pending", isReached: false, reason: "It was not sent there yet." }],
    });
    const acknowledged = wait(seq, { goal: "acknowledged" });
    const [all, quorum] = [wait(seq), wait(seq, { goal: "quorum" })];
    await accept("hint.example.", seq);
    publish("zone:hint.example.");
    expect(await acknowledged).toMatchObject({ isReached: true, targets: [{ state: "accepted" }] });
    await serve("hint.example.", seq);
    expect(await all).toMatchObject({ isReached: true, targets: [{ state: "served", reason: "" }] });
    expect((await quorum).isReached).toBe(true);
    expect((await wait(seq)).isReached).toBe(true);
  });

  it("ends without a hint too, as another process may do the work", async () => {
    const { seq } = await add("silent.example.");
    const waiting = wait(seq);
    await accept("silent.example.", seq);
    await ctx.db.client.delivery.updateMany({ where: { seq: BigInt(seq) }, data: { servedAt: 1n } });
    expect((await waiting).isReached).toBe(true);
  });

  it("takes a newer change of the zone that is served for this one, and says so", async () => {
    const name = "newer.example.";
    const { seq } = await add(name);
    await accept(name, seq);
    const change = { kind: "add", owner: name, type: "A", ttl: 60, rdata: "192.0.2.1" } as const;
    const { seq: next } = await editZone(ctx, alice, { name, changes: [change], baseSeq: seq });
    const waiting = wait(seq);
    await accept(name, next);
    await serve(name, next);
    expect(await waiting).toMatchObject({
      isReached: true,
      targets: [{ state: "superseded", reason: `It serves change ${next}, a newer one of the zone.` }],
    });
  });

  it("ends at its time, when the caller is gone, and when the server stops", async () => {
    const { seq } = await add("late.example.");
    expect((await wait(seq, { seconds: 0.01 })).isReached).toBe(false);
    const caller = new AbortController();
    const [gone, stopped] = [wait(seq, {}, caller.signal), wait(seq)];
    caller.abort();
    expect((await gone).isReached).toBe(false);
    endWaits(ctx);
    expect((await stopped).isReached).toBe(false);
  });

  it("takes no more waiters than it bears, of one account fewer, and lets the next one in when they are gone", async () => {
    const { seq } = await add("many.example.");
    const waits = Array.from({ length: 50 }, () => wait(seq));
    expect(await refused(wait(seq))).toBe("rate-limited");
    const others = waitForChange(ctx, ctx.root, { seq, ...forever }, new AbortController().signal);
    expect(await refused(wait(seq, { seconds: 0 }))).toBe("answered");
    await accept("many.example.", seq);
    await serve("many.example.", seq);
    for (const verdict of await Promise.all([...waits, others])) expect(verdict.isReached).toBe(true);
    expect(await refused(wait(seq))).toBe("answered");
  });

  it("knows no change of another account, nor of a former owner", async () => {
    const { seq } = await add("theirs.example.");
    const bob = await ctx.addReseller("bob");
    const asBob = (change: number) =>
      waitForChange(ctx, bob, { seq: change, ...forever }, new AbortController().signal);
    const answers = await Promise.allSettled([asBob(seq), asBob(999_999)]);
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ reason: { code: "not-found" } });
    await ctx.db.client.zone.update({
      where: { name: "theirs.example." },
      data: { ownerId: bob.userId, ownedSinceSeq: BigInt(seq + 1) },
    });
    await expect(asBob(seq)).rejects.toMatchObject({ code: "not-found" });
  });

  async function refused(attempt: Promise<unknown>): Promise<string> {
    try {
      await attempt;
      return "answered";
    } catch (error) {
      return (error as { code: string }).code;
    }
  }
});
