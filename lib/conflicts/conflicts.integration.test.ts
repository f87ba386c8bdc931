import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { moveZones } from "@/lib/zones/move-zones";
import { getZone, listZones } from "@/lib/zones/queries";
import { receiveZones } from "@/lib/zones/receive";
import { removeReceivedZones } from "@/lib/zones/remove-received";
import { zoneListQuery } from "@/lib/zones/schemas";
import { createZone, deleteZone, replaceZone } from "@/lib/zones/service";
import type { Sender } from "@/lib/zones/writers";
import { getConflict, listConflicts, openConflicts } from "./queries";
import { recordOverwritten } from "./record-overwritten";
import { keepWinner, restoreLost } from "./settle";

const text = (serial: number, ...records: string[]) =>
  `$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n${records.join("\n")}\n`;
const [A, B, C] = ["a A 192.0.2.1", "b A 192.0.2.2", "c A 192.0.2.3"];
const FAR = 3_000_000_000;

describe.each(["sqlite", "postgresql"] as const)("conflicts on %s", (provider) => {
  let ctx: TestContext;
  const members: Record<string, { id: number; targetId: number }> = {};
  beforeAll(async () => {
    ctx = await testContext(provider);
    for (const name of ["m1", "m2"]) {
      const member = await ctx.db.client.member.create({
        data: {
          ...{ ownerId: ctx.root.userId, hostname: `${name}.example.net`, address: "192.0.2.9", username: "root" },
          ...{ backend: "whm", role: "sync", sealedCredential: "", serverId: name, createdAt: 0n },
        },
      });
      const target = await ctx.db.client.target.create({ data: { memberId: member.id, createdAt: 0n } });
      members[name] = { id: member.id, targetId: target.id };
    }
  }, 120_000);
  afterAll(() => ctx.close());

  const member = (name: string) => members[name] ?? { id: 0, targetId: 0 };
  const take = async (from: string, name: string, body: string, updatedAt = Date.now()) => {
    const items = [{ name, text: body, updatedAt }];
    const [outcome] = await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: member(from).id });
    return outcome?.status;
  };
  /** The member accepts what is here. */
  const accept = async (by: string, name: string) => {
    const zone = await ctx.db.client.zone.findUniqueOrThrow({ where: { name } });
    const key = { zoneId: zone.id, targetId: member(by).targetId };
    const data = { ackSeq: zone.changeSeq, ackSerial: zone.serial, ackDigest: zone.digest };
    await ctx.db.client.zoneTarget.upsert({
      where: { zoneId_targetId: key },
      create: { ...key, ...data },
      update: data,
    });
  };
  const edit = async (name: string, ...records: string[]) => {
    await replaceZone(ctx, ctx.root, { name, text: text(1, ...records) });
    return (await getZone(ctx, ctx.root, name)).serial;
  };
  const conflicts = async (name: string, actor: UserActor = ctx.root) =>
    (await listConflicts(ctx, actor, { page: 1, show: "open" })).rows.filter((row) => row.name === name);
  const sides = async (name: string) =>
    (await conflicts(name)).map(({ isOursLost }) => (isOursLost ? "ours" : "theirs"));

  it.each<[string, string[], (name: string) => Promise<unknown>]>([
    [
      "edits that follow each other there",
      [],
      async (name) => {
        for (const [serial, record] of [
          [5, A],
          [6, B],
          [7, C],
        ] as const)
          await take("m1", name, text(serial, record));
      },
    ],
    [
      "an edit here that they accepted before they went on",
      [],
      async (name) => {
        await take("m1", name, text(5, A));
        await edit(name, B);
        await accept("m1", name);
        await take("m1", name, text(FAR, C));
      },
    ],
    [
      "an edit there that was made from ours, which came to them over another server",
      [],
      async (name) => {
        await take("m1", name, text(5, A));
        await edit(name, A, B);
        await take("m1", name, text(FAR, A, B, C));
      },
    ],
    [
      "both changed: the one here is replaced",
      ["ours"],
      async (name) => {
        await take("m1", name, text(5, A));
        await edit(name, A, B);
        await take("m1", name, text(FAR, A, C));
      },
    ],
    [
      "both changed: the one there is older, and comes again and again",
      ["theirs"],
      async (name) => {
        await take("m1", name, text(5, A));
        await edit(name, A, B);
        for (let i = 0; i < 3; i++) expect(await take("m1", name, text(6, A, C), 1_000)).toBe("newer-here");
      },
    ],
    [
      "a copy that was here before, sent once more",
      [],
      async (name) => {
        await take("m1", name, text(5, A));
        await take("m1", name, text(6, C));
        await edit(name, A, B);
        await take("m1", name, text(5, A), 1_000);
      },
    ],
    [
      "the same edit on both sides",
      [],
      async (name) => {
        await take("m1", name, text(5, A));
        await edit(name, A, B);
        await take("m1", name, text(FAR, A, B));
      },
    ],
    [
      "a chain: the newer one over one server, the older one late over another",
      [],
      async (name) => {
        await take("m1", name, text(5, A));
        await take("m1", name, text(7, C));
        await take("m2", name, text(6, B), 1_000);
      },
    ],
    [
      "a zone that was added on both sides before they knew each other",
      ["ours"],
      async (name) => {
        await createZone(ctx, ctx.root, { name, text: text(5, A) });
        await take("m1", name, text(6, C));
      },
    ],
    [
      "a zone added here that another server has: the one that comes may be made from it",
      [],
      async (name) => {
        await createZone(ctx, ctx.root, { name, text: text(5, A) });
        await accept("m2", name);
        await take("m1", name, text(6, C));
      },
    ],
    [
      "the same serial on both sides",
      ["theirs"],
      async (name) => {
        await createZone(ctx, ctx.root, { name, text: text(5, A) });
        const { serial } = await getZone(ctx, ctx.root, name);
        await take("m1", name, text(serial, C), 1_000);
      },
    ],
  ])("%s: %j", async (what, expected, play) => {
    const name = `${what.replaceAll(/[^a-z]+/g, "-").slice(0, 40)}-x.example.`;
    await play(name);
    expect(await sides(name)).toEqual(expected);
  });

  it("shows both copies, and restores the one that lost so that it wins", async () => {
    const name = "restore.example.";
    await take("m1", name, text(5, A));
    await edit(name, A, B);
    await take("m1", name, text(FAR, A, C));
    const [{ id = 0, from } = {}] = await conflicts(name);
    expect(from).toBe("m1.example.net");
    const view = await getConflict(ctx, ctx.root, { id });
    expect(view.diff?.rrsets.map(({ owner, after }) => [owner, after !== null])).toEqual([
      ["b.restore.example.", true],
      ["c.restore.example.", false],
    ]);
    await expect(restoreLost(ctx, ctx.root, { id, seq: view.seq - 1 })).rejects.toMatchObject({ code: "conflict" });
    await restoreLost(ctx, ctx.root, { id, seq: view.seq });
    const zone = await getZone(ctx, ctx.root, name);
    expect(zone.text).toContain("b.restore.example.");
    expect(zone.serial).toBe(FAR + 1);
    expect(await sides(name)).toEqual([]);
    await expect(restoreLost(ctx, ctx.root, { id, seq: zone.seq })).rejects.toMatchObject({ code: "conflict" });
  });

  it("keeps the copy that came over the wire, and restores that", async () => {
    const name = "wire.example.";
    await take("m1", name, text(5, A));
    await edit(name, A, B);
    await take("m1", name, text(6, A, C), 1_000);
    const [{ id = 0 } = {}] = await conflicts(name);
    const { seq } = await getConflict(ctx, ctx.root, { id });
    await restoreLost(ctx, ctx.root, { id, seq });
    expect((await getZone(ctx, ctx.root, name)).text).toContain("c.wire.example.");
  });

  it("an edit here that a member deletes unseen is a conflict, and comes back", async () => {
    const name = "deleted.example.";
    await take("m1", name, text(5, A));
    const stamp = await getZone(ctx, ctx.root, name);
    const serial = await edit(name, A, B);
    const gone = { serial: serial + 1, digest: stamp.digest, updatedAt: Date.now() };
    const input = { names: [name], originMemberId: member("m1").id, mode: "newest", stamps: new Map([[name, gone]]) };
    expect(await removeReceivedZones(ctx, ctx.root, { ...input, mode: "newest" })).toMatchObject([
      { status: "deleted" },
    ]);
    const [{ id = 0, isDeleted } = {}] = await conflicts(name);
    expect(isDeleted).toBe(true);
    await restoreLost(ctx, ctx.root, { id, seq: (await getConflict(ctx, ctx.root, { id })).seq });
    expect((await getZone(ctx, ctx.root, name)).text).toContain("b.deleted.example.");
  });

  it("a copy that was changed at a member which does not keep it, and was overwritten there", async () => {
    const name = "overwritten.example.";
    await take("m1", name, text(5, A));
    await accept("m1", name);
    await edit(name, A, B);
    const { seq } = await getZone(ctx, ctx.root, name);
    const at = { memberId: member("m1").id, name, seq };
    await recordOverwritten(ctx, { ...at, text: text(5, A) });
    expect(await sides(name)).toEqual([]);
    await recordOverwritten(ctx, { ...at, text: text(6, A, C) });
    expect(await sides(name)).toEqual(["theirs"]);
    // The sending failed, and is made again.
    await recordOverwritten(ctx, { ...at, text: text(6, A, C) });
    expect(await sides(name)).toEqual(["theirs"]);
  });

  it.each<[string, (name: string) => Promise<unknown>]>([
    ["edited", (name) => edit(name, A, B, "d A 192.0.2.4")],
    ["deleted", (name) => deleteZone(ctx, ctx.root, { name })],
  ])("such a copy when the zone was %s after what overwrites it was sent", async (what, play) => {
    const name = `${what}-meanwhile.example.`;
    await take("m1", name, text(5, A));
    await accept("m1", name);
    await edit(name, A, B);
    const { seq } = await getZone(ctx, ctx.root, name);
    await play(name);
    await recordOverwritten(ctx, { memberId: member("m1").id, name, seq, text: text(6, A, C) });
    expect(await sides(name)).toEqual(["theirs"]);
    const [{ id = 0 } = {}] = await conflicts(name);
    const view = await getConflict(ctx, ctx.root, { id });
    expect(view.won.seq).toBe(seq);
    await restoreLost(ctx, ctx.root, { id, seq: view.seq });
    expect((await getZone(ctx, ctx.root, name)).text).toContain(`c.${name}`);
  });

  it("a server that does not look and deletes what another wrote leaves the mark of two writers, and a conflict", async () => {
    const name = "marked.example.";
    const [web1, web2] = ["web1", "web2"].map(
      (host): Sender => ({ key: `server:${host}`, name: `${host}.example.net`, address: "192.0.2.9" }),
    );
    const items = [{ name, text: text(5, A) }];
    await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: null, sender: web1 });
    const stamps = new Map([[name, { serial: 4, digest: "other", updatedAt: Date.now() }]]);
    const input = { names: [name], originMemberId: null, stamps, sender: web2 };
    expect(await removeReceivedZones(ctx, ctx.root, input)).toMatchObject([{ status: "deleted" }]);
    const query = { ...zoneListQuery.parse({ q: name }), deleted: true };
    expect((await listZones(ctx, ctx.root, query)).rows[0]?.contest?.writers).toEqual([
      "web2.example.net",
      "web1.example.net",
    ]);
    expect(await sides(name)).toEqual(["ours"]);
  });

  it("is told to whoever has the zone, without the servers' names, and not to who gets it later", async () => {
    const [alice, bob] = [await ctx.addReseller("alice"), await ctx.addReseller("bob")];
    const name = "tenant.example.";
    await createZone(ctx, alice, { name, text: text(5, A) });
    await take("m1", name, text(6, C));
    const [{ id = 0, from } = {}] = await conflicts(name, alice);
    expect(from).toBeNull();
    expect(await conflicts(name, bob)).toEqual([]);
    for (const attempt of [
      () => getConflict(ctx, bob, { id }),
      () => keepWinner(ctx, bob, { id }),
      () => restoreLost(ctx, bob, { id, seq: 1 }),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: "not-found" });
    const others = await openConflicts(ctx, ctx.root);
    expect(await keepWinner(ctx, alice, {})).toEqual({ kept: 1 });
    expect((await openConflicts(ctx, ctx.root)).n).toBe(others.n - 1);
    await moveZones(ctx, ctx.root, { names: [name], ownerId: bob.userId });
    await expect(getConflict(ctx, bob, { id })).rejects.toMatchObject({ code: "not-found" });
  });
});
