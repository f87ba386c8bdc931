import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { engineActor } from "@/lib/access/actor";
import { retryNow } from "@/lib/cluster/resync";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { digestZone } from "@/lib/dns/digest";
import { soaOf } from "@/lib/dns/zone-build";
import { formatZone, parseZoneFile } from "@/lib/dns/zone-file";
import type { Driver } from "@/lib/drivers/driver";
import { createMemoryDriver, type MemoryDriver } from "@/lib/drivers/memory/driver";
import { DriverError } from "@/lib/errors";
import { subscribe } from "@/lib/live/bus";
import { setLogLevel } from "@/lib/logger";
import { fitTarget } from "@/lib/members/target-row";
import { writeSettings } from "@/lib/settings/settings";
import { approvePlan } from "@/lib/sync-jobs/approval";
import { getJob, jobItems } from "@/lib/sync-jobs/queries";
import { type PlanRequest, planRequest } from "@/lib/sync-jobs/schemas";
import { applyPlan, cancelJob, pauseJob, resumeJob, startPlan } from "@/lib/sync-jobs/service";
import { getZone } from "@/lib/zones/queries";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, deleteZone } from "@/lib/zones/service";
import { createEngine, type Engine } from "../engine";
import { syncChores } from "./chores";
import { planJob } from "./plan-job";

const zoneText = (name: string, serial: number, hosts: readonly string[] = ["192.0.2.1"], ns = "ns1") =>
  [
    `$ORIGIN ${name}`,
    "$TTL 3600",
    `@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300`,
    `@ NS ${ns}.example.net.`,
    ...hosts.map((address, index) => `h${index} A ${address}`),
    "",
  ].join("\n");

/** Puts a copy of a zone into a member behind everybody's back. */
function hold(driver: MemoryDriver, name: string, text: string, updatedAt = 1_000): void {
  const { zone } = parseZoneFile(text, { origin: name });
  if (!zone) throw new Error(`${name} cannot be read.`);
  driver.zones.set(name, { text: formatZone(zone), serial: soaOf(zone).serial, digest: digestZone(zone), updatedAt });
}

/** As a real WHM: it says names only. */
const namesOnly = (driver: MemoryDriver): Driver => ({
  ...driver,
  async *list(signal) {
    for await (const page of driver.list(signal)) yield page.map(({ name }) => ({ name }));
  },
});

/** As a hosted service: it numbers zones itself, so that no copy is ever as it was sent. */
const service = (driver: MemoryDriver): Driver => ({
  ...namesOnly(driver),
  capabilities: { ...driver.capabilities, ownSerials: { reason: "It numbers zones itself." } },
  fetch: async (names) =>
    names.filter((name) => driver.zones.has(name)).map((name) => ({ name, text: zoneText(name, 99), updatedAt: 0 })),
});

