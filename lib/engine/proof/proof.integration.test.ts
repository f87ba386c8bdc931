import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { type LiveTopic, subscribe } from "@/lib/live/bus";
import { setLogLevel } from "@/lib/logger";
import { checkProof } from "@/lib/proof/check";
import { writeSettings } from "@/lib/settings/settings";
import type { Reach } from "@/lib/sync/reach";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { startTestBind, type TestBind } from "@/lib/wire/testing/test-bind";
import { startTestKnot, type TestKnot } from "@/lib/wire/testing/test-knot";
import { startUdpRelay, type UdpRelay } from "@/lib/wire/testing/udp-relay";
import { createZone, deleteZone } from "@/lib/zones/service";
import { databaseStore } from "../store";
import { loadTarget } from "../targets";
import { createAddressWatch } from "./address-watch";
import { contentChore } from "./content";
import { sweepChore } from "./sweep";
import { readSlice, writeSlice } from "./sweep-store";
import { sweptTargets } from "./swept-targets";
import { createTargetAddresses } from "./target-addresses";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const text = (apex: string, serial: number, more: readonly string[] = []) =>
  `${[
    `${apex}. 3600 IN SOA ns1.example.net. hostmaster.example.net. ${serial} 7200 3600 1209600 3600`,
    `${apex}. 3600 IN NS ns1.example.net.`,
    ...more,
  ].join("\n")}\n`;

/** More than fits into a datagram of 1232 octets. */
const LARGE = Array.from({ length: 40 }, (_, index) => `big.example. 300 IN TXT "${"x".repeat(60)}${index}"`);
const WWW = "www.content.example. 300 IN A 192.0.2.1";

/** What the nameservers serve; every zone is acknowledged with serial 5 and the records of `wanted`. */
const SERVED: Readonly<Record<string, string>> = {
  "same.example": text("same.example", 5),
  "old.example": text("old.example", 4),
  "newer.example": text("newer.example", 6),
  "content.example": text("content.example", 5, ["www.content.example. 300 IN A 192.0.2.66"]),
  "big.example": text("big.example", 5, LARGE),
  "broken.example": "no zone at all\n",
  "parent.example": text("parent.example", 5),
  "gone.example": text("gone.example", 5),
};
const WANTED: Readonly<Record<string, readonly string[]>> = {
  ...{ "same.example": [], "old.example": [], "newer.example": [], "content.example": [WWW], "big.example": LARGE },
  ...{
    "broken.example": [],
    "refused.example": [],
    "missing.parent.example": [],
    "parent.example": [],
    "gone.example": [],
  },
};

