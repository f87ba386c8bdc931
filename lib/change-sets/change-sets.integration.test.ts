import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Actor, UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { deleteZones } from "@/lib/zones/delete-zones";
import { importZoneFile } from "@/lib/zones/import";
import { moveZones } from "@/lib/zones/move-zones";
import { getZone } from "@/lib/zones/queries";
import { zoneHistory } from "@/lib/zones/queries-history";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, deleteZone, editZone, replaceZone } from "@/lib/zones/service";
import { findZone } from "@/lib/zones/zone-row";
import { applyChangeSlice } from "./apply-slice";
import { openImport } from "./open-import";
import { planChangeSlice } from "./plan-slice";
import { getChangeSet, listChangeSets } from "./queries";
import { changeItems } from "./queries-items";
import { changedZones } from "./queries-zones";
import { applyReplace, cancelChangeSet, planReplace, tickZones } from "./replace";
import { replaceRequest } from "./schemas";
import { undoChangeSet, undoOneZone } from "./undo";

const text = (records: string) =>
  `$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n${records}\n`;

describe.each(["sqlite", "postgresql"] as const)("change sets on %s", (provider) => {
  let ctx: TestContext;
  let alice: UserActor;
  beforeAll(async () => {
    ctx = await testContext(provider);
    alice = await ctx.addReseller("alice");
  }, 120_000);
  afterAll(() => ctx.close());

  const records = async (name: string, actor: Actor = ctx.root) =>
    (await getZone(ctx, actor, name)).zone.rrsets
      .filter(({ type }) => type === "A" || type === "CNAME")
      .flatMap(({ owner, rdatas }) => rdatas.map((rdata) => `${owner.split(".")[0]} ${rdata}`));
  const importFiles = async (files: Record<string, string>, actor: Actor = ctx.root) => {
    const id = await openImport(ctx, actor, undefined);
    for (const [name, body] of Object.entries(files))
      await importZoneFile(ctx, actor, { fileName: name, name, text: text(body), onExisting: "replace" }, id);
    return id;
  };
  const carryOut = async (id: number) => {
    while (await planChangeSlice(ctx, id));
    while (await applyChangeSlice(ctx, id));
  };
  const look = async (id: number, actor: Actor = ctx.root) =>
    (await changedZones(ctx, actor, { id, page: 1, show: "all" })).rows.map(
      ({ name, deed, outlook }) => `${name} ${deed}: ${outlook}`,
    );
  const undo = async (id: number, actor: Actor = ctx.root) => {
    const undoing = await undoChangeSet(ctx, actor, { id });
    await carryOut(undoing.id);
    return undoing.id;
  };

  it("takes an import back, zone by zone where later edits are in the way, and again", async () => {
    await createZone(ctx, ctx.root, { name: "old.example.", text: text("a A 192.0.2.1") });
    await createZone(ctx, ctx.root, { name: "edited.example.", text: text("a A 192.0.2.1") });
    await createZone(ctx, ctx.root, { name: "same.example.", text: text("a A 192.0.2.1") });
    const id = await importFiles({
      "new.example.": "a A 192.0.2.2",
      "old.example.": "a A 192.0.2.2",
      "edited.example.": "a A 192.0.2.2",
      "same.example.": "a A 192.0.2.2",
    });
    await replaceZone(ctx, ctx.root, { name: "edited.example.", text: text("a A 192.0.2.2\nb A 192.0.2.9") });
    await replaceZone(ctx, ctx.root, { name: "same.example.", text: text("a A 192.0.2.3") });
    expect(await look(id)).toEqual([
      "edited.example. changed: merge",
      "new.example. added: plain",
      "old.example. changed: plain",
      "same.example. changed: overlap",
    ]);
    const undone = await undo(id);
    expect(await records("old.example.")).toEqual(["a 192.0.2.1"]);
    expect((await findZone(ctx.db.client, "new.example."))?.deletedAt).not.toBeNull();
    expect(await records("edited.example.")).toEqual(["a 192.0.2.2", "b 192.0.2.9"]);
    expect(await getChangeSet(ctx, ctx.root, { id })).toMatchObject({ counts: { open: 0, later: 2, undone: 2 } });
    // What was undone is not undone twice.
    await expect(undoChangeSet(ctx, ctx.root, { id })).rejects.toMatchObject({ code: "conflict" });

    const one = async (name: string, mode: "merge" | "restore") => {
      const seq = (await getZone(ctx, ctx.root, name)).seq;
      const { id: undoing } = await undoOneZone(ctx, ctx.root, { id, name, mode, seq });
      await carryOut(undoing);
    };
    await one("edited.example.", "merge");
    expect(await records("edited.example.")).toEqual(["a 192.0.2.1", "b 192.0.2.9"]);
    await one("same.example.", "restore");
    expect(await records("same.example.")).toEqual(["a 192.0.2.1"]);
    const { revisions } = await zoneHistory(ctx, ctx.root, { name: "same.example.", page: 1 });
    expect(revisions.map(({ kind }) => kind)).toEqual(["restore", "edit", "import", "create"]);

    // Redo: the undo is a change set itself.
    expect(await look(undone)).toEqual(["new.example. deleted: plain", "old.example. changed: plain"]);
    await undo(undone);
    expect(await records("new.example.")).toEqual(["a 192.0.2.2"]);
    expect(await records("old.example.")).toEqual(["a 192.0.2.2"]);
  });

  it("leaves a zone alone that was changed between the look and the undoing", async () => {
    const id = await importFiles({ "race.example.": "a A 192.0.2.2" });
    const { seq } = await getZone(ctx, ctx.root, "race.example.");
    const { id: undoing } = await undoChangeSet(ctx, ctx.root, { id });
    await replaceZone(ctx, ctx.root, { name: "race.example.", text: text("b A 192.0.2.9") });
    await carryOut(undoing);
    expect(await records("race.example.")).toEqual(["b 192.0.2.9"]);
    expect((await changeItems(ctx, ctx.root, { id: undoing, page: 1, show: "failed" })).rows).toMatchObject([
      { state: "failed", message: expect.stringContaining("Somebody changed the same zone") },
    ]);
    const stale = undoOneZone(ctx, ctx.root, { id, name: "race.example.", mode: "restore", seq });
    await expect(stale).rejects.toMatchObject({ code: "conflict" });
  });

  it("restores what was deleted together, and moves back what was moved", async () => {
    const names = ["gone-a.example.", "gone-b.example."];
    for (const name of names) await createZone(ctx, alice, { name, text: text("a A 192.0.2.1") });
    const { deleted, changeSetId } = await deleteZones(ctx, alice, { names: [...names, "none.example."], reason: "" });
    expect(deleted).toBe(2);
    await undo(changeSetId ?? 0, alice);
    for (const name of names) expect(await records(name, alice)).toEqual(["a 192.0.2.1"]);

    const moved = await moveZones(ctx, ctx.root, { names, ownerId: ctx.root.userId });
    const [first = ""] = names;
    await replaceZone(ctx, ctx.root, { name: first, text: text("a A 192.0.2.8") });
    const id = moved.changeSetId ?? 0;
    expect(await look(id)).toEqual(["gone-a.example. moved: merge", "gone-b.example. moved: plain"]);
    await undo(id);
    expect((await findZone(ctx.db.client, "gone-b.example."))?.ownerId).toBe(alice.userId);
    const seq = (await getZone(ctx, ctx.root, first)).seq;
    const { id: undoing } = await undoOneZone(ctx, ctx.root, { id, name: first, mode: "merge", seq });
    await carryOut(undoing);
    expect(await records(first, alice)).toEqual(["a 192.0.2.8"]);
    // Whose a zone was before is not told to whoever has it now, nor theirs to undo.
    await expect(getChangeSet(ctx, alice, { id })).rejects.toMatchObject({ code: "not-found" });
  });

  it("replaces a value in many zones: a plan, what is ticked, one change set", async () => {
    for (const name of ["m1.example.", "m2.example.", "m3.example.", "m4.example."])
      await createZone(ctx, ctx.root, { name, text: text("a A 198.51.100.1\nb A 198.51.100.1\nc A 198.51.100.11") });
    await createZone(ctx, alice, { name: "m5.example.", text: text("a A 198.51.100.1") });
    await createZone(ctx, ctx.root, { name: "m6.example.", text: text("t TXT 198.51.100.1") });
    const request = replaceRequest.parse({ type: "A", from: "198.51.100.1", to: "198.51.100.2", reason: "Moved" });
    const { id } = await planReplace(ctx, ctx.root, request);
    while (await planChangeSlice(ctx, id));
    const plan = await changeItems(ctx, ctx.root, { id, page: 1, show: "all" });
    expect(plan.rows.map(({ name, records, diff }) => [name, records, diff?.rrsets.length])).toEqual([
      ["m1.example.", 2, 2],
      ["m2.example.", 2, 2],
      ["m3.example.", 2, 2],
      ["m4.example.", 2, 2],
      ["m5.example.", 1, 1],
    ]);
    // A plan is nobody's history, and has changed nothing.
    expect((await listChangeSets(ctx, ctx.root, { page: 1 })).rows.map((row) => row.id)).not.toContain(id);
    await expect(getChangeSet(ctx, alice, { id })).rejects.toMatchObject({ code: "not-found" });
    await tickZones(ctx, ctx.root, { id, isTicked: false });
    await tickZones(ctx, ctx.root, { id, isTicked: true });
    await tickZones(ctx, ctx.root, { id, names: ["m4.example."], isTicked: false });
    await deleteZone(ctx, ctx.root, { name: "m3.example." });
    const changes = [{ kind: "remove", owner: "b.m2.example.", type: "A", ttl: 3600, rdata: "198.51.100.1" }] as const;
    await editZone(ctx, ctx.root, { name: "m2.example.", baseSeq: 0, changes });
    await applyReplace(ctx, ctx.root, { id });
    await carryOut(id);
    expect(await records("m1.example.")).toEqual(["a 198.51.100.2", "b 198.51.100.2", "c 198.51.100.11"]);
    expect(await records("m2.example.")).toEqual(["a 198.51.100.2", "c 198.51.100.11"]);
    expect(await records("m4.example.")).toEqual(["a 198.51.100.1", "b 198.51.100.1", "c 198.51.100.11"]);
    expect(await getChangeSet(ctx, ctx.root, { id })).toMatchObject({
      state: "done",
      items: { counts: { done: 3, failed: 1, "left-out": 1 } },
    });
    // Alice sees her zone of it, and only that; what others' there were is not told.
    expect(await getChangeSet(ctx, alice, { id })).toMatchObject({ zones: 1, items: null });
    expect(await look(id, alice)).toEqual(["m5.example. changed: plain"]);
    await expect(changeItems(ctx, alice, { id, page: 1, show: "all" })).rejects.toMatchObject({ code: "not-found" });
    await undo(id, alice);
    expect(await records("m5.example.")).toEqual(["a 198.51.100.1"]);
    expect(await records("m1.example.")).toEqual(["a 198.51.100.2", "b 198.51.100.2", "c 198.51.100.11"]);
    await undo(id);
    expect(await records("m1.example.")).toEqual(["a 198.51.100.1", "b 198.51.100.1", "c 198.51.100.11"]);
  });

  it("goes on where a killed server was, and changes no zone twice though two work on it", async () => {
    const names = Array.from({ length: 120 }, (_, index) => `slice-${index}.example.`);
    const items = names.map((name) => ({ name, text: text("a A 203.0.113.1") }));
    await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: null });
    const request = replaceRequest.parse({ type: "A", from: "203.0.113.1", to: "203.0.113.2", ttl: "1m" });
    const { id } = await planReplace(ctx, ctx.root, request);
    while (await planChangeSlice(ctx, id));
    await applyReplace(ctx, ctx.root, { id });
    await applyChangeSlice(ctx, id);
    expect(await getChangeSet(ctx, ctx.root, { id })).toMatchObject({ items: { counts: { done: 50, planned: 70 } } });
    await Promise.all([carryOut(id), carryOut(id)]);
    expect(await getChangeSet(ctx, ctx.root, { id })).toMatchObject({
      state: "done",
      items: { counts: { done: 120 } },
    });
    expect(await ctx.db.client.revision.count({ where: { changeSetId: id } })).toBe(120);
    expect((await getZone(ctx, ctx.root, "slice-7.example.")).text).toContain("a.slice-7.example. 60 IN A 203.0.113.2");
  });

  it("a zone that cannot be changed is told with its reason, and holds up no other", async () => {
    const carol = await ctx.addReseller(`carol-${provider}`);
    const names = ["room-a.example.", "room-b.example."];
    for (const name of names) await createZone(ctx, carol, { name, text: text("a A 192.0.2.1") });
    const { changeSetId } = await deleteZones(ctx, carol, { names, reason: "" });
    await ctx.db.client.user.update({ where: { id: carol.userId }, data: { zoneLimit: 1 } });
    const undoing = await undo(changeSetId ?? 0, carol);
    const { rows } = await changeItems(ctx, carol, { id: undoing, page: 1, show: "all" });
    expect(rows.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "room-a.example. done",
      "room-b.example. failed",
    ]);
    expect(rows[1]?.message).toContain("may have at most 1 zone");
    expect(await getChangeSet(ctx, carol, { id: changeSetId ?? 0 })).toMatchObject({ counts: { open: 1, undone: 1 } });
  });

  it("is cancelled, and is nobody's any more whose account is suspended", async () => {
    const request = replaceRequest.parse({ type: "A", from: "192.0.2.1", to: "192.0.2.77" });
    const { id } = await planReplace(ctx, alice, request);
    await cancelChangeSet(ctx, alice, { id });
    expect(await planChangeSlice(ctx, id)).toBe(false);
    await expect(applyReplace(ctx, alice, { id })).rejects.toMatchObject({ code: "conflict" });
    const second = await planReplace(ctx, alice, request);
    while (await planChangeSlice(ctx, second.id));
    await applyReplace(ctx, alice, { id: second.id });
    await ctx.db.client.user.update({ where: { id: alice.userId }, data: { suspendedAt: 1n } });
    await carryOut(second.id);
    expect(await getChangeSet(ctx, ctx.root, { id: second.id })).toMatchObject({ state: "cancelled" });
    await ctx.db.client.user.update({ where: { id: alice.userId }, data: { suspendedAt: null } });
  });

  it("shows a reseller what touched their zones, and nothing of others", async () => {
    const bob = await ctx.addReseller(`bob-${provider}`);
    await importFiles({ "roots-own.example.": "a A 192.0.2.1" });
    const id = await importFiles({ "bobs-own.example.": "a A 192.0.2.1" }, bob);
    const list = await listChangeSets(ctx, bob, { page: 1 });
    expect(list).toMatchObject({ total: 1, rows: [{ id, kind: "import", zones: 1, actorName: `bob-${provider}` }] });
    await expect(openImport(ctx, alice, id)).rejects.toMatchObject({ code: "not-found" });
    await expect(undoChangeSet(ctx, alice, { id })).rejects.toMatchObject({ code: "not-found" });
  });
});