describe.each(["sqlite", "postgresql"] as const)("Synchronize DNS Records on %s", (provider) => {
  let ctx: TestContext;
  let engine: Engine;
  let drivers: Map<number, MemoryDriver>;
  let whm: MemoryDriver;
  let ids: Record<"sync" | "whm" | "standalone" | "writeOnly" | "service", number>;

  const open = async (_: unknown, { id }: { id: number }): Promise<Driver> => {
    const driver = drivers.get(id);
    if (!driver) throw new DriverError("unreachable", `member ${id}`, "open", "Nobody answers.");
    if (id === ids.service) return service(driver);
    return id === ids.whm ? namesOnly(driver) : driver;
  };
  const start = () => {
    engine = createEngine(
      ctx,
      {
        openTarget: async ({ memberId }) => ({ driver: await open(ctx, { id: memberId ?? 0 }), addresses: [] }),
        observe: async () => new Map(),
        takeIn: async (memberId, zone) => {
          const input = { items: [zone], mode: "newest", originMemberId: memberId } as const;
          const [outcome] = await receiveZones(ctx, engineActor, input);
          return { status: outcome?.status === "unchanged" ? "same" : "taken" };
        },
        onResult: async () => undefined,
      },
      syncChores(ctx, open),
    );
    engine.start();
  };

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { wake: () => engine?.wake() });
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    const add = async (hostname: string, role: string, backend = "whm") => {
      const member = await ctx.db.client.member.create({
        data: {
          ...{ ownerId: ctx.root.userId, hostname, address: "127.0.0.1", username: "root", backend, role },
          ...{ sealedCredential: "", createdAt: 0n },
        },
      });
      await ctx.db.transaction((tx) => fitTarget(tx, member, 0));
      return member.id;
    };
    ids = {
      sync: await add("sync.example.net", "sync"),
      whm: await add("whm.example.net", "sync"),
      standalone: await add("standalone.example.net", "standalone"),
      writeOnly: await add("write-only.example.net", "write-only"),
      service: await add("service.example.net", "write-only", "softlayer"),
    };
    drivers = new Map(Object.values(ids).map((id) => [id, createMemoryDriver()]));
    whm = member("whm");
    start();
  }, 120_000);
  afterAll(async () => {
    await engine?.stop();
    await ctx?.close();
  });

  const member = (name: keyof typeof ids) => drivers.get(ids[name]) as MemoryDriver;
  const all = { choice: "all-everywhere" } as const;
  const stateOf = async (id: number) => (await getJob(ctx, ctx.root, id)).state;
  const plan = async (request: Partial<PlanRequest> & Pick<PlanRequest, "choice">) => {
    const { id } = await startPlan(ctx, ctx.root, planRequest.parse({ ...request, zone: request.zone ?? "" }));
    await expect.poll(() => stateOf(id), { timeout: 20_000 }).not.toBe("planning");
    return getJob(ctx, ctx.root, id);
  };
  const steps = async (id: number) =>
    (await jobItems(ctx, ctx.root, { id, page: 1, show: "all" })).rows.map(
      ({ zone, memberName, action, kind, state }) => `${zone} ${memberName.split(".")[0]} ${action} ${kind} ${state}`,
    );
  const apply = async ({ id, planHash }: { id: number; planHash: string | null }, marked?: "confirm" | "leave-out") => {
    if (marked === "confirm") await approvePlan(ctx, ctx.root, { id, planHash: planHash ?? "" });
    await applyPlan(ctx, ctx.root, { id, planHash: planHash ?? "", marked });
    await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe("done");
  };
  /** Until every receiving member holds every zone of this server. */
  const settled = async () => {
    const rows = await ctx.db.client.zone.findMany({ where: { deletedAt: null } });
    for (const name of ["sync", "whm", "writeOnly", "service"] as const)
      await expect
        .poll(() => rows.every((row) => member(name).zones.get(row.name)?.digest === row.digest), { timeout: 20_000 })
        .toBe(true);
  };

  beforeEach(async () => {
    await settled();
  });

  it("has nothing to do where all are alike", async () => {
    await createZone(ctx, ctx.root, { name: "alike.example.", text: zoneText("alike.example.", 1) });
    await settled();
    const { state, total, compared, members } = await plan(all);
    expect({ state, total, compared }).toEqual({ state: "done", total: 0, compared: 1 });
    expect(members.map(({ zones, problem }) => [zones, problem])).toEqual([
      [1, null],
      [1, null],
      [0, null],
      [1, null],
      [1, null],
    ]);
    expect(members.at(-1)?.note).toContain("It numbers zones itself.");
  });

  it("compares a service that numbers zones itself by name", async () => {
    const [kept, lost] = ["kept.example.", "lost-there.example."];
    for (const name of [kept, lost]) await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    member("service").zones.delete(lost);
    const job = await plan(all);
    expect(await steps(job.id)).toEqual([`${lost} SoftLayer (root) send add planned`]);
    await apply(job);
    expect(member("service").zones.has(lost)).toBe(true);
    await deleteZone(ctx, ctx.root, { name: kept });
    await expect.poll(() => [...drivers.values()].some(({ zones }) => zones.has(kept))).toBe(false);
    hold(member("service"), kept, zoneText(kept, 1));
    const removal = await plan({ choice: "one-everywhere", zone: kept });
    expect(await steps(removal.id)).toEqual([`${kept} SoftLayer (root) send remove planned`]);
    expect(removal.marked).toBe(1);
    await apply(removal, "confirm");
    expect(member("service").zones.has(kept)).toBe(false);
  });

  it("finds an edit made on a member, takes the newest and brings it to all", async () => {
    const name = "edited.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    const { serial } = await getZone(ctx, ctx.root, name);
    hold(member("sync"), name, zoneText(name, serial + 1, ["192.0.2.2"]));
    hold(member("standalone"), name, zoneText(name, serial + 2, ["192.0.2.3"]));
    const job = await plan({ choice: "one-everywhere", zone: name });
    expect(await steps(job.id)).toEqual([
      `${name} standalone take change planned`,
      `${name} sync send change planned`,
      `${name} whm send change planned`,
      `${name} write-only send change planned`,
      `${name} SoftLayer (root) send change planned`,
    ]);
    const { rows } = await jobItems(ctx, ctx.root, { id: job.id, page: 1, show: "all" });
    expect(rows[0]?.diff?.rrsets).toMatchObject([
      { owner: `h0.${name}`, before: { rdatas: ["192.0.2.1"] }, after: { rdatas: ["192.0.2.3"] } },
    ]);
    expect(rows[1]?.diff?.rrsets).toMatchObject([
      { owner: `h0.${name}`, before: { rdatas: ["192.0.2.2"] }, after: { rdatas: ["192.0.2.3"] } },
    ]);
    await apply(job);
    expect((await steps(job.id)).every((step) => step.endsWith(" done"))).toBe(true);
    expect((await getZone(ctx, ctx.root, name)).serial).toBe(serial + 2);
    for (const target of ["sync", "whm", "writeOnly"] as const)
      expect(member(target).zones.get(name)?.serial).toBe(serial + 2);
    expect((await plan({ choice: "one-everywhere", zone: name })).total).toBe(0);
  });

  it("gives a member back what it lost, also what came from it", async () => {
    const name = "lost.example.";
    hold(member("sync"), name, zoneText(name, 7));
    const taking = await plan({ choice: "one-here", zone: name });
    expect(await steps(taking.id)).toEqual([`${name} sync take add planned`]);
    await apply(taking);
    await settled();
    member("sync").zones.delete(name);
    const job = await plan(all);
    expect(await steps(job.id)).toEqual([`${name} sync send add planned`]);
    await apply(job);
    expect(member("sync").zones.get(name)?.serial).toBe(7);
  });

  it("takes zones that are not configured here only when told to", async () => {
    const name = "unknown.example.";
    hold(whm, name, zoneText(name, 3));
    expect((await plan(all)).total).toBe(0);
    const job = await plan({ ...all, addMissing: true });
    expect(await steps(job.id)).toEqual([
      `${name} whm take add planned`,
      `${name} sync send add planned`,
      `${name} write-only send add planned`,
      `${name} SoftLayer (root) send add planned`,
    ]);
    await apply(job);
    expect((await getZone(ctx, ctx.root, name)).serial).toBe(3);
  });

  it("removes only what was deleted here, and asks before it does", async () => {
    const name = "deleted.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    const copy = member("writeOnly").zones.get(name);
    await deleteZone(ctx, ctx.root, { name });
    await expect.poll(() => [...drivers.values()].some(({ zones }) => zones.has(name))).toBe(false);
    if (copy) member("writeOnly").zones.set(name, copy);
    const job = await plan(all);
    expect(await steps(job.id)).toEqual([`${name} write-only send remove planned`]);
    expect(job.marked).toBe(1);
    const request = { id: job.id, planHash: job.planHash ?? "" };
    expect(job.approval).toBe("waiting");
    for (const marked of [undefined, "confirm"] as const)
      await expect(applyPlan(ctx, ctx.root, { ...request, marked })).rejects.toMatchObject({ code: "conflict" });
    await expect(applyPlan(ctx, ctx.root, { id: job.id, planHash: "0".repeat(64) })).rejects.toMatchObject({
      code: "conflict",
    });
    await apply(job, "confirm");
    expect(member("writeOnly").zones.has(name)).toBe(false);
  });

  it("leaves marked steps out when told to", async () => {
    const name = "marked.example.";
    const hosts = Array.from({ length: 10 }, (_, index) => `192.0.2.${index}`);
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1, hosts) });
    await settled();
    const { serial } = await getZone(ctx, ctx.root, name);
    hold(member("standalone"), name, zoneText(name, serial + 1, ["192.0.2.1"], "ns9"));
    const job = await plan({ choice: "all-here" });
    const { rows } = await jobItems(ctx, ctx.root, { id: job.id, page: 1, show: "marked" });
    expect(rows.map(({ marks }) => marks)).toEqual([["large-change", "apex-ns"]]);
    await apply(job, "leave-out");
    expect(await steps(job.id)).toEqual([`${name} standalone take change left-out`]);
    expect((await getZone(ctx, ctx.root, name)).serial).toBe(serial);
    member("standalone").zones.delete(name);
  });

  it("refuses zones that moved since the plan was made, on either side", async () => {
    const [here, there] = ["moved-here.example.", "moved-there.example."];
    for (const name of [here, there]) await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    const { serial } = await getZone(ctx, ctx.root, here);
    for (const name of [here, there]) hold(member("standalone"), name, zoneText(name, serial + 1, ["192.0.2.9"]));
    const job = await plan({ choice: "all-here", memberId: ids.standalone });
    await receiveZones(ctx, ctx.root, {
      items: [{ name: here, text: zoneText(here, serial + 5) }],
      mode: "newest",
      originMemberId: null,
    });
    hold(member("standalone"), there, zoneText(there, serial + 6));
    await apply(job);
    expect(await steps(job.id)).toEqual([
      `${here} standalone take change changed`,
      `${there} standalone take change changed`,
    ]);
    expect((await getZone(ctx, ctx.root, here)).serial).toBe(serial + 5);
    for (const name of [here, there]) member("standalone").zones.delete(name);
  });

  it("tells who could not be asked, and marks a member that lost most of its zones", async () => {
    member("sync").faults.target = "unreachable";
    for (let index = 0; index < 12; index++) {
      const name = `many${index}.example.`;
      await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    }
    await expect.poll(() => whm.zones.has("many11.example."), { timeout: 20_000 }).toBe(true);
    for (const name of ["writeOnly", "service"] as const)
      await expect.poll(() => member(name).zones.has("many11.example."), { timeout: 20_000 }).toBe(true);
    whm.zones.clear();
    const job = await plan(all);
    expect(job.members[0]).toMatchObject({ name: "sync.example.net", zones: null, problem: expect.any(String) });
    expect(job.members[1]).toMatchObject({ name: "whm.example.net", zones: 0, hasLostZones: true });
    expect(job.marked).toBe(job.total);
    member("sync").faults.target = undefined;
    await apply(job, "confirm");
  });

  it("does not wait for a server that is not reached, and says why its steps do", async () => {
    const name = "later.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    member("service").zones.delete(name);
    const job = await plan(all);
    expect(await steps(job.id)).toEqual([`${name} SoftLayer (root) send add planned`]);
    member("service").faults.target = "unreachable";
    await apply(job);
    const { counts, waits } = await getJob(ctx, ctx.root, job.id);
    expect(counts).toMatchObject({ sent: 1, done: 0 });
    expect(waits).toMatchObject([
      { memberId: ids.service, name: "SoftLayer (root)", steps: 1, detail: { reason: expect.any(String) } },
    ]);
    expect(waits[0]?.detail?.attempts).toBeGreaterThan(0);
    const { rows } = await jobItems(ctx, ctx.root, { id: job.id, page: 1, show: "all" });
    expect(rows.map(({ isHeldUp }) => isHeldUp)).toEqual([true]);
    member("service").faults.target = undefined;
    await retryNow(ctx, ctx.root, { memberId: ids.service });
    await expect.poll(async () => (await getJob(ctx, ctx.root, job.id)).counts.done, { timeout: 20_000 }).toBe(1);
    expect(await getJob(ctx, ctx.root, job.id)).toMatchObject({ state: "done", waits: [] });
    expect(member("service").zones.has(name)).toBe(true);
  });

  it("does not wait for a server that is paused either", async () => {
    const name = "after-maintenance.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    member("sync").zones.delete(name);
    const job = await plan(all);
    const pause = (pausedUntil: bigint | null) =>
      ctx.db.client.member.update({ where: { id: ids.sync }, data: { pausedUntil } });
    await pause(BigInt(ctx.clock.now() + 3_600_000));
    await apply(job);
    const { waits } = await getJob(ctx, ctx.root, job.id);
    expect(waits).toMatchObject([{ memberId: ids.sync, steps: 1, detail: { nextTryAt: null } }]);
    expect(waits[0]?.detail?.reason).toContain("paused for maintenance");
    await pause(null);
    await expect.poll(async () => (await getJob(ctx, ctx.root, job.id)).counts.done, { timeout: 20_000 }).toBe(1);
    expect(member("sync").zones.has(name)).toBe(true);
  });

  it("stops at a pause and goes on after a restart", async () => {
    const names = Array.from({ length: 250 }, (_, index) => `pause${index}.example.`);
    for (const name of names) hold(member("standalone"), name, zoneText(name, 1));
    const job = await plan({ choice: "all-here", addMissing: true });
    expect(job.counts.planned).toBe(250);
    member("standalone").faults.delayMs = 150;
    await applyPlan(ctx, ctx.root, { id: job.id, planHash: job.planHash ?? "" });
    await expect.poll(async () => (await getJob(ctx, ctx.root, job.id)).counts.done).toBeGreaterThan(0);
    await pauseJob(ctx, ctx.root, { id: job.id });
    await engine.stop();
    start();
    const { counts } = await getJob(ctx, ctx.root, job.id);
    expect(counts.planned).toBeGreaterThan(0);
    await resumeJob(ctx, ctx.root, { id: job.id });
    await expect.poll(() => stateOf(job.id), { timeout: 20_000 }).toBe("done");
    expect((await getJob(ctx, ctx.root, job.id)).counts.done).toBe(250);
    member("standalone").faults.delayMs = undefined;
    member("standalone").zones.clear();
  });

  it("does nothing more once it is cancelled", async () => {
    const name = "cancelled.example.";
    hold(member("standalone"), name, zoneText(name, 1));
    const job = await plan({ choice: "all-here", addMissing: true });
    await cancelJob(ctx, ctx.root, { id: job.id });
    expect(await steps(job.id)).toEqual([`${name} standalone take add cancelled`]);
    const request = { id: job.id, planHash: job.planHash ?? "" };
    await expect(applyPlan(ctx, ctx.root, request)).rejects.toMatchObject({ code: "conflict" });
  });

  it("follows what a cancelled one had handed on, however long its server is away", async () => {
    const name = "followed.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    const { writeOnly } = ids;
    member("writeOnly").zones.delete(name);
    const job = await plan(all);
    await ctx.db.client.member.update({ where: { id: writeOnly }, data: { pausedUntil: 9_999_999_999_999n } });
    await apply(job);
    // Days ago.
    await ctx.db.client.syncJob.update({ where: { id: job.id }, data: { state: "cancelled", finishedAt: 1n } });
    await ctx.db.client.member.update({ where: { id: writeOnly }, data: { pausedUntil: null } });
    await expect.poll(async () => (await getJob(ctx, ctx.root, job.id)).counts.sent, { timeout: 20_000 }).toBe(0);
    expect((await getJob(ctx, ctx.root, job.id)).counts.done).toBe(1);
  });

  it.each(["sent", "taken"])("is cancelled while a server is asked: nothing is %s any more", async (way) => {
    const name = `${way}-late.example.`;
    const { serial } = await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    const there = member(way === "sent" ? "writeOnly" : "standalone");
    if (way === "sent") there.zones.delete(name);
    else hold(there, name, zoneText(name, serial + 1));
    const job = await plan(way === "sent" ? all : { choice: "all-here" });
    const { fetch } = there;
    const sliceEnded = new Promise<void>((resolve) => {
      there.fetch = async (names, signal) => {
        there.fetch = fetch;
        await cancelJob(ctx, ctx.root, { id: job.id });
        const unsubscribe = subscribe((topic) => {
          if (topic !== "sync") return;
          unsubscribe();
          resolve();
        });
        return fetch(names, signal);
      };
    });
    await applyPlan(ctx, ctx.root, { id: job.id, planHash: job.planHash ?? "" });
    await sliceEnded;
    expect((await steps(job.id)).every((step) => step.endsWith("cancelled"))).toBe(true);
    expect((await getZone(ctx, ctx.root, name)).serial).toBe(serial);
    if (way === "sent") expect(there.zones.has(name)).toBe(false);
    there.zones.delete(name);
    await deleteZone(ctx, ctx.root, { name });
  });

  it("stays as it was made, whoever comes late to make it", async () => {
    const name = "made.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 1) });
    await settled();
    member("writeOnly").zones.delete(name);
    const job = await plan(all);
    const made = await steps(job.id);
    expect(made).toEqual([`${name} write-only send add planned`]);
    await planJob(ctx, job, open, new AbortController().signal);
    expect(await steps(job.id)).toEqual(made);
    await apply(job);
  });

  it("is not for a reseller without the privilege clustering", async () => {
    const reseller = await ctx.addReseller("studio", ["list-zones", "edit-dns"]);
    const request = planRequest.parse(all);
    await expect(startPlan(ctx, reseller, request)).rejects.toMatchObject({ code: "forbidden" });
    await expect(getJob(ctx, reseller, 1)).rejects.toMatchObject({ code: "forbidden" });
  });
});
