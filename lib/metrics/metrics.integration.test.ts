import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { applicationFolder } from "@/lib/application-folder";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";
import { createEngine, type Engine } from "@/lib/engine/engine";
import { ensureLocalTarget } from "@/lib/engine/targets";
import { setLogLevel } from "@/lib/logger";
import { writeSettings } from "@/lib/settings/settings";
import { createZone } from "@/lib/zones/service";
import { setMeter } from "./meter";
import { createMetrics, type Metrics } from "./registry";

const TEXT = "$TTL 3600\n@ SOA ns1.example.net. h.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n";

describe.each(["sqlite", "postgresql"] as const)("the metrics on %s", (provider) => {
  let ctx: TestContext;
  let metrics: Metrics;
  let engine: Engine;
  let memberId: number;
  /** Figures are kept for a while; this much of it is skipped. */
  let skipped = 0;
  const drivers = new Map<number | null, ReturnType<typeof createMemoryDriver>>();
  const driverOf = (id: number | null) => {
    const driver = drivers.get(id) ?? createMemoryDriver();
    drivers.set(id, driver);
    return driver;
  };

  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, {
      clock: { now: () => Date.now(), monotonic: () => performance.now() + skipped },
      wake: () => engine.wake(),
    });
    metrics = createMetrics(ctx, { nameserver: () => ({ state: "running", restarts: 2 }), engineIdleMs: () => 250 });
    setMeter(metrics.meter);
    await ensureLocalTarget(ctx);
    engine = createEngine(ctx, {
      openTarget: async (target) => ({
        driver: driverOf(target.memberId),
        addresses: [{ address: "127.0.0.1", port: target.memberId ?? 0 }],
      }),
      observe: async ([address], names) => {
        const { zones } = driverOf(address?.port || null);
        const seen = (name: string) => {
          const zone = zones.get(name);
          return zone
            ? ({ kind: "serial", serial: zone.serial } as const)
            : ({ kind: "absent", reason: "none" } as const);
        };
        return new Map(names.map((name) => [name, [seen(name)]]));
      },
      takeIn: async () => ({ status: "same" }),
      onResult: async () => undefined,
    });
  });
  afterAll(async () => {
    await engine.stop();
    await ctx.close();
  });

  const value = async (sample: string) => {
    skipped += 60_000;
    const line = (await metrics.text()).split("\n").find((one) => one.startsWith(`${sample} `));
    return line === undefined ? null : Number(line.slice(sample.length + 1));
  };
  const propagated = (member: string, stage: string) =>
    value(`zonefleet_propagation_seconds_count{member="${member}",stage="${stage}"}`);

  it("tell the state of an empty server", async () => {
    const text = await metrics.text();
    for (const sample of [
      ...["zonefleet_collected 1", "zonefleet_nameserver_up 1", "zonefleet_nameserver_restarts 2"],
      ...["zonefleet_engine_idle_seconds 0.25", "zonefleet_waiting_zones 0", 'zonefleet_zones{state="present"} 0'],
    ])
      expect(text).toContain(`${sample}\n`);
    expect(text).toMatch(/^zonefleet_build_info\{version="\d/m);
    expect(text).toMatch(/^zonefleet_database_bytes [1-9]/m);
    expect(text).not.toContain("zonefleet_member_info{");
    expect(metrics.contentType).toContain("version=0.0.4");
  });

  it("follow a change from its commit to the answer over DNS", async () => {
    await writeSettings(ctx.db.client, "cluster", { isEnabled: true });
    const member = await ctx.db.client.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, hostname: "ns1.example.net", address: "192.0.2.1", username: "root" },
        ...{ backend: "whm", role: "sync", sealedCredential: "", createdAt: 0n, lastAnswerAt: 5n },
      },
    });
    memberId = member.id;
    await ctx.db.client.target.create({ data: { memberId, createdAt: 0n } });
    engine.start();
    await createZone(ctx, ctx.root, { name: "a.example.", text: TEXT });
    for (const label of ["local", String(memberId)])
      for (const stage of ["accepted", "served"]) await expect.poll(() => propagated(label, stage)).toBe(1);
    const text = await metrics.text();
    expect(text).toContain(`zonefleet_member_info{member="${memberId}",host="ns1.example.net",role="sync"} 1`);
    expect(text).toContain(`zonefleet_member_up{member="${memberId}"} 1`);
    expect(text).toContain('zonefleet_members{state="online"} 1');
    expect(text).toContain(`zonefleet_accepted_zones_total{member="${memberId}"} 1`);
    expect(text).toContain('zonefleet_verifications_total{result="served"} 2');
    expect(text).toMatch(/^zonefleet_engine_slice_zones_sum 2$/m);
    expect(text).toMatch(/^zonefleet_database_transaction_seconds_count\{kind="durable"\} [1-9]/m);
    expect(text).toMatch(/^zonefleet_database_transaction_seconds_count\{kind="relaxed"\} [1-9]/m);
  });

  it("count what fails by its kind, and what waits with its age", async () => {
    driverOf(null).faults.zones.set("bad.example.", "rejected");
    const now = BigInt(ctx.clock.now());
    await ctx.db.client.member.update({
      where: { id: memberId },
      data: { pausedAt: now, pausedUntil: now + 600_000n },
    });
    await createZone(ctx, ctx.root, { name: "bad.example.", text: TEXT });
    await expect.poll(() => value('zonefleet_failures_total{scope="zone",kind="rejected"}')).toBe(1);
    expect(await value('zonefleet_member_set_aside_zones{member="local"}')).toBe(1);
    expect(await value('zonefleet_members{state="maintenance"}')).toBe(1);
    expect(await value('zonefleet_members{state="online"}')).toBeNull();
    expect(await value(`zonefleet_member_up{member="${memberId}"}`)).toBeNull();
    expect(await value(`zonefleet_member_behind{member="${memberId}"}`)).toBeGreaterThan(0);
    await expect.poll(() => value(`zonefleet_oldest_waiting_seconds{member="${memberId}"}`)).toBeGreaterThan(0);
    // What waits for a member that is held is told with that member.
    expect(await value("zonefleet_waiting_zones")).toBe(0);
  });

  it("tell the age of what waits in a backlog, and leave out a first synchronization", async () => {
    const { target, zone, revision } = ctx.db.client;
    const HOUR = 3_600_000n;
    const now = BigInt(ctx.clock.now());
    const committed = async (name: string, createdAt: bigint) => {
      const { changeSeq } = await zone.findUniqueOrThrow({ where: { name } });
      await revision.update({ where: { seq: changeSeq }, data: { createdAt } });
      return changeSeq;
    };
    const aged = () => value(`zonefleet_oldest_waiting_seconds{member="${memberId}"}`);
    // Accepted there before the pause.
    await committed("a.example.", now - 2n * HOUR);
    const head = await committed("bad.example.", now - HOUR);
    // As every try leaves it while the member is down.
    const cursor = { floorSeq: 0n, backlogSeq: head, seenSeq: head };
    await target.update({ where: { memberId }, data: cursor });
    expect(await aged()).toBeGreaterThanOrEqual(3_600);
    expect(await aged()).toBeLessThan(3_700);
    const { id: targetId } = await target.findUniqueOrThrow({ where: { memberId } });
    const { id: zoneId } = await zone.findUniqueOrThrow({ where: { name: "bad.example." } });
    const row = { zoneId_targetId: { zoneId, targetId } };
    await ctx.db.client.zoneTarget.create({ data: { zoneId, targetId, ackSeq: 0n } });
    expect(await aged()).toBeGreaterThanOrEqual(3_600);
    await ctx.db.client.zoneTarget.update({ where: row, data: { failedSeq: head } });
    expect(await aged()).toBe(0);
    await ctx.db.client.zoneTarget.update({ where: row, data: { failedSeq: null } });
    await target.update({ where: { memberId }, data: { createdAt: now - HOUR / 2n } });
    expect(await aged()).toBe(0);
    expect(await value(`zonefleet_member_behind{member="${memberId}"}`)).toBe(Number(head));
  });

  it("tell what nameservers serve otherwise, and notices on their way", async () => {
    const { id: targetId } = await ctx.db.client.target.findFirstOrThrow({ where: { memberId: null } });
    const { id: zoneId } = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "a.example." } });
    const where = { zoneId_targetId: { zoneId, targetId } };
    await ctx.db.client.zoneTarget.update({ where, data: { problem: "old-serial" } });
    await ctx.db.client.noticeDelivery.create({
      data: { noticeId: 1, channel: "mail", recipient: "a@example.com", state: "failed", nextAt: 0n },
    });
    expect(await value('zonefleet_problem_zones{problem="old-serial"}')).toBe(1);
    expect(await value('zonefleet_notice_deliveries{channel="mail",state="failed"}')).toBe(1);
  });

  it("let go of a member that is no more, and tell when the database does not answer", async () => {
    await ctx.db.client.target.deleteMany({ where: { memberId } });
    await ctx.db.client.member.delete({ where: { id: memberId } });
    skipped += 60_000;
    expect(await metrics.text()).not.toContain(`member="${memberId}"`);
    expect(await propagated("local", "served")).toBe(1);
    const gone = () => Promise.reject(new Error("The database is gone."));
    const model = new Proxy({}, { get: () => gone });
    const client = new Proxy(ctx.db.client, { get: (_, name) => (String(name).startsWith("$") ? gone : model) });
    const broken = createMetrics(
      { ...ctx, db: { ...ctx.db, client } },
      { nameserver: () => ({ state: "stopped", restarts: 0 }), engineIdleMs: () => Number.POSITIVE_INFINITY },
    );
    const text = await broken.text();
    expect(text).toContain("zonefleet_collected 0\n");
    expect(text).toContain("zonefleet_nameserver_up 0\n");
    expect(text).toContain("zonefleet_engine_idle_seconds +Inf\n");
    expect(text).not.toMatch(/^zonefleet_waiting_zones /m);
  });
});

