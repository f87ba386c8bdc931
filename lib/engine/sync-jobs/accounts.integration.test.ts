import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { engineActor, type UserActor } from "@/lib/access/actor";
import { changedZones } from "@/lib/change-sets/queries-zones";
import { setUniqueCluster } from "@/lib/cluster/unique-cluster";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { digestZone } from "@/lib/dns/digest";
import { soaOf } from "@/lib/dns/zone-build";
import { formatZone, parseZoneFile } from "@/lib/dns/zone-file";
import { createMemoryDriver, type MemoryDriver } from "@/lib/drivers/memory/driver";
import { DriverError } from "@/lib/errors";
import { setLogLevel } from "@/lib/logger";
import { fitTarget } from "@/lib/members/target-row";
import { writeSettings } from "@/lib/settings/settings";
import { getJob, jobItems, listJobs, membersToSync } from "@/lib/sync-jobs/queries";
import { planRequest } from "@/lib/sync-jobs/schemas";
import { applyPlan, cancelJob, pauseJob, resumeJob, startPlan } from "@/lib/sync-jobs/service";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { deleteUser } from "@/lib/users/delete-user";
import { getZone } from "@/lib/zones/queries";
import { receiveZones } from "@/lib/zones/receive";
import { createZone } from "@/lib/zones/service";
import { createEngine, type Engine } from "../engine";
import { syncChores } from "./chores";

/** Synchronize DNS Records of two resellers, against each other and beside root. */

