import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import type { Clock } from "@/lib/clock";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { zoneRecords } from "@/lib/dns/zone-build";
import { parseCanonicalZone } from "@/lib/dns/zone-file";
import { AppError } from "@/lib/errors";
import { zoneHistory } from "./queries-history";
import { receiveZones } from "./receive";
import { removeReceivedZones } from "./remove-received";
import { createZone, deleteZone, editZone, purgeZone, replaceZone, restoreRevision, restoreZone } from "./service";

let now = Date.UTC(2026, 10, 20, 12);
const clock: Clock = { now: () => now, monotonic: () => now };

const zoneText = (name: string, serial = 2026112000, address = "192.0.2.1") => `$ORIGIN ${name}
$TTL 3600
@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300
@ NS ns1.example.net.
@ NS ns2.example.net.
@ A ${address}
www CNAME @
`;

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "done";
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe.each(["sqlite", "postgresql"] as const)("zones on %s", (provider) => {
  let ctx: TestContext;
  let reseller: UserActor;
  let wakes = 0;
  beforeAll(async () => {
    ctx = await testContext(provider, { clock, wake: () => wakes++ });
    reseller = await ctx.addReseller("alice");
  });
  afterAll(() => ctx.close());

  const currentText = async (name: string) => {
    const zone = await ctx.db.client.zone.findUniqueOrThrow({ where: { name } });
    return (await ctx.db.client.revision.findUniqueOrThrow({ where: { seq: zone.changeSeq } })).text;
  };
  const records = async (name: string) =>
    [...zoneRecords(parseCanonicalZone(await currentText(name), name))].map(
      (record) => `${record.owner} ${record.type} ${record.rdata}`,
    );

  test("every add, edit and delete bumps the serial exactly once and wakes the engine", async () => {
    const name = "serial.example.";
    const before = wakes;
    const created = await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    expect(created.serial).toBe(2026112000);
    const add = { kind: "add" as const, owner: "a.serial.example.", type: "A", ttl: 300, rdata: "192.0.2.9" };
    const edited = await editZone(ctx, ctx.root, { name, changes: [add], baseSeq: created.seq });
    expect(edited.serial).toBe(2026112001);
    const removed = await editZone(ctx, ctx.root, { name, changes: [{ ...add, kind: "remove" }], baseSeq: edited.seq });
    expect(removed.serial).toBe(2026112002);
    expect(wakes).toBe(before + 3);
  });

  test("edits that amount to nothing make no revision", async () => {
    const name = "same.example.";
    const created = await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    const again = { kind: "add" as const, owner: name, type: "A", ttl: 3600, rdata: "192.0.2.1" };
    expect(await editZone(ctx, ctx.root, { name, changes: [again], baseSeq: created.seq })).toEqual(created);
  });

  test("a serial never goes back, also past 99 edits a day and from a serial in the future", async () => {
    const name = "future.example.";
    let ref = await createZone(ctx, ctx.root, { name, text: zoneText(name, 2036010199) });
    expect(ref.serial).toBe(2036010199);
    ref = await replaceZone(ctx, ctx.root, { name, text: zoneText(name, 2026112000, "192.0.2.2") });
    expect(ref.serial).toBe(2036010200);
    now += 86_400_000;
    ref = await replaceZone(ctx, ctx.root, { name, text: zoneText(name, 1, "192.0.2.3") });
    expect(ref.serial).toBe(2036010201);
    now -= 86_400_000;
  });

  test("two people edit one zone: what does not touch the other's records is kept, what does is a conflict that saves nothing", async () => {
    const name = "two.example.";
    const base = await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    const change = (rdata: string) => ({
      kind: "replace" as const,
      owner: name,
      type: "A",
      ttl: 3600,
      rdata,
      before: { ttl: 3600, rdata: "192.0.2.1" },
    });
    await editZone(ctx, ctx.root, { name, changes: [change("192.0.2.7")], baseSeq: base.seq });
    const other = { kind: "add" as const, owner: `mail.${name}`, type: "A", ttl: 300, rdata: "192.0.2.25" };
    await editZone(ctx, ctx.root, { name, changes: [other], baseSeq: base.seq });
    expect(await records(name)).toEqual(expect.arrayContaining([`${name} A 192.0.2.7`, `mail.${name} A 192.0.2.25`]));
    const before = await currentText(name);
    const conflict = await editZone(ctx, ctx.root, { name, changes: [change("192.0.2.8")], baseSeq: base.seq }).catch(
      (error: unknown) => error,
    );
    expect(conflict).toMatchObject({
      code: "conflict",
      extra: { details: { between: expect.anything(), conflicts: [expect.anything()] } },
    });
    expect(await currentText(name)).toBe(before);
  });

  test("twenty edits at once all arrive", async () => {
    const name = "race.example.";
    const base = await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    const edits = Array.from({ length: 20 }, (_, index) =>
      editZone(ctx, ctx.root, {
        name,
        changes: [{ kind: "add", owner: `h${index}.${name}`, type: "A", ttl: 300, rdata: `192.0.2.${index}` }],
        baseSeq: base.seq,
      }),
    );
    const refs = await Promise.all(edits);
    expect(new Set(refs.map((ref) => ref.serial)).size).toBe(20);
    expect((await records(name)).filter((record) => record.includes(" A ")).length).toBe(21);
  });

  test("a zone with an error is refused with its line, and nothing is there", async () => {
    const name = "wrong.example.";
    const refused = await createZone(ctx, ctx.root, { name, text: `${zoneText(name)}www A 192.0.2.5\n` }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: "invalid-input", message: expect.stringContaining("Line ") });
    expect(await ctx.db.client.zone.findUnique({ where: { name } })).toBeNull();
  });

  test("deleted, restored, deleted, purged, added again: serials go on and the tombstone stays", async () => {
    const name = "bin.example.";
    const created = await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    await deleteZone(ctx, ctx.root, { name });
    expect(await codeOf(createZone(ctx, ctx.root, { name, text: zoneText(name) }))).toBe("conflict");
    const restored = await restoreZone(ctx, ctx.root, { name });
    expect(restored.serial).toBe(created.serial + 1);
    expect(restored.digest).toBe(created.digest);
    await deleteZone(ctx, ctx.root, { name });
    await purgeZone(ctx, ctx.root, { name });
    expect(await codeOf(restoreZone(ctx, ctx.root, { name }))).toBe("not-found");
    const again = await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    expect(again.serial).toBeGreaterThan(restored.serial);
  });

  test("any revision can be restored", async () => {
    const name = "history.example.";
    const first = await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    const second = await replaceZone(ctx, ctx.root, { name, text: zoneText(name, 1, "192.0.2.99") });
    const third = await restoreRevision(ctx, ctx.root, { name, seq: first.seq });
    expect(third).toMatchObject({ serial: second.serial + 1, digest: first.digest });
  });

  test("a reseller cannot tell another's zone from a missing one", async () => {
    const name = "roots.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name) });
    const attempts = (zone: string) => [
      editZone(ctx, reseller, { name: zone, changes: [], baseSeq: 0 }),
      deleteZone(ctx, reseller, { name: zone }),
      restoreZone(ctx, reseller, { name: zone }),
      restoreRevision(ctx, reseller, { name: zone, seq: 1 }),
      purgeZone(ctx, reseller, { name: zone }),
      replaceZone(ctx, reseller, { name: zone, text: zoneText(zone) }),
    ];
    const messages = async (zone: string) =>
      Promise.all(
        attempts(zone).map((work) =>
          work.then(
            () => "done",
            (error: Error) => error.message.replaceAll(zone.slice(0, -1), "Z"),
          ),
        ),
      );
    expect(await messages(name)).toEqual(await messages("missing.example."));
    expect(await codeOf(receiveZones(ctx, reseller, { items: [], mode: "newest", originMemberId: null }))).toBe(
      "forbidden",
    );
  });

  test("a reseller cannot add a zone inside of another's, nor learn what is in the way", async () => {
    const bob = await ctx.addReseller("bob");
    const add = (actor: UserActor, name: string) =>
      createZone(ctx, actor, { name, text: zoneText(name) }).then(
        () => "done",
        (error: AppError) => `${error.code}: ${error.message.replaceAll(name.slice(0, -1), "Z")}`,
      );
    expect(await add(reseller, "alices.example.")).toBe("done");
    expect(await add(reseller, "www.alices.example.")).toBe("done");
    const refused = "conflict: Z cannot be added on this server. Ask root.";
    expect(await add(bob, "alices.example.")).toBe(refused);
    expect(await add(bob, "mail.alices.example.")).toBe(refused);
    expect(await add(bob, "a.b.www.alices.example.")).toBe(refused);
    expect(await add(bob, "malices.example.")).toBe("done");
    await deleteZone(ctx, reseller, { name: "alices.example." });
    expect(await add(bob, "alices.example.")).toBe(refused);
    expect(await add(bob, "mail.alices.example.")).toBe(refused);
    expect(await add(ctx.root, "mail.alices.example.")).toBe("done");
  });

  test("a reseller cannot add a public suffix, which would take the names below it from all others", async () => {
    const [erin, frank] = [await ctx.addReseller("erin", ["clustering", "create-dns"]), await ctx.addReseller("frank")];
    for (const name of ["com.", "co.uk.", "example.", "in-addr.arpa."]) {
      const words = `${name.slice(0, -1)} is a public suffix: names below it belong to many. Only root can add it.`;
      await expect(createZone(ctx, erin, { name, text: zoneText(name) })).rejects.toMatchObject({
        ...{ code: "conflict", message: words },
      });
      const items = [{ name, text: zoneText(name) }];
      expect(await receiveZones(ctx, erin, { items, mode: "overwrite", originMemberId: null })).toEqual([
        { name, status: "refused", message: words },
      ]);
    }
    for (const name of ["franks.example.", "franks.co.uk.", "2.0.192.in-addr.arpa."])
      expect(await createZone(ctx, frank, { name, text: zoneText(name) })).toMatchObject({ name });
    expect(await createZone(ctx, ctx.root, { name: "co.uk.", text: zoneText("co.uk.") })).toMatchObject({
      name: "co.uk.",
    });
  });

  test("whoever gets a name that another gave up sees nothing of the other", async () => {
    const [carol, dave] = [await ctx.addReseller("carol"), await ctx.addReseller("dave")];
    const giveUp = async (name: string) => {
      const { seq } = await createZone(ctx, carol, { name, text: zoneText(name) });
      await deleteZone(ctx, carol, { name, reason: "moved to another house" });
      await purgeZone(ctx, carol, { name });
      return seq;
    };
    await giveUp("bought.example.");
    const bought = await createZone(ctx, dave, { name: "bought.example.", text: zoneText("bought.example.") });
    const { revisions } = await zoneHistory(ctx, dave, { name: "bought.example.", page: 1 });
    expect(revisions.map(({ seq, actorName }) => [seq, actorName])).toEqual([[bought.seq, "dave"]]);

    const name = "arrives.example.";
    await giveUp(name);
    const items = [{ name, text: zoneText(name, 2026112050) }];
    await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: 3 });
    expect(await codeOf(zoneHistory(ctx, carol, { name, page: 1 }))).toBe("not-found");
    expect((await zoneHistory(ctx, ctx.root, { name, page: 1 })).total).toBe(1);
  });

  test("a received zone stays its owner's, also out of the recycle bin", async () => {
    const name = "returns.example.";
    await createZone(ctx, reseller, { name, text: zoneText(name) });
    await deleteZone(ctx, reseller, { name });
    const items = [{ name, text: zoneText(name, 2026112050) }];
    await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: 3 });
    expect((await zoneHistory(ctx, reseller, { name, page: 1 })).total).toBe(3);
  });

  test("received zones: created, unchanged, newer wins, older is answered with ours, overwritten when the sender does not look", async () => {
    const name = "received.example.";
    const receive = async (serial: number, address: string, mode: "newest" | "overwrite" = "newest") =>
      (
        await receiveZones(ctx, ctx.root, {
          items: [{ name, text: zoneText(name, serial, address), updatedAt: now }],
          mode,
          originMemberId: 3,
        })
      )[0];
    expect(await receive(10, "192.0.2.1")).toMatchObject({ status: "created" });
    const sequence = (await ctx.db.client.zone.findUniqueOrThrow({ where: { name } })).changeSeq;
    expect(await receive(10, "192.0.2.1")).toMatchObject({ status: "unchanged" });
    expect((await ctx.db.client.zone.findUniqueOrThrow({ where: { name } })).changeSeq).toBe(sequence);
    expect(await receive(12, "192.0.2.2")).toMatchObject({ status: "updated", serial: 12 });
    expect(await receive(11, "192.0.2.3")).toMatchObject({
      status: "newer-here",
      serial: 12,
      text: expect.stringContaining("192.0.2.2"),
    });
    expect(await receive(11, "192.0.2.3", "overwrite")).toMatchObject({ status: "updated", serial: 11 });
  });

  test("a received zone that is no zone is refused and holds up no other", async () => {
    const items = [
      { name: "good1.example.", text: zoneText("good1.example.") },
      { name: "bad.example.", text: "<html>504 Gateway Time-out</html>" },
      { name: "half.example.", text: zoneText("half.example.").slice(0, 60) },
      { name: "good2.example.", text: zoneText("good2.example.") },
    ];
    const outcomes = await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: null });
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["created", "refused", "refused", "created"]);
  });

  test("a zone deleted here comes back from a member only with a newer serial", async () => {
    const name = "zombie.example.";
    await createZone(ctx, ctx.root, { name, text: zoneText(name, 50) });
    await deleteZone(ctx, ctx.root, { name });
    const receive = async (serial: number) =>
      (
        await receiveZones(ctx, ctx.root, {
          items: [{ name, text: zoneText(name, serial), updatedAt: now - 5_000 }],
          mode: "newest",
          originMemberId: 3,
        })
      )[0];
    expect(await receive(50)).toMatchObject({ status: "refused" });
    expect(await receive(51)).toMatchObject({ status: "created" });
  });

  test("a thousand zones are received at once, and removed at once", async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `bulk${index}.example.`);
    const outcomes = await receiveZones(ctx, ctx.root, {
      items: names.map((name) => ({ name, text: zoneText(name) })),
      mode: "newest",
      originMemberId: 3,
    });
    expect(new Set(outcomes.map((outcome) => outcome.status))).toEqual(new Set(["created"]));
    const removed = await removeReceivedZones(ctx, ctx.root, {
      names: [...names.slice(0, 200), "nowhere.example."],
      originMemberId: 3,
    });
    expect(removed.filter((outcome) => outcome.status === "deleted").length).toBe(200);
    expect(removed.at(-1)).toMatchObject({ status: "absent" });
  });
});