describe("what is written about the metrics", () => {
  const doc = (file: string) => readFileSync(path.join(applicationFolder(), "docs", file), "utf8");
  const namesIn = (text: string) => new Set(text.match(/\b(?:zonefleet|process|nodejs)_[a-z0-9_]+/g) ?? []);
  let exported: Set<string>;
  beforeAll(async () => {
    const ctx = await testContext("sqlite");
    const { text } = createMetrics(ctx, {
      nameserver: () => ({ state: "running", restarts: 0 }),
      engineIdleMs: () => 0,
    });
    exported = new Set([...(await text()).matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1] ?? ""));
    await ctx.close();
  });

  it("lists every one of them, and no others", () => {
    const own = (names: Iterable<string>) => [...names].filter((name) => name.startsWith("zonefleet_")).sort();
    expect(own(namesIn(doc("metrics.md")))).toEqual(own(exported));
  });

  it.each(["grafana/zonefleet.json", "prometheus/alerts.yml"])("%s asks for nothing else", (file) => {
    const names = [...namesIn(doc(file))];
    expect(names.length).toBeGreaterThan(5);
    const asked = names.map((name) => (exported.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, "")));
    expect(asked.filter((name) => !exported.has(name))).toEqual([]);
  });

  it("is a dashboard that any Prometheus can be chosen for, with panels that do not overlap", () => {
    const dashboard = JSON.parse(doc("grafana/zonefleet.json")) as {
      uid: string;
      templating: { list: { name: string; type: string; query: string }[] };
      panels: {
        id: number;
        title: string;
        gridPos: { x: number; y: number; w: number; h: number };
        datasource?: { uid: string };
      }[];
    };
    expect(dashboard.templating.list).toContainEqual(
      expect.objectContaining({ name: "datasource", type: "datasource", query: "prometheus" }),
    );
    const { panels } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { datasource } of panels) expect(datasource?.uid).toBe(`$\{datasource}`);
  });
});
