import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { selfSigned } from "@/e2e/emulators/self-signed";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import { checkMembers } from "@/lib/cluster/check-members";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { enableMember } from "@/lib/members/enable-member";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { pauseMembers, resumeMembers } from "@/lib/members/pause-members";
import { getMember } from "@/lib/members/queries";
import { heldMembers } from "@/lib/members/queries-held";
import { LONG_AWAY_MS } from "@/lib/members/ready-target";
import { addMember, deleteMember } from "@/lib/members/service";
import { certificateFiles } from "@/lib/net/certificate-files";
import { writeSettings } from "@/lib/settings/settings";
import { probeDelay } from "@/lib/sync/policy";
import { getZone } from "@/lib/zones/queries";
import { zoneReceipts } from "@/lib/zones/receipts";
import { createZone, deleteZone, editZone } from "@/lib/zones/service";
import type { Engine } from "./engine";
import { previewCatchUp } from "./preview-catch-up";
import { createServerEngine } from "./server-engine";

const TOKEN = "WHMTOKEN0123456789";
const text = (name: string, serial = 1, host = "192.0.2.1") =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${host}\n`;

async function until(isTrue: () => unknown): Promise<void> {
  for (let tries = 0; tries < 1_500; tries++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("Waited too long.");
}

describe.each(["sqlite", "postgresql"] as const)("a member's episode on %s", (provider) => {
  let base: TestContext;
  let ctx: Context;
  let engine: Engine;
  let whm: WhmEmulator;
  let id: number;
  let offset = 0;
  let zones = 0;

  beforeAll(async () => {
    setLogLevel("error");
    base = await testContext(provider, {
      clock: { now: () => Date.now() + offset, monotonic: () => performance.now() },
      wake: () => engine.wake(),
    });
    ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] } };
    const files = certificateFiles(base.env.dataDir);
    mkdirSync(files.folder);
    writeFileSync(files.cert, (await selfSigned(["web1.example.com"])).cert);
    await base.db.transaction((tx) => writeSettings(tx, "server", { serverId: "OURSELVES", addresses: ["192.0.2.9"] }));
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    offset = 0;
    await options({ failureThreshold: 2, autoEnable: false });
    whm = await startWhmEmulator();
    engine = createServerEngine(ctx, () => null);
    engine.start();
    const form = { backend: "whm" as const, hostname: "127.0.0.1", port: whm.port, username: "root", token: TOKEN };
    id = (await addMember(ctx, base.root, { ...form, debug: false, role: "sync", pin: whm.pin })).id;
    const target = () => ctx.db.client.target.findUnique({ where: { memberId: id } });
    await until(async () => (await target())?.needsCompare === false && (await member()).waiting === 0);
  });
  afterEach(async () => {
    await engine.stop();
    await deleteMember(ctx, base.root, { id });
    await closeMemberDrivers(ctx);
    await whm.close();
  });

  const options = (changes: { failureThreshold?: number; autoEnable?: boolean }) =>
    ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true, ...changes }));
  const row = () => ctx.db.client.member.findUniqueOrThrow({ where: { id } });
  const member = () => getMember(ctx, base.root, id);
  const newZone = async (name = `z${zones++}.${provider}.example.`) => {
    const { seq } = await createZone(ctx, base.root, { name, text: text(name) });
    return { name, short: name.slice(0, -1), seq };
  };
  const edit = async ({ name, seq }: { name: string; seq: number }, host: string) => {
    const add = { kind: "add" as const, owner: `h.${name}`, type: "A", ttl: 60, rdata: host };
    return editZone(ctx, base.root, { name, changes: [add], baseSeq: seq });
  };
  const stop = () => {
    whm.fault = { kind: "drops", on: /./ };
  };
  /** What was called before the failure that disabled it may arrive after it. */
  const noneUnderWay = async () => {
    for (let before = -1; before !== whm.requests.length; await new Promise((resolve) => setTimeout(resolve, 300)))
      before = whm.requests.length;
  };
  const disabled = () => until(async () => (await row()).disabledAt !== null);
  const notices = async () =>
    (await ctx.db.client.notice.findMany({ where: { memberId: id }, orderBy: { id: "asc" } })).map((notice) => ({
      event: notice.event,
      episode: notice.episode,
      facts: JSON.parse(notice.facts) as Record<string, unknown>,
    }));

  it("it stops, is disabled, says so everywhere, is enabled by hand, and catches up", async () => {
    const old = await newZone();
    const gone = await newZone();
    await until(() => whm.zones.has(old.short) && whm.zones.has(gone.short));
    stop();
    const { seq } = await edit(old, "192.0.2.7");
    await disabled();
    const fresh = await newZone();
    await edit({ ...old, seq }, "192.0.2.8");
    await deleteZone(ctx, base.root, { name: gone.name });
    expect(await member()).toMatchObject({
      status: { state: "disabled", label: "Disabled", since: expect.any(Number) },
      failures: 2,
      ...{ waiting: 3, changes: 4 },
    });
    expect(await heldMembers(ctx, base.root)).toMatchObject([{ id, why: "disabled" }]);
    const { targets } = await zoneReceipts(ctx, base.root, { name: fresh.name });
    expect(targets).toMatchObject([{ state: "disabled", held: { since: Number((await row()).disabledAt) } }]);

    await noneUnderWay();
    const calls = whm.requests.length;
    await expect(enableMember(ctx, base.root, { id })).rejects.toMatchObject({ code: "conflict" });
    expect((await row()).disabledAt).not.toBeNull();
    expect(await previewCatchUp(ctx, base.root, { id })).toMatchObject({ check: { ok: false }, catchUp: null });
    expect(whm.requests.slice(calls).filter(({ path }) => path.startsWith("/scripts2"))).toEqual([]);

    whm.fault = null;
    whm.zones.set("theirs.example", text("theirs.example."));
    const held = new Map(whm.zones);
    expect(await previewCatchUp(ctx, base.root, { id })).toMatchObject({
      check: { ok: true },
      catchUp: {
        send: { zones: 2, examples: expect.arrayContaining([fresh.short, old.short]) },
        remove: { zones: 1, examples: [gone.short] },
        take: { zones: 0 },
        isComparedFirst: false,
      },
    });
    expect(whm.zones).toEqual(held);

    await enableMember(ctx, base.root, { id });
    await until(() => whm.zones.has(fresh.short) && !whm.zones.has(gone.short));
    await until(() => whm.zones.get(old.short)?.includes("192.0.2.8"));
    expect(whm.zones.has("theirs.example")).toBe(true);
    await until(async () => (await member()).waiting === 0);
    expect(await member()).toMatchObject({ status: { state: "online" }, failures: 0, changes: null });
    const told = await notices();
    expect(told).toMatchObject([
      { event: "member-disabled", facts: { failures: 2, waitingZones: expect.any(Number) } },
      { event: "member-back", facts: { how: "by-hand", waitingZones: 3 } },
    ]);
    expect(told[0]?.episode).toBe(told[1]?.episode);
    await expect(enableMember(ctx, base.root, { id })).rejects.toMatchObject({ code: "conflict" });
  });

  it("one that was away long is compared both ways before anything is written", async () => {
    const zone = await newZone();
    await until(() => whm.zones.has(zone.short));
    stop();
    await edit(zone, "192.0.2.7");
    await disabled();
    // Meanwhile somebody changes the zone there, and later than here.
    whm.zones.set(zone.short, text(zone.name, 2_100_000_000, "192.0.2.99"));
    const other = await newZone();
    offset += LONG_AWAY_MS + 1_000;
    whm.fault = null;
    expect((await previewCatchUp(ctx, base.root, { id })).catchUp).toMatchObject({
      take: { zones: 1, examples: [zone.short] },
      send: { zones: 1 },
      isComparedFirst: true,
    });
    const calls = whm.requests.length;
    await enableMember(ctx, base.root, { id });
    await until(() => whm.zones.has(other.short));
    const { serial } = await getZone(ctx, base.root, zone.name);
    expect(serial).toBeGreaterThanOrEqual(2_100_000_000);
    expect(whm.zones.get(zone.short)).toContain("192.0.2.99");
    const paths = whm.requests.slice(calls).map(({ path }) => path);
    const firstWrite = paths.findIndex((path) => /\/(synczones|savezone|quickzoneadd)_local/.test(path));
    const firstRead = paths.findIndex((path) => /\/getzones_local/.test(path));
    expect(firstRead).toBeGreaterThanOrEqual(0);
    expect(firstRead).toBeLessThan(firstWrite);
  });

  it("one that was away long is compared first also where no failure disables it, and not before it answers", async () => {
    await options({ failureThreshold: 0 });
    const [zone, calm] = [await newZone(), await newZone()];
    await until(() => whm.zones.has(zone.short) && whm.zones.has(calm.short));
    await until(async () => (await member()).waiting === 0);
    stop();
    await edit(zone, "192.0.2.7");
    await until(async () => (await row()).failures > 0);
    whm.zones.set(zone.short, text(zone.name, 2_100_000_000, "192.0.2.99"));
    offset += LONG_AWAY_MS + 1_000;
    const { failures } = await row();
    await until(async () => (await row()).failures > failures);
    expect(await member()).toMatchObject({ waiting: 1, isComparing: false, status: { state: "failing" } });
    whm.fault = null;
    offset += 60_000;
    await until(async () => (await getZone(ctx, base.root, zone.name)).serial >= 2_100_000_000);
    await until(async () => (await member()).waiting === 0);
    expect(whm.zones.get(zone.short)).toContain("192.0.2.99");
    expect(await row()).toMatchObject({ failures: 0, firstFailureAt: null });
  });

  it("a pause sends nothing, counts nothing, and ends by itself or by hand", async () => {
    expect(await pauseMembers(ctx, base.root, { ids: [id], minutes: 60 })).toEqual({ changed: 1 });
    whm.fault = { kind: "drops", on: /./ };
    await noneUnderWay();
    const calls = whm.requests.length;
    const zone = await newZone();
    expect(await member()).toMatchObject({ status: { state: "maintenance" }, waiting: 1, changes: 1 });
    const { targets } = await zoneReceipts(ctx, base.root, { name: zone.name });
    expect(targets).toMatchObject([{ state: "maintenance" }]);
    offset += 59 * 60_000;
    // A round of the chore that ends pauses.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(whm.requests).toHaveLength(calls);
    expect(await row()).toMatchObject({ failures: 0, lastErrorAt: null });
    whm.fault = null;
    offset += 60_000;
    await until(() => whm.zones.has(zone.short));
    expect(await member()).toMatchObject({ status: { state: "online" } });

    await pauseMembers(ctx, base.root, { ids: [id], minutes: 60 });
    const second = await newZone();
    expect(await resumeMembers(ctx, base.root, { ids: [id] })).toEqual({ changed: 1 });
    await until(() => whm.zones.has(second.short));
    const actions = await ctx.db.client.auditEvent.findMany({
      where: { action: { in: ["member.pause", "member.resume"] } },
    });
    expect(actions.length).toBeGreaterThanOrEqual(4);
    expect(await notices()).toEqual([]);
  });

  it("enables itself when it answers again, if root chose so: asked less and less often, once told of, caught up first", async () => {
    await options({ autoEnable: true });
    const zone = await newZone();
    await until(() => whm.zones.has(zone.short));
    stop();
    await edit(zone, "192.0.2.7");
    await disabled();
    const first = await row();
    expect(Number(first.probeAt) - Number(first.disabledAt)).toBe(probeDelay(0));
    offset += probeDelay(0);
    await until(async () => (await row()).probes === 1);
    const vain = await row();
    expect(vain.disabledAt).toEqual(first.disabledAt);
    expect(Number(vain.probeAt) - Number(vain.lastFailureAt)).toBe(probeDelay(1));

    // It answers light questions, and fails at its work: back again with the first failure, and nobody is told twice.
    whm.fault = { kind: "status", status: 403, on: /scripts2/ };
    offset += probeDelay(1);
    await until(async () => ((await row()).disabledAt ?? 0n) > (first.disabledAt ?? 0n));
    expect(await row()).toMatchObject({ recoveringAt: null, firstFailureAt: first.firstFailureAt });
    expect((await notices()).map(({ event }) => event)).toEqual(["member-disabled"]);

    whm.fault = null;
    offset += probeDelay((await row()).probes);
    await until(() => whm.zones.get(zone.short)?.includes("192.0.2.7"));
    await until(async () => (await row()).firstFailureAt === null);
    expect(await row()).toMatchObject({ disabledAt: null, recoveringAt: null, failures: 0, probes: 0 });
    const told = await notices();
    expect(told.map(({ event }) => event)).toEqual(["member-disabled", "member-back"]);
    expect(told[1]?.facts).toMatchObject({ how: "by-itself", disabledAt: Number(first.disabledAt) });
  });

  /** It answers what it is and what it has, and takes nothing. */
  const refuseWork = () => {
    whm.fault = { kind: "status", status: 500, on: /synczones_local/ };
  };
  const atTarget = async (zone: { name: string }) => {
    const { id: targetId } = await ctx.db.client.target.findUniqueOrThrow({ where: { memberId: id } });
    const { id: zoneId } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: zone.name } });
    return ctx.db.client.zoneTarget.findUnique({ where: { zoneId_targetId: { zoneId, targetId } } });
  };

  it("answers and takes no zone: one is set aside, several disable it, and all arrive when it is enabled", async () => {
    refuseWork();
    const first = await newZone();
    for (let attempts = 1; attempts <= 3; attempts++) {
      await until(async () => ((await atTarget(first))?.attempts ?? 0) >= attempts);
      offset += 60_000;
    }
    expect(await row()).toMatchObject({ failures: 0, disabledAt: null });

    const others = [await newZone(), await newZone()];
    await until(async () => (await row()).failures === 1);
    // Its work has a turn of its own in a second or two: not before it was asked.
    const resting = { where: { memberId: id }, data: { retryAt: BigInt(ctx.clock.now() + 60_000) } };
    await ctx.db.client.target.updateMany(resting);
    // What it says of itself does not clear it.
    await checkMembers(ctx);
    expect(await row()).toMatchObject({ failures: 1, lastErrorKind: "bad-response" });
    offset += 60_000;
    others.push(await newZone());
    await disabled();
    expect(await notices()).toMatchObject([{ event: "member-disabled", facts: { failures: 2 } }]);

    const { targetId = 0 } = (await atTarget(first)) ?? {};
    const later = BigInt(ctx.clock.now() + 60 * 60_000);
    await ctx.db.client.zoneTarget.updateMany({
      where: { targetId, retryAt: { not: null } },
      data: { retryAt: later },
    });
    whm.fault = null;
    await enableMember(ctx, base.root, { id });
    await until(() => [first, ...others].every(({ short }) => whm.zones.has(short)));
  });

  it("gets what was set aside at once when it takes a zone again", async () => {
    await options({ failureThreshold: 0 });
    refuseWork();
    const zones = [await newZone(), await newZone(), await newZone()];
    await until(async () => (await row()).failures > 0);
    const { targetId = 0 } = (await atTarget(zones[0] ?? { name: "" })) ?? {};
    const later = BigInt(ctx.clock.now() + 60 * 60_000);
    await ctx.db.client.zoneTarget.updateMany({
      where: { targetId, retryAt: { not: null } },
      data: { retryAt: later },
    });
    whm.fault = null;
    zones.push(await newZone());
    await until(() => zones.every(({ short }) => whm.zones.has(short)));
    await until(async () => (await row()).failures === 0);
  });

  it("is not told to be back while a zone waits for what it fails with", async () => {
    await options({ autoEnable: true });
    const zone = await newZone();
    await until(() => whm.zones.has(zone.short));
    stop();
    await edit(zone, "192.0.2.7");
    await disabled();
    refuseWork();
    offset += probeDelay(0);
    await until(async () => (await atTarget(zone))?.errorKind === "bad-response");
    // It is read again, so nothing else speaks against it.
    await until(async () => (await row()).pullErrorKind === null);
    // A round of the chore that ends episodes.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await row()).recoveringAt).not.toBeNull();
    expect((await notices()).map(({ event }) => event)).toEqual(["member-disabled"]);
    whm.fault = null;
    offset += 60_000;
    await until(async () => (await notices()).at(-1)?.event === "member-back");
    expect(whm.zones.get(zone.short)).toContain("192.0.2.7");
  });

  it("is nobody else's to see, to enable or to pause", async () => {
    const studio = await base.addReseller(`studio-${provider}`, ["clustering"]);
    stop();
    const zone = await newZone();
    await disabled();
    for (const work of [
      () => enableMember(ctx, studio, { id }),
      () => previewCatchUp(ctx, studio, { id }),
      () => pauseMembers(ctx, studio, { ids: [id], minutes: 5 }),
      () => resumeMembers(ctx, studio, { ids: [id] }),
    ])
      await expect(work()).rejects.toMatchObject({ code: "not-found" });
    expect(await heldMembers(ctx, studio)).toEqual([]);
    const own = `own-${provider}.example.`;
    await createZone(ctx, studio, { name: own, text: text(own) });
    const { targets } = await zoneReceipts(ctx, studio, { name: own });
    expect(targets).toMatchObject([{ state: "pending", held: null, label: "Nameserver 1" }]);
    expect(JSON.stringify(targets)).not.toContain("disabled");
    await deleteZone(ctx, base.root, { name: zone.name });
  });
});