describe.each(["sqlite", "postgresql"] as const)("what is really served, on %s", (provider) => {
  let ctx: TestContext;
  let knot: TestKnot;
  let bind: TestBind;
  let relay: UdpRelay;
  let now = Date.now();
  let local: readonly DnsAddress[] | null = null;

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
    [knot, bind] = await Promise.all([startTestKnot(SERVED), startTestBind(SERVED)]);
    relay = await startUdpRelay(knot.server);
    await ctx.db.client.target.create({ data: { id: 1, memberId: null, createdAt: 0n } });
    for (const [apex, records] of Object.entries(WANTED))
      await createZone(ctx, ctx.root, { name: `${apex}.`, text: text(apex, 5, records) });
    await deleteZone(ctx, ctx.root, { name: "gone.example." });
  });
  afterAll(async () => {
    relay.stop();
    await Promise.all([knot.stop(), bind.stop()]);
    await ctx.close();
  });
  beforeEach(() => acknowledgeAll());
  afterEach(() => {
    relay.behaviour = "plain";
  });

  /** As if the target had acknowledged everything a while ago, and nobody had looked yet. */
  async function acknowledgeAll(): Promise<void> {
    const { client } = ctx.db;
    now += 48 * HOUR;
    await client.zoneTarget.deleteMany();
    await client.contentCheck.deleteMany();
    await client.targetAddress.deleteMany();
    const round = { sweepZoneId: 0, sweepBeganAt: null, sweepEndedAt: null, isSweepHurried: false };
    await client.target.updateMany({
      data: { ...round, contentZoneId: 0, contentBeganAt: null, contentEndedAt: null },
    });
    const zones = await client.zone.findMany();
    await client.zoneTarget.createMany({
      data: zones.map(({ id, changeSeq, deletedAt, digest }) => ({
        ...{ zoneId: id, targetId: 1, ackSeq: changeSeq, ackSerial: 5n, ackDigest: deletedAt === null ? digest : "" },
        ackAt: BigInt(now - HOUR),
      })),
    });
  }

  const { signal } = new AbortController();
  function chores(addresses: readonly DnsAddress[] | null) {
    local = addresses;
    const watch = createAddressWatch(ctx.clock.now);
    const sweep = sweepChore(ctx, () => local, watch, createTargetAddresses(ctx));
    const content = contentChore(
      ctx,
      () => local,
      watch,
      () => 0.5,
    );
    const rounds = async (chore: typeof sweep, times: number, pauseMs: number) => {
      for (let time = 0; time < times; time++) {
        await chore.run(signal);
        now += pauseMs;
      }
    };
    return {
      sweep: (times = 3, pauseMs = 1_000) => rounds(sweep, times, pauseMs),
      content: (times = 4, pauseMs = HOUR) => rounds(content, times, pauseMs),
    };
  }

  const rows = async () => {
    const zones = new Map((await ctx.db.client.zone.findMany()).map(({ id, name }) => [id, name]));
    const found = await ctx.db.client.zoneTarget.findMany();
    return new Map(found.map((row) => [zones.get(row.zoneId)?.replace(".example.", "") ?? "", row]));
  };
  const problems = async () =>
    Object.fromEntries(
      [...(await rows())].flatMap(([name, { problem }]) => (problem === null ? [] : [[name, problem]])),
    );

  const OF_SERIALS = {
    ...{ old: "old-serial", newer: "newer-serial", broken: "lame", refused: "lame" },
    ...{ "missing.parent": "missing", gone: "extra" },
  };

  describe.each(["Knot", "BIND"] as const)("at %s", (software) => {
    const at = () => (software === "Knot" ? knot : bind).server;

    it("a sweep finds what is not as acknowledged, and the verification that it is again", async () => {
      const { sweep } = chores([at()]);
      await sweep();
      expect(await problems()).toEqual(OF_SERIALS);
      const { same, old } = Object.fromEntries(await rows());
      expect(same).toMatchObject({ observedState: "served", observedSerial: 5n, problemSince: null, verifyAt: null });
      expect(old).toMatchObject({
        observedState: "lagging",
        observedDetail: "It still answers with serial 4.",
        verifySeq: old?.ackSeq,
      });
      expect(Number(old?.verifyAt)).toBeGreaterThan(now);
      const target = await ctx.db.client.target.findUniqueOrThrow({ where: { id: 1 } });
      expect(target.sweepEndedAt).not.toBeNull();
      const [address] = await ctx.db.client.targetAddress.findMany();
      expect(address).toMatchObject({ udpState: "answers", tcpState: "answers", detail: null });
    });

    it("content is compared, whole or by questions, also what only TCP can carry", async () => {
      const { sweep, content } = chores([at()]);
      await sweep();
      await content();
      expect(await problems()).toEqual({ ...OF_SERIALS, content: "content" });
      const found = Object.fromEntries(await rows());
      expect(found.content).toMatchObject({
        contentState: "differs",
        observedState: "served",
        observedDetail: "www.content.example. A has other records.",
      });
      expect([found.same, found.big].map((row) => row?.contentState)).toEqual(["same", "same"]);
      // Its serial goes on being right, and its content wrong.
      now += HOUR;
      await sweep();
      expect((await rows()).get("content")).toMatchObject({
        problem: "content",
        observedDetail: "www.content.example. A has other records.",
        problemSince: found.content?.problemSince,
      });
    });
  });

  it("what is acknowledged this moment is no problem yet", async () => {
    await ctx.db.client.zoneTarget.updateMany({ data: { ackAt: BigInt(now) } });
    const { sweep } = chores([knot.server]);
    await sweep(1);
    expect(await problems()).toEqual({});
    now += MINUTE;
    await ctx.db.client.target.updateMany({ data: { sweepBeganAt: null } });
    await sweep(2);
    expect(await problems()).toEqual(OF_SERIALS);
  });

  it("a click has one zone looked at at once, its serial and its content", async () => {
    const { content } = chores([knot.server]);
    await checkProof(ctx, ctx.root, { zone: "content.example." });
    await content(1);
    const row = (await rows()).get("content");
    expect(row).toMatchObject({
      problem: "content",
      contentState: "differs",
      verifySeq: row?.ackSeq,
      verifyAt: BigInt(now - HOUR),
    });
    expect(await ctx.db.client.zoneTarget.count({ where: { verifySeq: { not: null } } })).toBe(1);
    await checkProof(ctx, ctx.root, { zone: "same.example.", memberId: null });
    await content(2);
    expect((await rows()).get("same")).toMatchObject({ contentState: "same", problem: null });
  });

  it("the verification of an acknowledgement tells a problem, and clears it when it is over", async () => {
    await ctx.db.client.lease.create({ data: { name: "target:1", owner: "test", until: 0n } });
    const store = databaseStore(ctx, "test");
    const target = await loadTarget(ctx, 1);
    if (!target) throw new Error("There is no target.");
    const verify = async (problem: "lame" | null, ackAt: number) => {
      await ctx.db.client.zoneTarget.updateMany({
        data: { ackAt: BigInt(ackAt), verifySeq: 1n, verifyAt: 0n, ackSeq: 1n },
      });
      const due = (await store.verifyDue(1, now, 100)).filter(({ name }) => name === "same.example.");
      const seen = { observedSerial: 5, detail: problem && "REFUSED", problem, at: now, nextAt: problem ? now : null };
      await store.recordVerified(
        target,
        due.map((one) => ({ ...seen, due: one, state: problem ? "absent" : "served" })),
      );
      return (await rows()).get("same");
    };
    expect(await verify("lame", now - 29_000)).toMatchObject({ problem: null, observedState: "absent" });
    const since = now;
    expect(await verify("lame", now - HOUR)).toMatchObject({ problem: "lame", problemSince: BigInt(since) });
    now += MINUTE;
    expect(await verify("lame", now - HOUR)).toMatchObject({ problem: "lame", problemSince: BigInt(since) });
    expect(await verify(null, now - HOUR)).toMatchObject({
      problem: null,
      problemSince: null,
      observedState: "served",
    });
  });

  it("what was wrong with a zone is over where it is not to be any more, but for what still answers", async () => {
    await ctx.db.client.zoneTarget.updateMany({
      data: { problem: "unreachable", problemSince: 1n, contentState: "differs", contentAt: 1n },
    });
    const { zoneId } = (await rows()).get("old") ?? { zoneId: 0 };
    await ctx.db.client.zoneTarget.updateMany({ where: { zoneId }, data: { problem: "extra" } });
    const [target] = await sweptTargets(ctx, () => [knot.server]);
    if (!target) throw new Error("There is no target.");
    const over = async (reach: Reach) =>
      (await readSlice(ctx, { ...target, reach }, 0, 100)).filter((zone) => zone.isOver);
    expect(await over({ kind: "every" })).toEqual([]);
    const left = await over({ kind: "none" });
    await writeSlice(ctx, target, now, { confirmed: [], news: [], over: left, position: 0, isLast: false });
    // Of a zone that was deleted a problem is looked at until there is none.
    expect(await problems()).toEqual({ old: "extra", gone: "unreachable" });
    expect((await rows()).get("same")).toMatchObject({ problemSince: null, contentState: null });
  });

  it("a silent nameserver is asked now and then, and after half a minute its zones say so, once", async () => {
    const { sweep } = chores([relay.server]);
    await sweep();
    relay.behaviour = "silent";
    now += 20 * MINUTE;
    await sweep(1);
    const since = now;
    await sweep(1);
    expect(await problems()).toEqual(OF_SERIALS);
    const told = new Set<LiveTopic>();
    const stopListening = subscribe((topic) => told.add(topic));
    await sweep(2, 40_000);
    stopListening();
    // The zones' own pages are open as well, and nobody lists what one statement changes.
    expect(told).toContain("many-zones");
    const silent = await rows();
    expect(silent.get("same")).toMatchObject({
      problem: "unreachable",
      problemSince: BigInt(since),
      observedState: "unknown",
    });
    const [address] = await ctx.db.client.targetAddress.findMany();
    expect(address).toMatchObject({ udpState: "silent" });
    // Those that the verification looks at are its own.
    expect(silent.get("old")?.problem).toBe("old-serial");
    await ctx.db.client.zoneTarget.updateMany({ where: { problem: "unreachable" }, data: { observedDetail: "kept" } });
    await sweep(3, MINUTE);
    expect((await rows()).get("same")?.observedDetail).toBe("kept");
    relay.behaviour = "plain";
    await sweep(4, MINUTE);
    expect((await rows()).get("same")).toMatchObject({ problem: null, problemSince: null, observedState: "served" });
  });

  it("a local nameserver that does not run is unreachable, and a restart of it is not", async () => {
    const { sweep } = chores(null);
    const { zoneId, ackSeq } = (await rows()).get("big") ?? { zoneId: 0, ackSeq: 0n };
    await ctx.db.client.zoneTarget.updateMany({
      where: { zoneId },
      data: { verifySeq: ackSeq, verifyAt: BigInt(now + HOUR) },
    });
    const { zoneId: lame, ackSeq: lameSeq } = (await rows()).get("broken") ?? { zoneId: 0, ackSeq: 0n };
    const known = { problem: "lame", verifySeq: lameSeq, verifyAt: BigInt(now + HOUR) };
    await ctx.db.client.zoneTarget.updateMany({ where: { zoneId: lame }, data: known });
    await sweep(3, 5_000);
    expect(await problems()).toEqual({ broken: "lame" });
    await sweep(4, MINUTE);
    const stopped = { problem: "unreachable", observedDetail: "The local nameserver is not running." };
    expect((await rows()).get("same")).toMatchObject(stopped);
    // It stopped before anybody could look whether it serves that.
    const big = (await rows()).get("big");
    expect(big).toMatchObject({ ...stopped, verifySeq: ackSeq });
    expect(big?.verifyAt).toBeLessThanOrEqual(now);
    expect((await rows()).get("broken")).toMatchObject(known);
    local = [knot.server];
    await sweep(3);
    expect((await rows()).get("same")?.problem).toBeNull();
  });

  it.each(["old", "drops-edns"] as const)(
    "a server without EDNS (%s) is asked without, and its closed TCP port is told",
    async (behaviour) => {
      relay.behaviour = behaviour;
      const { sweep } = chores([relay.server]);
      await sweep();
      expect(await problems()).toEqual(OF_SERIALS);
      const [address] = await ctx.db.client.targetAddress.findMany();
      expect(address).toMatchObject({ udpState: "answers", tcpState: "silent" });
      expect(address?.detail).toContain("TCP");
    },
  );

  it("each address is asked: one that is silent leaves its zones open, and is told apart", async () => {
    relay.behaviour = "silent";
    const { sweep } = chores([knot.server, relay.server]);
    await sweep(8, 30_000);
    const found = await problems();
    expect(found).toMatchObject({ ...OF_SERIALS, same: "unreachable" });
    const addresses = await ctx.db.client.targetAddress.findMany();
    expect(new Map(addresses.map(({ port, udpState }) => [port, udpState]))).toEqual(
      new Map([
        [knot.server.port, "answers"],
        [relay.server.port, "silent"],
      ]),
    );
  });

  it("a round is spread over its interval, goes on after a restart, and begins anew at a click", async () => {
    const { client } = ctx.db;
    await client.zone.createMany({
      data: Array.from({ length: 300 }, (_, index) => ({
        ...{
          name: `z${index}.parent.example.`,
          ownerId: ctx.root.userId,
          changeSeq: 1_000n,
          serial: 5n,
          digest: "d",
          recordCount: 1,
        },
        ...{ updatedAt: 0n, createdAt: 0n },
      })),
    });
    await acknowledgeAll();
    const position = async () => {
      const { sweepZoneId } = await client.target.findUniqueOrThrow({ where: { id: 1 } });
      return client.zoneTarget.count({ where: { zoneId: { lte: sweepZoneId } } });
    };
    await chores([knot.server]).sweep(5);
    expect(await position()).toBe(100);
    now += 5 * MINUTE;
    await chores([knot.server]).sweep(3);
    expect(await position()).toBe(200);
    await checkProof(ctx, ctx.root, { memberId: null });
    await chores([knot.server]).sweep(6);
    expect(await client.zoneTarget.count({ where: { problem: "missing" } })).toBe(301);
    expect(await client.target.findUniqueOrThrow({ where: { id: 1 } })).toMatchObject({
      isSweepHurried: false,
      sweepEndedAt: expect.anything(),
    });
    await client.zone.deleteMany({ where: { changeSeq: 1_000n } });
  });

  it("nothing is looked at by itself when both intervals are off", async () => {
    await ctx.db.transaction((tx) => writeSettings(tx, "proof", { sweepMinutes: 0, contentHours: 0 }));
    const { sweep, content } = chores([knot.server]);
    await sweep();
    await content();
    expect(await ctx.db.client.zoneTarget.count({ where: { observedAt: { not: null } } })).toBe(0);
    await checkProof(ctx, ctx.root, { memberId: null });
    await sweep();
    expect(await problems()).toEqual(OF_SERIALS);
    await ctx.db.transaction((tx) => writeSettings(tx, "proof", { sweepMinutes: 15, contentHours: 24 }));
  });
});
