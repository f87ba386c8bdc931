import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { DriverError, type DriverErrorKind } from "@/lib/errors";
import { subscribe } from "@/lib/live/bus";
import { writeSettings } from "@/lib/settings/settings";
import { probeDelay } from "@/lib/sync/policy";
import { recordMemberFailure, recordMemberSuccess } from "./record";

describe.each(["sqlite", "postgresql"] as const)("the failure threshold on %s", (provider) => {
  let ctx: TestContext;
  let id: number;
  let now: number;

  beforeAll(async () => {
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
  });
  afterAll(() => ctx.close());
  beforeEach(async () => {
    now = 1_000_000;
    await ctx.db.client.member.deleteMany();
    await ctx.db.client.target.deleteMany();
    await ctx.db.client.auditEvent.deleteMany();
    await threshold(3);
    const data = { ownerId: ctx.root.userId, hostname: "ns1.example.com", address: "192.0.2.1", username: "root" };
    const more = { backend: "whm", role: "sync", sealedCredential: "", createdAt: 0n };
    id = (await ctx.db.client.member.create({ data: { ...data, ...more } })).id;
  });

  const threshold = (failureThreshold: number) =>
    ctx.db.transaction((tx) => writeSettings(tx, "cluster", { failureThreshold }));
  const fail = (kind: DriverErrorKind = "timeout") => {
    now += 10;
    return recordMemberFailure(ctx, id, new DriverError(kind, "ns1.example.com", "apply", `It was ${kind}.`));
  };
  const row = () => ctx.db.client.member.findUniqueOrThrow({ where: { id } });
  const disablings = () => ctx.db.client.auditEvent.count({ where: { action: "member.disable" } });

  it("disables the member with the failure that reaches it, and remembers the episode", async () => {
    await fail("unreachable");
    await fail("rejected");
    await fail();
    expect(await row()).toMatchObject({ failures: 2, disabledAt: null, firstFailureAt: 1_000_010n });
    await fail("auth");
    expect(await row()).toMatchObject({
      failures: 3,
      disabledAt: 1_000_040n,
      disabledKind: "auth",
      disabledReason: "It was auth.",
      firstFailureAt: 1_000_010n,
      lastFailureAt: 1_000_040n,
      probeAt: BigInt(1_000_040 + probeDelay(0)),
    });
    expect(await disablings()).toBe(1);
  });

  it("names the change that was last seen served, of the zones that the member is to have", async () => {
    const { client } = ctx.db;
    const north = await ctx.addReseller("north");
    await client.user.update({ where: { id: north.userId }, data: { uniqueCluster: true } });
    const target = await client.target.create({ data: { memberId: id, createdAt: 0n } });
    const zone = { changeSeq: 1n, serial: 5n, digest: "d", recordCount: 1, updatedAt: 0n, createdAt: 0n };
    const seen = { targetId: target.id, ackSeq: 1n, ackSerial: 5n, observedSerial: 5n, observedState: "served" };
    for (const [zoneId, name, ownerId, ackDigest, deletedAt] of [
      [1, "old.example.", ctx.root.userId, "d", null],
      [2, "shown.example.", ctx.root.userId, "d", null],
      [3, "withdrawn.example.", ctx.root.userId, "", null],
      [4, "norths.example.", north.userId, "d", null],
      [5, "deleted.example.", ctx.root.userId, "d", 9n],
    ] as const) {
      await client.zone.create({ data: { ...zone, id: zoneId, name, ownerId, deletedAt } });
      await client.zoneTarget.create({ data: { ...seen, zoneId, ackDigest, observedAt: BigInt(zoneId * 100) } });
    }
    for (let times = 0; times < 3; times++) await fail();
    const { facts } = await client.notice.findFirstOrThrow({ where: { event: "member-disabled", memberId: id } });
    expect(JSON.parse(facts).lastServed).toEqual({ zone: "shown.example.", serial: 5, at: 200 });
    await client.zoneTarget.deleteMany();
    await client.zone.deleteMany();
  });

  it("is reached once, however many commands fail at once", async () => {
    await threshold(10);
    await Promise.all(Array.from({ length: 25 }, () => fail()));
    expect(await row()).toMatchObject({ failures: 10 });
    expect((await row()).disabledAt).not.toBeNull();
    expect(await disablings()).toBe(1);
  });

  it("tells the pages of the member and of its zones", async () => {
    const heard: string[] = [];
    const end = subscribe((topic) => heard.push(topic));
    await fail();
    await fail();
    expect(new Set(heard)).toEqual(new Set(["cluster"]));
    await fail();
    end();
    expect(new Set(heard)).toEqual(new Set(["cluster", "members", "notices"]));
  });

  it("is not reached when a command succeeds in between: the episode is over", async () => {
    await fail();
    await fail();
    await recordMemberSuccess(ctx, id, ctx.clock.now());
    expect(await row()).toMatchObject({ failures: 0, firstFailureAt: null, lastFailureAt: null });
    await fail();
    await fail();
    expect(await row()).toMatchObject({ failures: 2, disabledAt: null, firstFailureAt: 1_000_030n });
  });

  it("is not put off by a light question that is answered while what is sent keeps failing", async () => {
    const status = { version: "0.1.0", software: "Zonefleet", dnsAddresses: [] };
    const target = await ctx.db.client.target.create({
      data: { memberId: id, attempts: 2, errorKind: "auth", createdAt: 0n },
    });
    await fail("auth");
    await fail("auth");
    await recordMemberSuccess(ctx, id, ctx.clock.now(), status);
    expect(await row()).toMatchObject({ failures: 2, version: "0.1.0" });
    // Nor by its zones that were taken in.
    await recordMemberSuccess(ctx, id, ctx.clock.now());
    expect(await row()).toMatchObject({ failures: 2 });
    await ctx.db.client.target.update({ where: { id: target.id }, data: { attempts: 0, errorKind: null } });
    await recordMemberSuccess(ctx, id, ctx.clock.now(), { ...status, version: "0.2.0" });
    expect(await row()).toMatchObject({ failures: 0 });
  });

  it("enables nobody by a late answer, and counts no late failure", async () => {
    for (let times = 0; times < 3; times++) await fail();
    const disabled = await row();
    await recordMemberSuccess(ctx, id, ctx.clock.now());
    await fail("tls");
    expect(await row()).toEqual(disabled);
    expect(await disablings()).toBe(1);
  });

  it("counts nothing while the member is paused", async () => {
    await ctx.db.client.member.update({ where: { id }, data: { pausedAt: 1n, pausedUntil: 9_000_000n } });
    for (let times = 0; times < 5; times++) await fail();
    expect(await row()).toMatchObject({ failures: 0, disabledAt: null, lastErrorAt: null });
  });

  it("0 keeps every member online at all times; one that is disabled stays so", async () => {
    await threshold(0);
    for (let times = 0; times < 20; times++) await fail();
    expect(await row()).toMatchObject({ failures: 20, disabledAt: null });
    await threshold(5);
    await fail();
    expect((await row()).disabledAt).not.toBeNull();
    await threshold(0);
    expect((await row()).disabledAt).not.toBeNull();
  });

  it("lowered below the present count disables with the next failure, and nobody by itself", async () => {
    await threshold(10);
    for (let times = 0; times < 5; times++) await fail();
    await threshold(2);
    expect(await row()).toMatchObject({ failures: 5, disabledAt: null });
    await fail();
    expect(await row()).toMatchObject({ failures: 6 });
    expect((await row()).disabledAt).not.toBeNull();
  });

  it("one failure disables a member again that was enabled by itself and has not caught up: the same episode", async () => {
    const columns = { recoveringAt: 900_000n, probes: 2, firstFailureAt: 800_000n };
    await ctx.db.client.member.update({ where: { id }, data: columns });
    await recordMemberSuccess(ctx, id, ctx.clock.now());
    expect(await row()).toMatchObject({ firstFailureAt: 800_000n, recoveringAt: 900_000n });
    await fail();
    expect(await row()).toMatchObject({
      disabledAt: 1_000_010n,
      recoveringAt: null,
      firstFailureAt: 800_000n,
      probes: 2,
      probeAt: BigInt(1_000_010 + probeDelay(2)),
    });
  });
});
