import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import type { TargetStatus } from "@/lib/drivers/driver";
import { DriverError, type DriverErrorKind } from "@/lib/errors";
import { subscribe } from "@/lib/live/bus";
import { recordMemberFailure, recordMemberSuccess } from "./record";

describe("what is recorded of a member's commands", () => {
  let ctx: TestContext;
  let id: number;
  let now = 1_000_000;
  let pokes = 0;
  let unsubscribe: () => void;

  beforeAll(async () => {
    ctx = await testContext("sqlite", { clock: { now: () => now, monotonic: () => now } });
    unsubscribe = subscribe((topic) => {
      if (topic === "cluster") pokes++;
    });
  });
  afterAll(async () => {
    unsubscribe();
    await ctx.close();
  });
  beforeEach(async () => {
    await ctx.db.client.member.deleteMany();
    const member = await ctx.db.client.member.create({
      data: {
        ownerId: ctx.root.userId,
        hostname: "ns1.example.com",
        address: "192.0.2.1",
        username: "root",
        backend: "whm",
        role: "sync",
        sealedCredential: "",
        createdAt: 0n,
      },
    });
    id = member.id;
    pokes = 0;
  });

  const fail = (kind: DriverErrorKind) =>
    recordMemberFailure(ctx, id, new DriverError(kind, "ns1.example.com", "apply", `It was ${kind}.`));
  const row = () => ctx.db.client.member.findUniqueOrThrow({ where: { id } });
  const status: TargetStatus = { version: "0.1.0", software: "Zonefleet", serverId: "NS1", dnsAddresses: [] };

  it.each<[DriverErrorKind, number]>([
    ["unreachable", 1],
    ["timeout", 1],
    ["tls", 1],
    ["auth", 1],
    ["bad-response", 1],
    ["rate-limited", 0],
    ["rejected", 0],
    ["not-found", 0],
    ["unsupported", 0],
    ["conflict", 0],
  ])("%s counts %i", async (kind, failures) => {
    await fail(kind);
    expect(await row()).toMatchObject({ failures, lastErrorKind: kind, lastError: `It was ${kind}.` });
  });

  it.each<DriverErrorKind>(["aborted", "held"])("%s is none of the member's doing", async (kind) => {
    await fail(kind);
    expect(await row()).toMatchObject({ failures: 0, lastErrorAt: null });
    expect(pokes).toBe(0);
  });

  it("a success ends the row of failures, and is later than the last of them", async () => {
    await fail("timeout");
    await fail("timeout");
    expect(await row()).toMatchObject({ failures: 2 });
    await recordMemberSuccess(ctx, id, now);
    const { failures, lastAnswerAt, lastErrorAt } = await row();
    expect(failures).toBe(0);
    expect(lastAnswerAt).toBeGreaterThan(lastErrorAt ?? 0n);
  });

  it("an answer to what was asked before a failure ends nothing, and a clock that was set back hides no answer", async () => {
    const beganAt = now;
    now += 1_000;
    await fail("auth");
    now += 1_000;
    await recordMemberSuccess(ctx, id, beganAt, status);
    expect(await row()).toMatchObject({ failures: 1, lastAnswerAt: null, version: "0.1.0" });
    now -= 10 * 60_000;
    await recordMemberSuccess(ctx, id, now, status);
    const { failures, lastAnswerAt, lastErrorAt } = await row();
    expect(failures).toBe(0);
    expect(lastAnswerAt).toBeGreaterThan(lastErrorAt ?? 0n);
  });

  it("successes close to each other are written once; news of the server always", async () => {
    await recordMemberSuccess(ctx, id, now, status);
    const first = await row();
    expect(first).toMatchObject({ version: "0.1.0", software: "Zonefleet", serverId: "NS1" });
    now += 1_000;
    await recordMemberSuccess(ctx, id, now, status);
    expect(await row()).toEqual(first);
    expect(pokes).toBe(1);
    await recordMemberSuccess(ctx, id, now, { ...status, version: "0.2.0" });
    expect(await row()).toMatchObject({ version: "0.2.0", lastAnswerAt: BigInt(now) });
    now += 10_000;
    await recordMemberSuccess(ctx, id, now);
    expect(await row()).toMatchObject({ version: "0.2.0", lastAnswerAt: BigInt(now) });
  });

  it("keeps what a member said of its nameserver, and not whether it runs, when it does not tell", async () => {
    await recordMemberSuccess(ctx, id, now, { ...status, nameserver: { software: "PowerDNS 4.4.1", runs: false } });
    expect(await row()).toMatchObject({ nameserver: "PowerDNS 4.4.1", nameserverRuns: false });
    await recordMemberSuccess(ctx, id, now, status);
    expect(await row()).toMatchObject({ nameserver: "PowerDNS 4.4.1", nameserverRuns: null });
    await recordMemberSuccess(ctx, id, now, { ...status, nameserver: { software: "", runs: true } });
    expect(await row()).toMatchObject({ nameserver: "PowerDNS 4.4.1", nameserverRuns: true });
    await recordMemberSuccess(ctx, id, now, { ...status, nameserver: { software: "Disabled", runs: null } });
    expect(await row()).toMatchObject({ nameserver: "Disabled", nameserverRuns: null });
  });

  it("takes no nameserver address from a member that members may not have", async () => {
    const addresses = ["127.0.0.1", "169.254.169.254", "::ffff:127.0.0.1", "192.0.2.1", "2001:db8::1"];
    const dnsAddresses = addresses.map((address) => ({ address, port: 53 }));
    await recordMemberSuccess(ctx, id, now, { ...status, dnsAddresses });
    expect(JSON.parse((await row()).dnsAddresses)).toEqual(dnsAddresses.slice(3));
  });

  it("does nothing for a member that was deleted meanwhile", async () => {
    await ctx.db.client.member.deleteMany();
    await recordMemberSuccess(ctx, id, now, status);
    await fail("timeout");
    expect(await ctx.db.client.member.count()).toBe(0);
    expect(pokes).toBe(0);
  });
});
