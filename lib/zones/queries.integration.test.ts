import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { join, sql } from "@/lib/db/database";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { exportZone, getZone, listZones } from "./queries";
import { diffRevisions, getRevision, zoneHistory } from "./queries-history";
import { previewChanges } from "./queries-preview";
import { type ZoneListQuery, zoneListQuery } from "./schemas";
import { indexZones } from "./search-index";
import { createZone, deleteZone, editZone, restoreZone } from "./service";

const HEAD = `$TTL 1h
@ IN SOA ns1.example.net. hostmaster.example.net. 1 3600 600 604800 300
@ IN NS ns1.example.net.
`;

describe.each(["sqlite", "postgresql"] as const)("zone queries on %s", (provider) => {
  let ctx: TestContext;
  let [alice, bob]: UserActor[] = [];
  const list = (actor: UserActor | undefined, query: Partial<ZoneListQuery> = {}) =>
    listZones(ctx, actor ?? ctx.root, { ...zoneListQuery.parse({}), ...query });
  const names = async (actor: UserActor | undefined, query: Partial<ZoneListQuery> = {}) =>
    (await list(actor, query)).rows.map((row) => row.displayName);
  const add = (actor: UserActor | undefined, name: string, records = "") =>
    createZone(ctx, actor ?? ctx.root, { name, text: HEAD + records });
  const index = async () => {
    while ((await indexZones(ctx, 2)).indexed > 0);
  };

  beforeAll(async () => {
    ctx = await testContext(provider);
    [alice, bob] = [await ctx.addReseller("alice"), await ctx.addReseller("bob")];
    await add(alice, "alpha.example.", 'www IN A 192.0.2.77\n@ IN TXT "100% <b>bold</b>"\n');
    await add(alice, "beta.example.", "www IN A 192.0.2.78\nmail IN A 192.0.2.79\n");
    await add(bob, "gamma.example.", 'www IN A 192.0.2.77\n@ IN TXT "gr\\195\\188\\195\\159e"\n');
    await add(undefined, "xn--bcher-kva.example.", "@ IN MX 10 mail.alpha.example.\n");
    await index();
  });
  afterAll(() => ctx.close());

  it("lists in the order that was asked for, by pages", async () => {
    expect(await names(undefined)).toEqual(["alpha.example", "beta.example", "gamma.example", "bücher.example"]);
    expect(await names(undefined, { dir: "desc", pageSize: 2, page: 2 })).toEqual(["beta.example", "alpha.example"]);
    expect((await names(undefined, { sort: "records", dir: "asc" }))[0]).toBe("bücher.example");
    expect(await list(undefined, { pageSize: 2, page: 9 })).toMatchObject({ rows: [], total: 4 });
  });

  it.each([
    ["a part of a name", "ALPHA", ["alpha.example", "bücher.example"]],
    ["an exact name before others", "beta.example", ["beta.example"]],
    ["a Unicode name", "bücher", ["bücher.example"]],
    ["an address in a record", "192.0.2.77", ["alpha.example", "gamma.example"]],
    ["octets above 127 in a TXT", "grüße", ["gamma.example"]],
    ["what LIKE and MATCH would read otherwise", "100% <b>bold", ["alpha.example"]],
    ["a quote", '"100', ["alpha.example"]],
    ["an operator", "www OR mail", []],
    ["an underscore literally", "a_pha", []],
    ["a percent sign literally", "%", []],
    ["nothing that is there", "nowhere.invalid", []],
  ])("finds %s", async (_, q, expected) => {
    expect(await names(undefined, { q })).toEqual(expected);
  });

  it("shows which record matched, only where the name did not", async () => {
    const { rows } = await list(undefined, { q: "alpha" });
    expect(rows.map((row) => row.matches)).toEqual([[], ["xn--bcher-kva.example. MX 10 mail.alpha.example."]]);
  });

  it("keeps resellers apart", async () => {
    expect(await names(alice)).toEqual(["alpha.example", "beta.example"]);
    expect(await list(bob, { q: "192.0.2.77" })).toMatchObject({
      total: 1,
      rows: [{ displayName: "gamma.example", owner: "bob" }],
    });
    await expect(getZone(ctx, bob ?? ctx.root, "alpha.example.")).rejects.toMatchObject({ code: "not-found" });
    await expect(zoneHistory(ctx, bob ?? ctx.root, { name: "alpha.example.", page: 1 })).rejects.toMatchObject({
      code: "not-found",
    });
    await expect(exportZone(ctx, bob ?? ctx.root, "alpha.example.")).rejects.toMatchObject({ code: "not-found" });
  });

  it("follows changes and deletions in the index", async () => {
    await add(undefined, "delta.example.", "www IN A 198.51.100.1\n");
    await index();
    const { seq } = await getZone(ctx, ctx.root, "delta.example.");
    const was = { owner: "www.delta.example.", type: "A", ttl: 3600, rdata: "198.51.100.1" };
    await editZone(ctx, ctx.root, {
      name: "delta.example.",
      baseSeq: seq,
      changes: [{ ...was, kind: "replace", rdata: "198.51.100.2", before: was }],
    });
    await index();
    expect(await names(undefined, { q: "198.51.100.1" })).toEqual([]);
    expect(await names(undefined, { q: "198.51.100.2" })).toEqual(["delta.example"]);
    await deleteZone(ctx, ctx.root, { name: "delta.example." });
    await index();
    expect(await names(undefined, { q: "198.51.100.2" })).toEqual([]);
    expect(await names(undefined, { q: "delta", deleted: true })).toEqual(["delta.example"]);
    await expect(getZone(ctx, ctx.root, "delta.example.")).rejects.toMatchObject({ code: "not-found" });
    await restoreZone(ctx, ctx.root, { name: "delta.example." });
    await index();
    expect(await names(undefined, { q: "198.51.100.2" })).toEqual(["delta.example"]);
    expect(await indexZones(ctx, 10)).toEqual({ indexed: 0 });
  });

  it("tells history and what changed", async () => {
    const { revisions } = await zoneHistory(ctx, ctx.root, { name: "delta.example.", page: 1 });
    expect(revisions.map((revision) => revision.kind)).toEqual(["restore", "delete", "edit", "create"]);
    expect(revisions.map((revision) => revision.isCurrent)).toEqual([true, false, false, false]);
    const edit = revisions[2]?.seq ?? 0;
    const { from, diff } = await diffRevisions(ctx, ctx.root, { name: "delta.example.", from: null, to: edit });
    expect(from?.kind).toBe("create");
    expect(diff.rrsets.map((rrset) => [rrset.before?.rdatas, rrset.after?.rdatas])).toEqual([
      [["198.51.100.1"], ["198.51.100.2"]],
    ]);
    expect((await getRevision(ctx, ctx.root, { name: "delta.example.", seq: edit })).text).toContain("198.51.100.2");
    await expect(getRevision(ctx, ctx.root, { name: "alpha.example.", seq: edit })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("previews a change with what others saved in between", async () => {
    const name = "beta.example.";
    const base = await getZone(ctx, ctx.root, name);
    const www = { owner: `www.${name}`, type: "A", ttl: 3600, rdata: "192.0.2.78" };
    const mail = { owner: `mail.${name}`, type: "A", ttl: 3600, rdata: "192.0.2.79" };
    await editZone(ctx, ctx.root, {
      name,
      baseSeq: base.seq,
      reason: "moved",
      changes: [{ ...www, kind: "replace", rdata: "192.0.2.80", before: www }],
    });
    const preview = await previewChanges(ctx, ctx.root, {
      name,
      baseSeq: base.seq,
      changes: [
        { ...mail, kind: "remove", before: mail },
        { ...www, kind: "replace", rdata: "192.0.2.81", before: www },
        { kind: "add", owner: name, type: "CNAME", ttl: 60, rdata: "www.example.org." },
      ],
    });
    expect(preview.between?.revisions.map((revision) => revision.reason)).toEqual(["moved"]);
    expect(preview.between?.diff?.rrsets.map((rrset) => rrset.owner)).toEqual([`www.${name}`]);
    expect(preview.conflicts).toMatchObject([{ reason: "record-gone", current: { rdatas: ["192.0.2.80"] } }]);
    expect(preview.diff.rrsets.map((rrset) => rrset.owner)).toEqual([name, `mail.${name}`]);
    expect(preview.problems.some((problem) => problem.severity === "error" && problem.owner === name)).toBe(true);
  });

  it("says how far a zone has come", async () => {
    const target = await ctx.db.client.target.create({ data: { createdAt: 0n } });
    const row = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "alpha.example." } });
    const state = async () => (await list(undefined, { q: "alpha.example", pageSize: 1 })).rows[0];
    expect(await state()).toMatchObject({ state: "pending", served: 0, targets: 1 });
    const key = { zoneId: row.id, targetId: target.id };
    await ctx.db.client.zoneTarget.create({
      data: { ...key, ackSeq: row.changeSeq, verifySeq: row.changeSeq, verifyAt: 1n },
    });
    expect(await state()).toMatchObject({ state: "pending" });
    const set = (data: object) => ctx.db.client.zoneTarget.update({ where: { zoneId_targetId: key }, data });
    await set({ verifyAttempts: 9, observedState: "lagging" });
    expect(await state()).toMatchObject({ state: "attention" });
    await set({ verifySeq: null, observedState: "served", observedSerial: row.serial });
    expect(await state()).toMatchObject({ state: "served", served: 1 });
    await set({ observedState: null, observedSerial: null });
    expect(await state()).toMatchObject({ state: "unverified" });
    await set({ ackSeq: 0n, failedSeq: row.changeSeq, error: "refused" });
    expect(await state()).toMatchObject({ state: "attention" });
  });
});