const zoneText = (name: string, serial: number, address = "192.0.2.1") =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\nwww A ${address}\n`;

/** Puts a copy of a zone into a member behind everybody's back. */
function hold(driver: MemoryDriver, name: string, text: string): void {
  const { zone } = parseZoneFile(text, { origin: name });
  if (!zone) throw new Error(`${name} cannot be read.`);
  const copy = { serial: soaOf(zone).serial, digest: digestZone(zone), updatedAt: 1_000 };
  driver.zones.set(name, { text: formatZone(zone), ...copy });
}

const ACLS = ["clustering", ...DEFAULT_RESELLER_ACLS];
/** What alice must not read of root and bob. */
const OTHERS = /bob|root-zone|root-only|ns-of-root|203\.0\.113/;

describe.each(["sqlite", "postgresql"] as const)("Synchronize DNS Records of resellers on %s", (provider) => {
  let ctx: TestContext;
  let engine: Engine;
  let alice: UserActor;
  let bob: UserActor;
  let ids: Record<"root" | "alice" | "bob", number>;
  const drivers = new Map<number, MemoryDriver>();
  const silent = new Set<number>();

  const open = async (_: unknown, { id }: { id: number }): Promise<MemoryDriver> => {
    const driver = drivers.get(id);
    if (!driver) throw new DriverError("unreachable", "ns-of-root.example 203.0.113.1", "open", "203.0.113.1 is dead.");
    while (silent.has(id)) await sleep(10);
    return driver;
  };

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { wake: () => engine?.wake() });
    [alice, bob] = [await ctx.addReseller("alice", ACLS), await ctx.addReseller("bob", ACLS)];
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
    const add = async (owner: UserActor, hostname: string, address: string) => {
      const endpoint = { hostname, address, username: "root", backend: "whm", role: "sync" };
      const member = await ctx.db.client.member.create({
        data: { ownerId: owner.userId, ...endpoint, sealedCredential: "", createdAt: 0n },
      });
      drivers.set(member.id, createMemoryDriver());
      await ctx.db.transaction((tx) => fitTarget(tx, member, 0));
      return member.id;
    };
    ids = {
      root: await add(ctx.root, "ns-of-root.example", "203.0.113.1"),
      alice: await add(alice, "ns-of-alice.example", "203.0.113.2"),
      bob: await add(bob, "ns-of-bob.example", "203.0.113.3"),
    };
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
    for (const [owner, name] of [
      [ctx.root, "root-zone.example."],
      [alice, "alice-zone.example."],
      [bob, "bob-zone.example."],
    ] as const)
      await createZone(ctx, owner, { name, text: zoneText(name, 1) });
  }, 120_000);
  beforeEach(async () => {
    const waiting = { state: "planning" };
    await expect.poll(() => ctx.db.client.syncJob.count({ where: waiting }), { timeout: 20_000 }).toBe(0);
  });
  afterAll(async () => {
    silent.clear();
    await engine?.stop();
    await ctx?.close();
  });

  const at = (name: keyof typeof ids) => drivers.get(ids[name]) as MemoryDriver;
  const plan = async (actor: UserActor, request: Record<string, unknown>, as: UserActor = actor) => {
    const { id } = await startPlan(ctx, actor, planRequest.parse(request));
    await expect.poll(async () => (await getJob(ctx, as, id)).state, { timeout: 20_000 }).not.toBe("planning");
    return getJob(ctx, as, id);
  };
  const steps = async (actor: UserActor, id: number) =>
    (await jobItems(ctx, actor, { id, page: 1, show: "all" })).rows.map(
      ({ zone, memberName, action, kind, state }) => `${zone} ${memberName}: ${action} ${kind} ${state}`,
    );
  const apply = async (actor: UserActor, { id, planHash }: { id: number; planHash: string | null }) => {
    await applyPlan(ctx, actor, { id, planHash: planHash ?? "", marked: "confirm" });
    await expect.poll(async () => (await getJob(ctx, actor, id)).state, { timeout: 20_000 }).toBe("done");
  };
  /** All that an actor can read of synchronizations. */
  const readable = async (actor: UserActor) => {
    const jobs = await listJobs(ctx, actor);
    const items = await Promise.all(jobs.map(({ id }) => jobItems(ctx, actor, { id, page: 1, show: "all" })));
    return JSON.stringify([jobs, items, await membersToSync(ctx, actor)], (_, value) =>
      typeof value === "bigint" ? Number(value) : value,
    );
  };

  it("compares a reseller's own zones with root's cluster, where they go, and says nothing of it", async () => {
    await expect.poll(() => at("root").zones.size, { timeout: 20_000 }).toBe(3);
    const name = "alice-zone.example.";
    const { serial } = await getZone(ctx, alice, name);
    hold(at("root"), name, zoneText(name, serial + 1, "192.0.2.2"));
    at("root").zones.delete("bob-zone.example.");
    hold(at("root"), "root-only.example.", zoneText("root-only.example.", 1));
    const job = await plan(alice, { choice: "all-everywhere", addMissing: true });
    expect(job.compared).toBe(1);
    expect(job.members).toMatchObject([
      { name: "Server 1 of root’s cluster", role: "", zones: 1, problem: null },
      { name: "ns-of-alice.example", role: "sync", zones: 0, note: expect.stringContaining("In effect: Standalone") },
    ]);
    expect(await steps(alice, job.id)).toEqual([`${name} Server 1 of root’s cluster: take change planned`]);
    await apply(alice, job);
    expect(await steps(alice, job.id)).toEqual([`${name} Server 1 of root’s cluster: take change done`]);
    expect((await getZone(ctx, alice, name)).serial).toBe(serial + 1);
    expect(await readable(alice)).not.toMatch(OTHERS);
    expect(at("root").zones.has("bob-zone.example.")).toBe(false);
  });

  it("asks root's cluster for no zone that is not the reseller's, and tells another's from none by nothing", async () => {
    const answers = [];
    for (const zone of ["root-only.example", "bob-zone.example", "nowhere.example"]) {
      const job = await plan(alice, { choice: "one-everywhere", zone });
      const { state, error, total, compared, members } = job;
      answers.push({ state, error, total, compared, members });
    }
    expect(answers[0]).toMatchObject({ state: "done", total: 0, members: [{ name: "ns-of-alice.example" }] });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  it("takes zones that are not here from the reseller's own servers, for the reseller, and nobody else's", async () => {
    const [fresh, bobs, elsewhere] = ["alice-new.example.", "bob-zone.example.", "elsewhere.example."];
    // Somebody else's, on another server of the cluster.
    hold(at("root"), elsewhere, zoneText(elsewhere, 9));
    hold(at("alice"), elsewhere, zoneText(elsewhere, 1));
    hold(at("alice"), fresh, zoneText(fresh, 3));
    hold(at("alice"), bobs, zoneText(bobs, 4_000_000, "192.0.2.66"));
    const before = await getZone(ctx, bob, bobs);
    const job = await plan(alice, { choice: "all-here", addMissing: true });
    await apply(alice, job);
    const done = await jobItems(ctx, alice, { id: job.id, page: 1, show: "all" });
    expect(done.rows.map(({ zone, state, message }) => [zone, state, message])).toEqual([
      [fresh, "done", null],
      [bobs, "failed", "The zone cannot be stored on this server. Ask its root."],
      [elsewhere, "failed", expect.stringContaining("exists already on another server of the cluster")],
    ]);
    expect((await getZone(ctx, alice, fresh)).serial).toBe(3);
    // What a job takes in is one change set, for whoever has the account as well.
    const { changeSetId } = await getJob(ctx, alice, job.id);
    const { rows } = await changedZones(ctx, alice, { id: changeSetId ?? 0, page: 1, show: "all" });
    expect(rows).toMatchObject([{ name: fresh, deed: "added", outlook: "plain" }]);
    expect(await getZone(ctx, bob, bobs)).toEqual(before);
    at("alice").zones.delete(bobs);
    at("alice").zones.delete(elsewhere);
    at("root").zones.delete(elsewhere);
  });

  it("with Unique DNS Clustering compares with the reseller's own servers only", async () => {
    await setUniqueCluster(ctx, alice, { accountId: alice.userId, uniqueCluster: true });
    await expect.poll(() => at("alice").zones.has("alice-zone.example."), { timeout: 20_000 }).toBe(true);
    at("alice").zones.delete("alice-zone.example.");
    const job = await plan(alice, { choice: "all-everywhere" });
    expect(job.members.map(({ name, note }) => [name, note])).toEqual([["ns-of-alice.example", null]]);
    expect(await steps(alice, job.id)).toEqual(["alice-zone.example. ns-of-alice.example: send add planned"]);
    await apply(alice, job);
    expect(at("alice").zones.has("alice-zone.example.")).toBe(true);
  });

  it("keeps jobs, members and zones of one from the other; root sees all, and whose", async () => {
    const theirs = await plan(alice, { choice: "all-everywhere", memberId: ids.alice });
    const given = { id: theirs.id, planHash: theirs.planHash ?? "0".repeat(64) };
    const attempts = [
      () => getJob(ctx, bob, theirs.id),
      () => jobItems(ctx, bob, { id: theirs.id, page: 1, show: "all" }),
      () => applyPlan(ctx, bob, given),
      () => pauseJob(ctx, bob, given),
      () => resumeJob(ctx, bob, given),
      () => cancelJob(ctx, bob, given),
      () => plan(bob, { choice: "all-here", memberId: ids.alice }),
      () => plan(bob, { choice: "all-here", memberId: ids.root }),
      () => plan(bob, { choice: "all-here", accountId: alice.userId }),
      () => listJobs(ctx, bob, alice.userId),
      () => membersToSync(ctx, bob, alice.userId),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "not-found" });
    const own = await plan(bob, { choice: "all-here" });
    expect((await listJobs(ctx, bob)).map(({ id }) => id)).toEqual([own.id]);
    expect(await readable(bob)).not.toMatch(/alice|root-zone|root-only|ns-of-root/);
    const whole = await plan(ctx.root, { choice: "all-here" });
    expect((await listJobs(ctx, ctx.root)).slice(0, 3).map(({ id, account }) => [id, account])).toEqual([
      [whole.id, null],
      [own.id, "bob"],
      [theirs.id, "alice"],
    ]);
    await expect(getJob(ctx, alice, whole.id)).rejects.toMatchObject({ code: "not-found" });
  });

  it("is root's for an account as well, under the names that root knows", async () => {
    const job = await plan(ctx.root, { choice: "all-everywhere", accountId: bob.userId });
    expect(job).toMatchObject({ account: "bob", actorName: "root" });
    expect(job.members.map(({ name }) => name)).toEqual(["ns-of-root.example", "ns-of-bob.example"]);
    expect(await steps(ctx.root, job.id)).toEqual(["bob-zone.example. ns-of-root.example: send add planned"]);
    expect(await steps(bob, job.id)).toEqual(["bob-zone.example. Server 1 of root’s cluster: send add planned"]);
    const wrong = { choice: "all-here", accountId: bob.userId, memberId: ids.alice };
    await expect(plan(ctx.root, wrong)).rejects.toMatchObject({ code: "not-found" });
    await cancelJob(ctx, bob, { id: job.id });
    expect((await getJob(ctx, ctx.root, job.id)).state).toBe("cancelled");
  });

  it("does not tell why a server of root's could not be asked", async () => {
    const driver = at("root");
    drivers.delete(ids.root);
    const job = await plan(bob, { choice: "all-here" });
    expect(job.members[0]?.problem).toBe("It did not answer. Root has been shown the reason.");
    expect((await getJob(ctx, ctx.root, job.id)).members[0]?.problem).toContain("203.0.113.1");
    drivers.set(ids.root, driver);
  });

  it("keeps nobody waiting for another's server, and lets an account wait for its own", async () => {
    silent.add(ids.bob);
    const { id } = await startPlan(ctx, bob, planRequest.parse({ choice: "all-here" }));
    await expect(startPlan(ctx, bob, planRequest.parse({ choice: "all-here" }))).rejects.toMatchObject({
      code: "conflict",
    });
    expect((await plan(alice, { choice: "all-here" })).state).toBe("done");
    expect((await getJob(ctx, bob, id)).state).toBe("planning");
    silent.delete(ids.bob);
    await expect.poll(async () => (await getJob(ctx, bob, id)).state, { timeout: 20_000 }).toBe("done");
  });

  it("goes with the account", async () => {
    await deleteUser(ctx, ctx.root, { userId: bob.userId, zonesTo: "recycle-bin" });
    expect(await ctx.db.client.syncJob.count({ where: { accountId: bob.userId } })).toBe(0);
    expect((await listJobs(ctx, ctx.root)).length).toBeGreaterThan(0);
  });
});
