import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { digestZone } from "@/lib/dns/digest";
import { isNewerSerial } from "@/lib/dns/serial";
import { soaOf } from "@/lib/dns/zone-build";
import { formatZone, parseZoneFile } from "@/lib/dns/zone-file";
import type { Driver } from "@/lib/drivers/driver";
import { createMemoryDriver, type MemoryDriver } from "@/lib/drivers/memory/driver";
import { DriverError } from "@/lib/errors";
import { setLogLevel } from "@/lib/logger";
import { fitTarget } from "@/lib/members/target-row";
import { listOrphans } from "@/lib/orphans/queries";
import { orphanQuery } from "@/lib/orphans/schemas";
import { adoptOrphans, keepOrphans, listOrphansAgain, removeOrphans } from "@/lib/orphans/service";
import { writeSettings } from "@/lib/settings/settings";
import { approvePlan, expireApprovals, rejectPlan, waitingPlans } from "@/lib/sync-jobs/approval";
import { keepHere } from "@/lib/sync-jobs/keep-here";
import { getJob, jobItems } from "@/lib/sync-jobs/queries";
import { LOCAL } from "@/lib/sync-jobs/schemas";
import { applyPlan, startRepair } from "@/lib/sync-jobs/service";
import { getZone } from "@/lib/zones/queries";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, deleteZone, restoreZone } from "@/lib/zones/service";
import { createEngine, type Engine } from "../engine";
import { pullFromMember } from "../pull";
import { syncChores } from "../sync-jobs/chores";
import { scanNext } from "./chore";

const zoneText = (name: string, serial: number, hosts = 1, ns = "ns1") =>
  [
    `$ORIGIN ${name}`,
    "$TTL 3600",
    `@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300`,
    `@ NS ${ns}.example.net.`,
    ...Array.from({ length: hosts }, (_, index) => `h${index} A 192.0.2.${index}`),
    "",
  ].join("\n");

/** Puts a copy of a zone into a member behind everybody's back. */
function hold(driver: MemoryDriver, name: string, text: string): void {
  const { zone } = parseZoneFile(text, { origin: name });
  if (!zone) throw new Error(`${name} cannot be read.`);
  const known = { serial: soaOf(zone).serial, digest: digestZone(zone), updatedAt: 1_000 };
  driver.zones.set(name, { text: formatZone(zone), ...known });
}

const DAY = 24 * 60 * 60_000;