describe("zone list with 100,000 zones", () => {
  let ctx: TestContext;
  beforeAll(async () => {
    ctx = await testContext("sqlite");
    await fill(ctx, 100_000);
  });
  afterAll(() => ctx.close());

  // How long each takes is what the bench measures.
  it.each<[string, Partial<ZoneListQuery>, number]>([
    ["the first page", {}, 100_000],
    ["the last page by records", { sort: "records", page: 2_000 }, 100_000],
    ["the middle by serial", { sort: "serial", dir: "desc", page: 1_000 }, 100_000],
    ["one zone's address", { q: "2001:db8::5dc0" }, 1],
    ["one name", { q: "customer-4711.example" }, 1],
    ["nothing", { q: "nowhere.invalid" }, 0],
  ])("shows %s", async (_, query, total) => {
    const page = await listZones(ctx, ctx.root, { ...zoneListQuery.parse({}), ...query });
    expect(page.total).toBe(total);
    expect(page.rows).toHaveLength(Math.min(total, 50));
  });

  it.each(["customer", "hostmaster"])("finds “%s”, which is in every zone, without counting them all", async (q) => {
    const page = await listZones(ctx, ctx.root, { ...zoneListQuery.parse({}), q });
    expect(page.rows).toHaveLength(50);
    expect(page.total).toBeGreaterThanOrEqual(1_000);
  });
});

/** Straight into the tables: what is tried is reading. */
async function fill(ctx: TestContext, count: number): Promise<void> {
  for (let at = 1; at <= count; at += 1_000) {
    const ids = Array.from({ length: 1_000 }, (_, index) => at + index);
    const zones = ids.map(
      (id) => sql`(${id}, ${`customer-${id}.example.`}, 1, ${id}, ${id}, 'd', ${id % 100}, ${id}, ${id})`,
    );
    const rows = ids.map((id) => {
      const name = `customer-${id}.example.`;
      return sql`(${id}, ${`${name} ns1.example.net. hostmaster.example.net. ${id} 3600 600 604800 300\nwww.${name} 2001:db8::${id.toString(16)}`})`;
    });
    await ctx.db.transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO "Zone" ("id", "name", "ownerId", "changeSeq", "serial", "digest", "recordCount", "updatedAt", "createdAt")
        VALUES ${join(zones)}`;
      await tx.$executeRaw`INSERT INTO "ZoneSearch" ("rowid", "text") VALUES ${join(rows)}`;
    });
  }
}
