import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { listZones } from "@/lib/zones/queries";
import { zoneListQuery } from "@/lib/zones/schemas";
import { deleteZone } from "@/lib/zones/service";
import { everywhereSummary, zonesNotEverywhere } from "./queries-everywhere";
import { fleet } from "./queries-fleet";
import { memberProof, type ProblemList, problems } from "./queries-problems";
import { zoneProof } from "./queries-zone";
import { problemListQuery } from "./schemas";
import { proofFixture } from "./testing/proof-fixture";

const SECRET = "ns1.example.net said a secret";

describe.each(["sqlite", "postgresql"] as const)(
  "what is known of every zone at every nameserver, on %s",
  (provider) => {
    let ctx: TestContext;
    let fixture: ReturnType<typeof proofFixture>;
    let alice: UserActor;
    let bob: UserActor;
    const targets: Record<string, { targetId: number; memberId: number }> = {};
    const zones: Record<string, { zoneId: number; seq: bigint }> = {};
    const target = (name: string) => targets[name]?.targetId ?? 0;
    const zone = (name: string) => zones[name]?.zoneId ?? 0;

    const ask = (actor: UserActor, query: Record<string, unknown> = {}) =>
      problems(ctx, actor, problemListQuery.parse(query));
    const told = ({ groups }: ProblemList) =>
      groups.map(({ cause, rows }) => [cause, ...rows.map((row) => `${row.name} ${row.label}`)]);

    beforeAll(async () => {
      ctx = await testContext(provider);
      fixture = proofFixture(ctx);
      alice = await ctx.addReseller("alice", ["clustering"]);
      bob = await ctx.addReseller("bob", ["clustering"]);
      await ctx.db.client.user.update({ where: { id: bob.userId }, data: { uniqueCluster: true } });
      await fixture.enableClustering(true);
      targets.local = await fixture.addTarget(null);
      targets.ns1 = await fixture.addTarget(ctx.root, "ns1.example.net");
      targets.ns2 = await fixture.addTarget(ctx.root, "ns2.example.net");
      targets.bobs = await fixture.addTarget(bob, "ns.bob.example");
      for (const name of ["one", "two", "three"]) zones[name] = await fixture.addZone(ctx.root, `${name}.example.`);
      zones.alice = await fixture.addZone(alice, "alice.example.");
      zones.bob = await fixture.addZone(bob, "bob.example.");
      await fixture.passAll();
      for (const name of ["one", "two", "three", "alice"])
        for (const at of ["local", "ns1", "ns2"]) await fixture.store(zone(name), target(at));
      for (const at of ["local", "bobs"]) await fixture.store(zone("bob"), target(at));
    });
    afterAll(() => ctx.close());

    it("knows no difference where everything is served", async () => {
      expect(await ask(ctx.root)).toMatchObject({ groups: [], causes: [], total: 0 });
      expect(await everywhereSummary(ctx, ctx.root)).toMatchObject({
        zones: 5,
        notEverywhere: 0,
        problems: 0,
        targets: 4,
      });
      const { rows } = await fleet(ctx, ctx.root, { window: "day" });
      expect(rows.map(({ label, zones, inSync }) => [label, zones, inSync])).toEqual([
        ["This server", 5, 5],
        ["ns.bob.example", 1, 1],
        ["ns1.example.net", 4, 4],
        ["ns2.example.net", 4, 4],
      ]);
    });

    it("counts every pair once, under its worst reason, the newest first", async () => {
      const store = fixture.store;
      const failed = { failedSeq: zones.one?.seq ?? 0n, attempts: 3, retryAt: 9_000n, error: SECRET, ackSeq: 0n };
      await store(zone("one"), target("ns1"), {
        ...failed,
        errorKind: "rejected",
        problem: "missing",
        problemSince: 5n,
      });
      await store(zone("two"), target("ns1"), { problem: "missing", problemSince: 7n, observedDetail: SECRET });
      await store(zone("three"), target("ns1"), { ...failed, errorKind: "rejected" });
      await store(zone("alice"), target("ns1"), { ...failed, errorKind: "timeout" });
      await store(zone("alice"), target("ns2"), { problem: "old-serial", problemSince: 6n, observedDetail: SECRET });
      const owed = { verifySeq: zones.one?.seq ?? 0n, verifyAt: 8_000n };
      await store(zone("one"), target("ns2"), {
        ...owed,
        verifyAttempts: 8,
        observedState: "lagging",
        observedDetail: SECRET,
      });
      await store(zone("two"), target("ns2"), { ...owed, verifyAttempts: 2 });
      expect(told(await ask(ctx.root))).toEqual([
        ["missing", "two.example. ns1.example.net", "one.example. ns1.example.net"],
        ["old-serial", "alice.example. ns2.example.net"],
        ["refused", "three.example. ns1.example.net"],
        ["set-aside", "alice.example. ns1.example.net"],
        ["not-served", "one.example. ns2.example.net"],
        ["not-checked", "two.example. ns2.example.net"],
      ]);
      const { rows } = await fleet(ctx, ctx.root, { window: "day" });
      expect(rows.map(({ label, inSync, differing }) => [label, inSync, differing])).toEqual([
        ["This server", 5, { problem: 0, "set-aside": 0, waiting: 0, checking: 0 }],
        ["ns.bob.example", 1, { problem: 0, "set-aside": 0, waiting: 0, checking: 0 }],
        ["ns1.example.net", 0, { problem: 2, "set-aside": 2, waiting: 0, checking: 0 }],
        ["ns2.example.net", 1, { problem: 2, "set-aside": 0, waiting: 0, checking: 1 }],
      ]);
      expect(await everywhereSummary(ctx, ctx.root)).toMatchObject({ zones: 5, notEverywhere: 4, problems: 6 });
    });

    it("asks for a cause, a nameserver, a name", async () => {
      expect(told(await ask(ctx.root, { cause: "refused" }))).toEqual([["refused", "three.example. ns1.example.net"]]);
      expect((await ask(ctx.root, { cause: "refused" })).causes).toHaveLength(6);
      expect((await ask(ctx.root, { at: target("ns2") })).total).toBe(3);
      expect(told(await ask(ctx.root, { q: "ALICE", at: target("ns2") }))).toEqual([
        ["old-serial", "alice.example. ns2.example.net"],
      ]);
      expect(await ask(ctx.root, { page: 2 })).toMatchObject({ page: 1, total: 7 });
      await expect(ask(ctx.root, { at: 99_999 })).rejects.toMatchObject({ code: "not-found" });
      const atMember = await memberProof(ctx, ctx.root, {
        memberId: targets.ns2?.memberId ?? 0,
        ...problemListQuery.parse({}),
      });
      expect(told(atMember).map(([cause]) => cause)).toEqual(["old-serial", "not-served", "not-checked"]);
    });

    it("tells of one zone what is desired, acknowledged and observed at each nameserver", async () => {
      const pairs = await zoneProof(ctx, ctx.root, "two.example.");
      expect(pairs.map(({ label, reason, observed }) => [label, reason.state, reason.words, observed?.state])).toEqual([
        ["This server", "in-sync", null, "served"],
        ["ns1.example.net", "missing", SECRET, "served"],
        ["ns2.example.net", "not-checked", null, "served"],
      ]);
      expect(pairs[1]).toMatchObject({
        desired: { isGone: false },
        acknowledged: { at: 1_000 },
        observed: { at: 2_000 },
      });
    });

    it("says why a change waits", async () => {
      const seen = async () => told(await ask(ctx.root, { at: target("ns1") })).at(-1);
      zones.late = await fixture.addZone(ctx.root, "late.example.");
      await ctx.db.client.target.updateMany({
        where: { id: { not: target("ns1") } },
        data: { seenSeq: zones.late?.seq ?? 0n },
      });
      await fixture.store(zone("late"), target("local"));
      await fixture.store(zone("late"), target("ns2"));
      expect(await seen()).toEqual(["not-sent", "late.example. ns1.example.net"]);
      const id = targets.ns1?.memberId ?? 0;
      const hold = (data: object) => ctx.db.client.member.update({ where: { id }, data });
      await hold({ disabledAt: 1n, disabledReason: SECRET });
      expect(await seen()).toEqual(["disabled", "late.example. ns1.example.net"]);
      await hold({ disabledAt: null, pausedAt: 1n, pausedUntil: 2n });
      expect(await seen()).toEqual(["paused", "late.example. ns1.example.net"]);
      const { rows } = await fleet(ctx, ctx.root, { window: "hour" });
      const { createdAt } = await ctx.db.client.revision.findUniqueOrThrow({ where: { seq: zones.late?.seq ?? 0n } });
      expect(rows.find(({ label }) => label === "ns1.example.net")).toMatchObject({
        differing: { waiting: 1 },
        oldestWaitingAt: Number(createdAt),
      });
      await hold({ pausedAt: null, pausedUntil: null });
      await fixture.enableClustering(false);
      expect((await ask(ctx.root)).total).toBe(0);
      const [, pair] = await zoneProof(ctx, ctx.root, "late.example.");
      expect(pair?.reason.state).toBe("clustering-disabled");
      await fixture.enableClustering(true);
    });

    it("counts what a plan asked for and the nameserver was not sent yet", async () => {
      const asked = { ackSeq: 0n, failedSeq: zones.late?.seq ?? 0n, retryAt: 9_000n, error: "Asked for." };
      await fixture.store(zone("late"), target("ns2"), asked);
      for (const actor of [ctx.root, alice]) {
        const found = told(await ask(actor, { cause: "not-sent" })).flat();
        expect(found.includes("late.example. ns2.example.net")).toBe(actor === ctx.root);
      }
      const notSent = async () =>
        (await memberProof(ctx, ctx.root, { memberId: targets.ns2?.memberId ?? 0, ...problemListQuery.parse({}) }))
          .causes;
      expect(await notSent()).toContainEqual({ cause: "not-sent", count: 1 });
      // The cursor may leave the same pair open: it is counted once.
      await ctx.db.client.target.update({ where: { id: target("ns2") }, data: { backlogSeq: zones.late?.seq ?? 0n } });
      expect(await notSent()).toContainEqual({ cause: "not-sent", count: 1 });
      await ctx.db.client.target.update({ where: { id: target("ns2") }, data: { backlogSeq: 0n } });
      await fixture.store(zone("late"), target("ns2"));
    });

    it("a deletion that is not done is a difference of no zone that is there", async () => {
      await deleteZone(ctx, ctx.root, { name: "late.example." });
      const { changeSeq } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "late.example." } });
      await ctx.db.client.target.updateMany({ where: { id: { not: target("ns2") } }, data: { seenSeq: changeSeq } });
      for (const at of ["local", "ns1"]) await fixture.store(zone("late"), target(at), { ackDigest: "" });
      await fixture.store(zone("late"), target("local"), { ackDigest: "", problem: "extra", problemSince: 1n });
      const list = await ask(ctx.root, { q: "late" });
      expect(told(list)).toEqual([
        ["extra", "late.example. This server"],
        ["not-sent", "late.example. ns2.example.net"],
      ]);
      expect(await everywhereSummary(ctx, ctx.root)).toMatchObject({ zones: 5, notEverywhere: 4 });
    });

    it("shows a reseller their own zones, and nothing of root's members", async () => {
      const list = await ask(alice);
      expect(told(list)).toEqual([
        ["old-serial", "alice.example. Nameserver 3"],
        ["set-aside", "alice.example. Nameserver 2"],
      ]);
      expect(await zonesNotEverywhere(ctx, alice)).toBe(1);
      const seen = JSON.stringify(
        [
          list,
          await fleet(ctx, alice, { window: "day" }),
          await zoneProof(ctx, alice, "alice.example."),
          await everywhereSummary(ctx, alice),
        ],
        (_, value) => (typeof value === "bigint" ? Number(value) : value),
      );
      expect(seen).not.toMatch(/secret|ns\d\.example|192\.0\.2|bob|one\.example/);
      expect((await fleet(ctx, alice, { window: "day" })).rows).toMatchObject([
        { label: "This server", status: null, addresses: [], zones: 1, inSync: 1, sweptAt: null },
        { label: "Nameserver 2", memberId: null, differing: { "set-aside": 1 } },
        { label: "Nameserver 3", memberId: null, differing: { problem: 1 } },
      ]);
    });

    it("a member's state is not told to those whose member it is not", async () => {
      const hold = (disabledAt: bigint | null) =>
        ctx.db.client.member.update({ where: { id: targets.ns2?.memberId ?? 0 }, data: { disabledAt } });
      await ctx.db.client.zoneTarget.deleteMany({ where: { zoneId: zone("alice"), targetId: target("ns2") } });
      await ctx.db.client.target.update({ where: { id: target("ns2") }, data: { seenSeq: 0n } });
      await hold(1n);
      expect(told(await ask(alice)).at(-1)).toEqual(["not-sent", "alice.example. Nameserver 3"]);
      expect((await zoneProof(ctx, alice, "alice.example."))[2]?.reason).toMatchObject({
        state: "not-sent",
        nextAt: null,
      });
      expect(told(await ask(ctx.root, { q: "alice", at: target("ns2") }))).toEqual([
        ["disabled", "alice.example. ns2.example.net"],
      ]);
      await hold(null);
    });

    it("names a reseller's own member, and is silent about another's things", async () => {
      await fixture.store(zone("bob"), target("bobs"), {
        problem: "lame",
        problemSince: 3n,
        observedDetail: "REFUSED",
      });
      expect(told(await ask(bob))).toEqual([["lame", "bob.example. ns.bob.example"]]);
      expect((await fleet(ctx, bob, { window: "day" })).rows).toMatchObject([
        { label: "This server", zones: 1 },
        { label: "ns.bob.example", memberId: targets.bobs?.memberId, addresses: [{ address: "192.0.2.1", udp: null }] },
      ]);
      for (const at of [target("ns1"), target("ns2"), 99_999])
        await expect(ask(bob, { at })).rejects.toMatchObject({ code: "not-found" });
      await expect(zoneProof(ctx, bob, "alice.example.")).rejects.toMatchObject({ code: "not-found" });
      const query = { memberId: targets.ns1?.memberId ?? 0, ...problemListQuery.parse({}) };
      await expect(memberProof(ctx, alice, query)).rejects.toMatchObject({ code: "not-found" });
      await expect(ask(await ctx.addReseller("nobody", []))).rejects.toMatchObject({ code: "forbidden" });
    });

    it("lists the zones that are not everywhere", async () => {
      const list = (actor: UserActor) => listZones(ctx, actor, zoneListQuery.parse({ served: "not-everywhere" }));
      const names = async (actor: UserActor) => (await list(actor)).rows.map(({ name }) => name);
      expect(await names(bob)).toEqual(["bob.example."]);
      expect(await names(alice)).toEqual(["alice.example."]);
      expect(await names(ctx.root)).toEqual([
        "alice.example.",
        "bob.example.",
        "one.example.",
        "three.example.",
        "two.example.",
      ]);
    });

    it("tells how long changes took", async () => {
      const { changeSeq } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "alice.example." } });
      const { createdAt } = await ctx.db.client.revision.findUniqueOrThrow({ where: { seq: changeSeq } });
      const arrived = (at: string, ms: bigint | null) =>
        ctx.db.client.delivery.create({
          data: {
            seq: changeSeq,
            targetId: target(at),
            acceptedAt: createdAt,
            servedAt: ms === null ? null : createdAt + ms,
          },
        });
      await arrived("local", 10n);
      await arrived("ns1", 40n);
      await arrived("ns2", null);
      for (const actor of [ctx.root, alice]) {
        const { propagation, rows } = await fleet(ctx, actor, { window: "hour" });
        expect(propagation.all).toEqual({ count: 2, p50: 10, p95: 40, p99: 40 });
        expect(propagation.steps.filter(({ count }) => count > 0)).toHaveLength(1);
        expect(rows.map(({ propagation }) => propagation.p50)).toContain(10);
      }
      expect((await fleet(ctx, bob, { window: "hour" })).propagation.all.count).toBe(0);
    });
  },
);