describe.each(["sqlite", "postgresql"] as const)("zones that nobody owns, repairs and approvals on %s", (provider) => {
  let ctx: TestContext;
  let engine: Engine;
  let north: UserActor;
  let shift = 0;
  const drivers = new Map<number, MemoryDriver>();
  const again: string[] = [];
  let ids: Record<"ns" | "web" | "source" | "norths", number>;
  const signal = AbortSignal.timeout(600_000);

  const open = async (_: unknown, { id }: { id: number }): Promise<Driver> => {
    const driver = drivers.get(id);
    if (!driver) throw new DriverError("unreachable", `member ${id}`, "open", "Nobody answers.");
    return {
      ...driver,
      apply: (work, aborted) => {
        again.push(...work.flatMap(({ name, again: isAgain }) => (isAgain ? name : [])));
        return driver.apply(work, aborted);
      },
    };
  };

  beforeAll(async () => {
    setLogLevel("error");
    const clock = { now: () => Date.now() + shift, monotonic: () => performance.now() };
    ctx = await testContext(provider, { clock, wake: () => engine?.wake() });
    north = await ctx.addReseller("north", ["clustering", "list-zones", "edit-dns", "create-dns", "kill-dns"]);
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    const add = async (hostname: string, role: string, kind: string, ownerId = ctx.root.userId) => {
      const member = await ctx.db.client.member.create({
        data: {
          ...{ ownerId, hostname, address: "127.0.0.1", username: "root", backend: "whm", role, kind },
          ...{ sealedCredential: "", createdAt: 0n },
        },
      });
      await ctx.db.transaction((tx) => fitTarget(tx, member, 0));
      drivers.set(member.id, createMemoryDriver());
      return member.id;
    };
    ids = {
      ns: await add("ns.example.net", "sync", "dns-only"),
      web: await add("web.example.net", "sync", "web-server"),
      source: await add("source.example.net", "standalone", "web-server"),
      norths: await add("norths.example.net", "sync", "dns-only", north.userId),
    };
    startEngine();
  }, 120_000);
  const startEngine = () => {
    engine = createEngine(
      ctx,
      {
        openTarget: async ({ memberId }) => ({ driver: await open(ctx, { id: memberId ?? 0 }), addresses: [] }),
        observe: async () => new Map(),
        takeIn: async () => ({ status: "refused", message: "Not in this test." }),
        onResult: async () => undefined,
      },
      syncChores(ctx, open),
    );
    engine.start();
  };
  afterAll(async () => {
    await engine?.stop();
    await ctx?.close();
  });

  const member = (name: keyof typeof ids) => drivers.get(ids[name]) as MemoryDriver;
  const scan = async () => {
    await ctx.db.client.member.updateMany({ data: { orphansAt: null } });
    while (await scanNext(ctx, open, signal));
  };
  const list = async (show: string, actor = ctx.root) =>
    (await listOrphans(ctx, actor, orphanQuery.parse({ show }))).rows;
  const listed = async (show: string, actor = ctx.root) =>
    (await list(show, actor)).map(({ zone, member: at, kind }) => `${zone} ${at?.name.split(".")[0]} ${kind}`).sort();
  const idOf = async (zone: string, actor = ctx.root) => {
    for (const show of ["due", "new", "own", "kept"])
      for (const row of await list(show, actor)) if (row.zone === zone) return row.id;
    throw new Error(`${zone} is not listed.`);
  };
  const planned = async ({ id }: { id: number }, actor = ctx.root) => {
    await expect.poll(async () => (await getJob(ctx, actor, id)).state, { timeout: 20_000 }).not.toBe("planning");
    return getJob(ctx, actor, id);
  };
  const steps = async (id: number) =>
    (await jobItems(ctx, ctx.root, { id, page: 1, show: "all" })).rows.map(
      ({ zone, memberName, action, kind, state }) => `${zone} ${memberName.split(".")[0]} ${action} ${kind} ${state}`,
    );
  const done = async ({ id, planHash }: { id: number; planHash: string | null }, actor = ctx.root) => {
    const request = { id, planHash: planHash ?? "" };
    const { marked } = await getJob(ctx, actor, id);
    if (marked > 0) await approvePlan(ctx, actor, request);
    await applyPlan(ctx, actor, { ...request, marked: marked > 0 ? "confirm" : undefined });
    await expect.poll(async () => (await getJob(ctx, actor, id)).state, { timeout: 20_000 }).toBe("done");
  };
  /** The server is stopped before it noted what it had done, and starts again. */
  const stopUnnoted = async ({ id }: { id: number }, ns: { pausedUntil?: null } = {}) => {
    await engine.stop();
    await ctx.db.client.syncItem.updateMany({ where: { jobId: id }, data: { state: "planned", sentSeq: null } });
    await ctx.db.client.syncJob.update({ where: { id }, data: { state: "applying", finishedAt: null } });
    await ctx.db.client.member.update({ where: { id: ids.ns }, data: ns });
    startEngine();
  };
  const create = async (name: string, hosts = 1) => {
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1, hosts) });
    await expect
      .poll(() => member("ns").zones.has(name) && member("web").zones.has(name), { timeout: 20_000 })
      .toBe(true);
  };

  /** Until it was accepted there; then as if DNS had been asked, and had told this. */
  const seen = async (row: { zoneId: number; targetId: number }, ackSeq: bigint, problem: string) => {
    const { zoneTarget } = ctx.db.client;
    await expect.poll(() => zoneTarget.count({ where: { ...row, ackSeq } }), { timeout: 20_000 }).toBe(1);
    await zoneTarget.updateMany({ where: row, data: { problem, verifySeq: null, verifyAt: null } });
  };

  it("are told apart, each with its grace period, to those whose members hold them", async () => {
    await create("kept-here.example.");
    await create("binned.example.");
    await deleteZone(ctx, ctx.root, { name: "binned.example." });
    for (const name of ["ns", "web"] as const)
      await expect.poll(() => member(name).zones.has("binned.example."), { timeout: 20_000 }).toBe(false);
    hold(member("ns"), "binned.example.", zoneText("binned.example.", 1));
    hold(member("ns"), "stray.example.", zoneText("stray.example.", 5));
    hold(member("web"), "webs-own.example.", zoneText("webs-own.example.", 5));
    hold(member("norths"), "norths-stray.example.", zoneText("norths-stray.example.", 5));
    // Root's zone is nothing that north's server is told of.
    hold(member("norths"), "kept-here.example.", zoneText("kept-here.example.", 5));
    await scan();
    expect(await listed("due")).toEqual([]);
    expect(await listed("own")).toEqual(["webs-own.example. web own"]);
    expect(await listed("new")).toEqual([
      "binned.example. ns deleted",
      "kept-here.example. norths unknown",
      "norths-stray.example. norths unknown",
      "stray.example. ns unknown",
    ]);
    expect(await listed("new", north)).toEqual([
      "kept-here.example. norths unknown",
      "norths-stray.example. norths unknown",
    ]);
    const stray = await idOf("stray.example.");
    await expect(removeOrphans(ctx, ctx.root, { ids: [stray] })).rejects.toMatchObject({ code: "conflict" });
    for (const ask of [removeOrphans, listOrphansAgain])
      await expect(ask(ctx, north, { ids: [stray] })).rejects.toMatchObject({ code: "not-found" });
    await expect(keepOrphans(ctx, north, { ids: [stray], reason: "mine" })).rejects.toMatchObject({
      code: "not-found",
    });
    shift += 4 * DAY;
    await scan();
    expect(await listed("due")).toContain("stray.example. ns unknown");
    const row = (await list("due")).find(({ zone }) => zone === "stray.example.");
    expect(row).toMatchObject({ serial: 5, records: 3, mayRemove: true, mayAdopt: true });
  });

  it("are kept with a reason, and end when they are gone or owned", async () => {
    const stray = await idOf("stray.example.");
    await keepOrphans(ctx, ctx.root, { ids: [stray], reason: "It is the registrar’s." });
    expect(await listed("kept")).toEqual(["stray.example. ns unknown"]);
    await scan();
    expect((await list("kept"))[0]?.kept).toMatchObject({ by: "root", reason: "It is the registrar’s." });
    await listOrphansAgain(ctx, ctx.root, { ids: [stray] });
    hold(member("ns"), "passing.example.", zoneText("passing.example.", 1));
    await scan();
    expect(await listed("new")).toEqual(["passing.example. ns unknown"]);
    // A list that breaks off says nothing of what did not come.
    member("ns").zones.delete("passing.example.");
    member("ns").faults.target = "bad-response";
    await scan();
    member("ns").faults.target = undefined;
    expect(await listed("new")).toEqual(["passing.example. ns unknown"]);
    await scan();
    expect(await listed("new")).toEqual([]);
  });

  it("go through a plan that somebody approved, as the very copy that was read, and can be brought back", async () => {
    const job = await planned(await removeOrphans(ctx, ctx.root, { ids: [await idOf("stray.example.")] }));
    expect(job).toMatchObject({ choice: "remove-orphans", approval: "waiting", marked: 1 });
    expect(await steps(job.id)).toEqual(["stray.example. ns send remove planned"]);
    expect(await waitingPlans(ctx, ctx.root)).toEqual({ count: 1, firstId: job.id });
    expect(await waitingPlans(ctx, north)).toEqual({ count: 0, firstId: null });
    const request = { id: job.id, planHash: job.planHash ?? "" };
    await expect(applyPlan(ctx, ctx.root, { ...request, marked: "confirm" })).rejects.toMatchObject({
      code: "conflict",
    });
    await expect(approvePlan(ctx, north, request)).rejects.toMatchObject({ code: "not-found" });
    await expect(approvePlan(ctx, ctx.root, { ...request, planHash: "0".repeat(64) })).rejects.toMatchObject({
      code: "conflict",
    });
    const token = { id: 1, name: "script", expiresAt: null, allowedIps: [] };
    await expect(approvePlan(ctx, { ...ctx.root, token }, request)).rejects.toMatchObject({ code: "forbidden" });
    await done(job);
    expect(member("ns").zones.has("stray.example.")).toBe(false);
    expect(member("ns").zones.has("kept-here.example.")).toBe(true);
    await expect(idOf("stray.example.")).rejects.toThrow("not listed");
    const { detail } = await ctx.db.client.auditEvent.findFirstOrThrow({ where: { action: "sync.approve" } });
    expect(JSON.parse(detail)).toMatchObject({ job: job.id, hash: job.planHash });
    const notices = await ctx.db.client.notice.findMany({
      where: { episode: `plan:${job.id}` },
      orderBy: { id: "asc" },
    });
    expect(notices.map(({ event }) => event)).toEqual(["sync-approval", "sync-approval-over"]);
    await restoreZone(ctx, ctx.root, { name: "stray.example." });
    expect((await getZone(ctx, ctx.root, "stray.example.")).zone.rrsets).toHaveLength(3);
    await expect.poll(() => member("ns").zones.has("stray.example."), { timeout: 20_000 }).toBe(true);
  });

  it("rest with root when a reseller removes one that may not be the reseller's", async () => {
    hold(member("norths"), "co.uk.", zoneText("co.uk.", 1));
    await scan();
    shift += 4 * DAY;
    const job = await planned(await removeOrphans(ctx, north, { ids: [await idOf("co.uk.", north)] }), north);
    await done(job, north);
    expect(member("norths").zones.has("co.uk.")).toBe(false);
    const rested = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "co.uk." } });
    expect(rested).toMatchObject({ ownerId: ctx.root.userId, purgedAt: rested.deletedAt });
    await expect(restoreZone(ctx, north, { name: "co.uk." })).rejects.toMatchObject({ code: "not-found" });
  });

  it("stay when they moved after the plan was made, or right before they would go", async () => {
    const name = "moving.example.";
    hold(member("ns"), name, zoneText(name, 5));
    await scan();
    shift += 4 * DAY;
    const first = await planned(await removeOrphans(ctx, ctx.root, { ids: [await idOf(name)] }));
    hold(member("ns"), name, zoneText(name, 6));
    await done(first);
    expect(await steps(first.id)).toEqual([`${name} ns send remove changed`]);
    const second = await planned(await removeOrphans(ctx, ctx.root, { ids: [await idOf(name)] }));
    // The engine is kept from sending until the copy has moved.
    await ctx.db.client.member.update({ where: { id: ids.ns }, data: { pausedUntil: 9_999_999_999_999n } });
    await done(second);
    expect(await steps(second.id)).toEqual([`${name} ns send remove sent`]);
    hold(member("ns"), name, zoneText(name, 7));
    await ctx.db.client.member.update({ where: { id: ids.ns }, data: { pausedUntil: null } });
    engine.wake();
    await expect.poll(() => steps(second.id), { timeout: 20_000 }).toEqual([`${name} ns send remove changed`]);
    expect(member("ns").zones.get(name)?.serial).toBe(7);
    // It is forgotten that it was to go: nothing of it is sent when the member is compared again.
    expect(await ctx.db.client.zoneTarget.count({ where: { isWithdrawn: true } })).toBe(0);
    member("ns").zones.delete(name);
  });

  it("go once, and are said to be gone, though the server was stopped before it noted what it had asked for", async () => {
    const name = "interrupted.example.";
    hold(member("ns"), name, zoneText(name, 5));
    await scan();
    shift += 4 * DAY;
    const job = await planned(await removeOrphans(ctx, ctx.root, { ids: [await idOf(name)] }));
    await ctx.db.client.member.update({ where: { id: ids.ns }, data: { pausedUntil: 9_999_999_999_999n } });
    await done(job);
    await stopUnnoted(job, { pausedUntil: null });
    await expect.poll(() => steps(job.id), { timeout: 20_000 }).toEqual([`${name} ns send remove done`]);
    expect(member("ns").zones.has(name)).toBe(false);
  });

  it("are taken in for the account that root chose, or for a reseller's own", async () => {
    hold(member("ns"), "adopted.example.", zoneText("adopted.example.", 9));
    await scan();
    await expect(
      adoptOrphans(ctx, ctx.root, { ids: [await idOf("adopted.example.")], account: "nobody" }),
    ).rejects.toMatchObject({ code: "invalid-input" });
    const adopted = await planned(
      await adoptOrphans(ctx, ctx.root, { ids: [await idOf("adopted.example.")], account: "north" }),
    );
    await done(adopted);
    await stopUnnoted(adopted);
    await expect.poll(() => steps(adopted.id), { timeout: 20_000 }).toEqual(["adopted.example. ns take add done"]);
    expect((await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "adopted.example." } })).ownerId).toBe(
      north.userId,
    );
    // Somebody else was given the very copy after the plan was made.
    const given = { name: "given.example.", text: zoneText("given.example.", 9) };
    hold(member("ns"), given.name, given.text);
    await scan();
    const late = await planned(await adoptOrphans(ctx, ctx.root, { ids: [await idOf(given.name)], account: "north" }));
    await receiveZones(ctx, ctx.root, { items: [given], mode: "newest", originMemberId: null });
    await done(late);
    expect(await steps(late.id)).toEqual([`${given.name} ns take add changed`]);
    const own = await adoptOrphans(ctx, north, { ids: [await idOf("norths-stray.example.", north)], account: "root" });
    await done(await planned(own, north), north);
    expect((await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "norths-stray.example." } })).ownerId).toBe(
      north.userId,
    );
    expect(await listed("due", north)).toEqual(["kept-here.example. norths unknown"]);
    // What is another's here is not taken over, and tells nothing of who that is.
    const job = await planned(
      await adoptOrphans(ctx, north, { ids: [await idOf("kept-here.example.", north)], account: "" }),
      north,
    );
    await done(job, north);
    expect((await jobItems(ctx, north, { id: job.id, page: 1, show: "all" })).rows[0]).toMatchObject({
      state: "failed",
    });
  });

  it("are zones here whose source lost them, and go to the recycle bin", async () => {
    const [lost, edited] = ["lost.example.", "lost-edited.example."];
    for (const name of [lost, edited]) {
      hold(member("source"), name, zoneText(name, 3));
      const items = [{ name, text: zoneText(name, 3) }];
      await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: ids.source });
    }
    await receiveZones(ctx, ctx.root, {
      items: [{ name: edited, text: zoneText(edited, 4) }],
      mode: "newest",
      originMemberId: null,
    });
    member("source").zones.clear();
    await scan();
    expect(await listed("new")).toEqual([`${lost} source source-gone`]);
    shift += 4 * DAY;
    const job = await planned(await removeOrphans(ctx, ctx.root, { ids: [await idOf(lost)] }));
    expect(await steps(job.id)).toEqual([`${lost} source take remove planned`]);
    await done(job);
    expect((await ctx.db.client.zone.findUniqueOrThrow({ where: { name: lost } })).deletedAt).not.toBeNull();
    await stopUnnoted(job);
    await expect.poll(() => steps(job.id), { timeout: 20_000 }).toEqual([`${lost} source take remove done`]);
    await restoreZone(ctx, ctx.root, { name: lost });
  });

  it("a repair sends again what a nameserver does otherwise, though its server says that it holds it", async () => {
    const name = "drifting.example.";
    await create(name);
    member("ns").zones.delete("binned.example.");
    const targetOf = async (memberId: number | null) =>
      (await ctx.db.client.target.findFirstOrThrow({ where: { memberId } })).id;
    const [zone, targetId] = [await ctx.db.client.zone.findUniqueOrThrow({ where: { name } }), await targetOf(ids.ns)];
    const at = { zoneId: zone.id, targetId };
    await expect.poll(() => ctx.db.client.zoneTarget.count({ where: { ...at, ackSeq: zone.changeSeq } })).toBe(1);
    expect(await planned(await startRepair(ctx, ctx.root, { zone: name }))).toMatchObject({ state: "done", total: 0 });
    await seen(at, zone.changeSeq, "content");
    const job = await planned(await startRepair(ctx, ctx.root, { memberId: ids.ns }));
    expect(await steps(job.id)).toEqual([`${name} ns send again planned`]);
    again.length = 0;
    await done(job);
    expect(again).toEqual([name]);
    expect(await steps(job.id)).toEqual([`${name} ns send again done`]);
    for (const input of [{ zone: name }, { memberId: ids.ns }])
      await expect(startRepair(ctx, north, input)).rejects.toMatchObject({ code: "not-found" });
  });

  it("a repair reaches the nameserver of this server as well", async () => {
    const local = await ctx.db.client.target.create({ data: { memberId: null, createdAt: 0n, needsCompare: false } });
    drivers.set(0, createMemoryDriver());
    const zone = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "drifting.example." } });
    engine.wake();
    await expect.poll(() => drivers.get(0)?.zones.has(zone.name), { timeout: 20_000 }).toBe(true);
    drivers.get(0)?.zones.delete(zone.name);
    const at = { zoneId: zone.id, targetId: local.id };
    await seen(at, zone.changeSeq, "missing");
    const job = await planned(await startRepair(ctx, ctx.root, { zone: zone.name, memberId: LOCAL }));
    expect((await jobItems(ctx, ctx.root, { id: job.id, page: 1, show: "all" })).rows).toMatchObject([
      { kind: "again", memberName: "This server’s nameserver" },
    ]);
    await done(job);
    expect(drivers.get(0)?.zones.has(zone.name)).toBe(true);
  });

  describe("copies that this server fetches by itself", () => {
    const name = "fetched.example.";
    const pull = async () => pullFromMember(ctx, ids.source, await open(ctx, { id: ids.source }), signal);
    const waiting = () =>
      ctx.db.client.syncJob.findMany({ where: { choice: "held-copies", state: "ready" }, orderBy: { id: "asc" } });

    it("wait where they would do harm, in one plan, and are taken once it is approved", async () => {
      await create(name, 12);
      const { serial } = await getZone(ctx, ctx.root, name);
      hold(member("source"), name, zoneText(name, serial + 1, 13));
      await pull();
      expect((await getZone(ctx, ctx.root, name)).serial).toBe(serial + 1);
      hold(member("source"), name, zoneText(name, serial + 2, 2, "ns9"));
      for (const _ of [1, 2]) await pull();
      expect((await getZone(ctx, ctx.root, name)).serial).toBe(serial + 1);
      const [first, ...more] = await waiting();
      expect(more).toEqual([]);
      expect(first).toMatchObject({ approval: "waiting", actorName: "engine", memberId: ids.source });
      const { rows } = await jobItems(ctx, ctx.root, { id: first?.id ?? 0, page: 1, show: "all" });
      expect(rows).toMatchObject([{ zone: name, action: "take", marks: ["large-change", "apex-ns"] }]);
      // It moved: the same plan is about what is there now, and what was looked at is not approved any more.
      hold(member("source"), name, zoneText(name, serial + 3, 1, "ns9"));
      await pull();
      const request = { id: first?.id ?? 0, planHash: first?.planHash ?? "" };
      await expect(approvePlan(ctx, ctx.root, request)).rejects.toMatchObject({ code: "conflict" });
      const [now] = await waiting();
      await done({ id: now?.id ?? 0, planHash: now?.planHash ?? "" });
      expect((await getZone(ctx, ctx.root, name)).serial).toBe(serial + 3);
    });

    it("are not asked for again once they were rejected, until they change", async () => {
      const zone = await getZone(ctx, ctx.root, name);
      hold(member("source"), name, zoneText(name, zone.serial + 1, 12, "ns1"));
      await pull();
      const [job] = await waiting();
      await rejectPlan(ctx, ctx.root, { id: job?.id ?? 0, planHash: job?.planHash ?? "" });
      expect(await getJob(ctx, ctx.root, job?.id ?? 0)).toMatchObject({ state: "cancelled", approval: "rejected" });
      await pull();
      expect(await waiting()).toEqual([]);
      hold(member("source"), name, zoneText(name, zone.serial + 2, 12, "ns1"));
      await pull();
      expect(await waiting()).toHaveLength(1);
      expect((await getZone(ctx, ctx.root, name)).serial).toBe(zone.serial);
    });

    it("lose to what is here, where somebody says so", async () => {
      const before = await getZone(ctx, ctx.root, name);
      const far = before.serial + 100_000;
      hold(member("source"), name, zoneText(name, far, 12, "ns1"));
      await pull();
      const [job] = await waiting();
      const id = job?.id ?? 0;
      const looked = { id, planHash: job?.planHash ?? "" };
      const other = { id, planHash: "0".repeat(64) };
      for (const decide of [rejectPlan, keepHere])
        await expect(decide(ctx, ctx.root, other)).rejects.toMatchObject({ code: "conflict" });
      expect((await getZone(ctx, ctx.root, name)).serial).toBe(before.serial);
      expect(await keepHere(ctx, ctx.root, looked)).toEqual({ kept: 1 });
      expect(await getJob(ctx, ctx.root, id)).toMatchObject({ state: "cancelled", approval: "rejected" });
      const after = await getZone(ctx, ctx.root, name);
      expect(isNewerSerial(after.serial, far)).toBe(true);
      expect(after.text.replaceAll(`${after.serial}`, `${before.serial}`)).toBe(before.text);
      await pull();
      expect(await waiting()).toEqual([]);
      await expect(keepHere(ctx, ctx.root, looked)).rejects.toMatchObject({ code: "conflict" });
      // Somebody harms it there again.
      hold(member("source"), name, zoneText(name, after.serial + 1, 12, "ns1"));
      await pull();
      expect(await waiting()).toHaveLength(1);
    });

    it("are given up when nobody decides, and found again", async () => {
      shift += 8 * DAY;
      await expireApprovals(ctx);
      expect(await waiting()).toEqual([]);
      const { approval } = await ctx.db.client.syncJob.findFirstOrThrow({
        where: { choice: "held-copies" },
        orderBy: { id: "desc" },
      });
      expect(approval).toBe("expired");
      await pull();
      expect(await waiting()).toHaveLength(1);
    });

    it("all wait when their source suddenly holds far fewer zones", async () => {
      const names = Array.from({ length: 12 }, (_, index) => `many${index}.example.`);
      const items = names.map((zone) => ({ name: zone, text: zoneText(zone, 1) }));
      await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: ids.source });
      member("source").zones.clear();
      hold(member("source"), "many0.example.", zoneText("many0.example.", 2, 2));
      await pull();
      expect((await getZone(ctx, ctx.root, "many0.example.")).serial).toBe(1);
      const [job] = await waiting();
      const { rows } = await jobItems(ctx, ctx.root, { id: job?.id ?? 0, page: 1, show: "all" });
      expect(rows.find(({ zone }) => zone === "many0.example.")?.marks).toEqual(["few-zones"]);
    });
  });
});
