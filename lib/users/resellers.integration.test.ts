import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { authorize } from "@/lib/access/authorize";
import { sessionActor } from "@/lib/auth/session-actor";
import { issueSession } from "@/lib/auth/session-token";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { AppError } from "@/lib/errors";
import { setLogLevel } from "@/lib/logger";
import { recordedTransactions, recordTransaction } from "@/lib/members/debug-log";
import { authenticateToken } from "@/lib/tokens/authenticate";
import { createToken } from "@/lib/tokens/service";
import { recordRefusedCall } from "@/lib/trusted-ips/refused-calls";
import { importZoneFile } from "@/lib/zones/import";
import { moveZones } from "@/lib/zones/move-zones";
import { listZones } from "@/lib/zones/queries";
import { getRevision, zoneHistory } from "@/lib/zones/queries-history";
import { receiveZones } from "@/lib/zones/receive";
import { zoneListQuery } from "@/lib/zones/schemas";
import { createZone, deleteZone, replaceZone, restoreRevision, restoreZone } from "@/lib/zones/service";
import { deleteUser, userBelongings } from "./delete-user";
import { editReseller } from "./edit-reseller";
import { setSuspended } from "./service";

const text = (name: string, address = "192.0.2.1") =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 7 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;

describe.each(["sqlite", "postgresql"] as const)("resellers on %s", (provider) => {
  let ctx: TestContext;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider);
  });
  afterAll(() => ctx.close());

  const codeOf = async (work: Promise<unknown>) => {
    const error = await work.catch((thrown: unknown) => thrown);
    return error instanceof AppError ? error.code : error;
  };
  const unlimited = { zoneLimit: null, memberLimit: null };

  describe("privileges", () => {
    it("count at once, for sessions and for tokens that carry more", async () => {
      const { userId, username } = await ctx.addReseller("acl", ["clustering", "edit-dns"]);
      const session = () => issueSession(ctx, { userId, epoch: 1 }).then((cookie) => sessionActor(ctx, cookie, ""));
      const { token } = await createToken(ctx, ctx.root, { name: "all", userId });
      const byToken = () => authenticateToken(ctx, { username, token, address: "192.0.2.1" });
      for (const actor of [await session(), await byToken()])
        expect(actor && authorize(actor, "cluster.manage").ownerId).toBe(userId);
      await editReseller(ctx, ctx.root, { userId, privileges: ["list-zones"], ...unlimited });
      for (const actor of [await session(), await byToken()]) {
        if (!actor) throw new Error("nobody");
        expect(() => authorize(actor, "cluster.manage")).toThrow("You do not have the privilege");
        expect(() => authorize(actor, "zone.write")).toThrow("You do not have the privilege");
        expect(authorize(actor, "zone.read").ownerId).toBe(userId);
      }
    });

    it("bound the tokens of an account, whoever makes them", async () => {
      const reseller = await ctx.addReseller("bounded", ["list-zones", "manage-api-tokens"]);
      for (const maker of [reseller, ctx.root])
        expect(
          await codeOf(createToken(ctx, maker, { name: "x", acls: ["clustering"], userId: reseller.userId })),
        ).toBe("forbidden");
      const made = await createToken(ctx, reseller, { name: "x", acls: ["list-zones"] });
      expect(made.info.acls).toEqual(["list-zones"]);
    });

    it("are root's to assign, and never root's own to lose", async () => {
      const reseller = await ctx.addReseller("climber", ["clustering"]);
      const input = { privileges: ["edit-dns" as const], ...unlimited };
      expect(await codeOf(editReseller(ctx, reseller, { userId: reseller.userId, ...input }))).toBe("forbidden");
      expect(await codeOf(editReseller(ctx, ctx.root, { userId: ctx.root.userId, ...input }))).toBe("forbidden");
    });
  });

  describe("a limit of zones", () => {
    it("holds on pages, in imports, from members and in the recycle bin, in words that say what to do", async () => {
      const reseller = await ctx.addReseller("small", ["clustering", "create-dns", "edit-dns", "kill-dns"]);
      await ctx.db.client.user.update({ where: { id: reseller.userId }, data: { zoneLimit: 2 } });
      const add = (name: string) => createZone(ctx, reseller, { name, text: text(name) });
      await add("one.small.example.");
      await add("two.small.example.");
      const words = /^small may have at most 2 zones on this server\. Delete one, or ask root to raise the limit\.$/;
      await expect(add("three.small.example.")).rejects.toThrow(words);
      const file = {
        fileName: "x.zone",
        name: "three.small.example.",
        text: text("three.small.example."),
        onExisting: "skip",
      } as const;
      expect(await importZoneFile(ctx, reseller, file)).toMatchObject({
        status: "refused",
        message: expect.stringMatching(words),
      });
      const items = ["one", "three"].map((label) => ({
        name: `${label}.small.example.`,
        text: text(`${label}.small.example.`, "192.0.2.9").replace(" 7 3600", " 2026112099 3600"),
      }));
      expect(await receiveZones(ctx, reseller, { items, mode: "newest", originMemberId: null })).toMatchObject([
        { status: "updated" },
        { status: "refused", message: expect.stringMatching(words) },
      ]);
      await deleteZone(ctx, reseller, { name: "two.small.example." });
      await add("three.small.example.");
      expect(await codeOf(restoreZone(ctx, reseller, { name: "two.small.example." }))).toBe("conflict");
      const theirs = await createZone(ctx, ctx.root, { name: "roots.example.", text: text("roots.example.") });
      const moved = await moveZones(ctx, ctx.root, { names: [theirs.name], ownerId: reseller.userId });
      expect(moved).toMatchObject({ moved: 0, refused: [{ name: "roots.example." }] });
    });

    it("lets one of two through that come at once", async () => {
      const reseller = await ctx.addReseller("quick");
      await ctx.db.client.user.update({ where: { id: reseller.userId }, data: { zoneLimit: 1 } });
      const both = await Promise.allSettled(
        ["a", "b", "c"].map((label) => {
          const name = `${label}.quick.example.`;
          return createZone(ctx, reseller, { name, text: text(name) });
        }),
      );
      expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });
  });

  it("a zone that was moved tells its new owner nothing of the old one", async () => {
    const before = await ctx.addReseller("before");
    const after = await ctx.addReseller("after");
    const name = "moved.example.";
    const first = await createZone(ctx, before, { name, text: text(name), reason: "our secret plan" });
    await replaceZone(ctx, before, { name, text: text(name, "192.0.2.2") });
    expect(await moveZones(ctx, ctx.root, { names: [name, "none.example."], ownerId: after.userId })).toMatchObject({
      moved: 1,
      refused: [{ name: "none.example.", message: "There is no zone none.example here." }],
    });
    const { revisions, total } = await zoneHistory(ctx, after, { name, page: 1 });
    expect({ revisions, total }).toMatchObject({ total: 1, revisions: [{ kind: "move", actorName: "root" }] });
    expect(await codeOf(getRevision(ctx, after, { name, seq: first.seq }))).toBe("not-found");
    expect(await codeOf(restoreRevision(ctx, after, { name, seq: first.seq }))).toBe("not-found");
    expect(await codeOf(zoneHistory(ctx, before, { name, page: 1 }))).toBe("not-found");
    expect((await zoneHistory(ctx, ctx.root, { name, page: 1 })).total).toBe(3);
    await replaceZone(ctx, after, { name, text: text(name, "192.0.2.3") });
    await restoreRevision(ctx, after, { name, seq: revisions[0]?.seq ?? 0 });
  });

  describe("deleting an account", () => {
    const rich = async (username: string) => {
      const reseller = await ctx.addReseller(username);
      for (const label of ["one", "two", "bin"]) {
        const name = `${label}.${username}.example.`;
        await createZone(ctx, reseller, { name, text: text(name) });
      }
      await deleteZone(ctx, reseller, { name: `bin.${username}.example.` });
      await createToken(ctx, reseller, { name: "t" });
      return reseller;
    };
    const rootsBin = async () => {
      const { rows } = await listZones(ctx, ctx.root, { ...zoneListQuery.parse({}), deleted: true, pageSize: 200 });
      return rows.flatMap((row) => (row.owner === "root" ? [row.displayName] : []));
    };

    it("gives its zones to another, with those in the bin; tokens go", async () => {
      const leaver = await rich("leaver");
      const heir = await ctx.addReseller("heir");
      expect(await userBelongings(ctx, ctx.root, leaver)).toEqual({
        username: "leaver",
        zones: 2,
        resting: 1,
        members: 0,
        tokens: 1,
      });
      await deleteUser(ctx, ctx.root, { userId: leaver.userId, zonesTo: heir.userId });
      const owned = await ctx.db.client.zone.findMany({ where: { ownerId: heir.userId }, orderBy: { name: "asc" } });
      expect(owned.map(({ name, deletedAt }) => [name, deletedAt === null])).toEqual([
        ["bin.leaver.example.", false],
        ["one.leaver.example.", true],
        ["two.leaver.example.", true],
      ]);
      expect(await ctx.db.client.apiToken.count({ where: { userId: leaver.userId } })).toBe(0);
      expect(await ctx.db.client.user.findUnique({ where: { id: leaver.userId } })).toBeNull();
      const history = JSON.stringify(await zoneHistory(ctx, heir, { name: "one.leaver.example.", page: 1 }));
      expect(history.replaceAll("one.leaver.example", "")).not.toContain("leaver");
    });

    it("takes along what its tokens were refused, and what debug mode recorded of its members", async () => {
      const leaver = await rich("traced");
      const token = await ctx.db.client.apiToken.findFirstOrThrow({ where: { userId: leaver.userId } });
      const refused = { tokenId: token.id, tokenName: "t", call: "", reason: "untrusted" as const };
      await recordRefusedCall(ctx, { ...refused, userId: leaver.userId, address: "192.0.2.7" });
      await recordRefusedCall(ctx, { ...refused, userId: ctx.root.userId, tokenId: 9_999, address: "192.0.2.8" });
      const { id } = await ctx.db.client.member.create({
        data: {
          ...{ ownerId: leaver.userId, hostname: "ns1.example.net", address: "192.0.2.1", username: "root" },
          ...{ backend: "whm", role: "standalone", sealedCredential: "", createdAt: 0n },
        },
      });
      const exchange = { operation: "version", method: "GET", sent: 1, received: 1, durationMs: 1, error: null };
      recordTransaction(ctx, id, exchange);
      expect(await recordedTransactions(ctx, id)).toHaveLength(1);
      await deleteUser(ctx, ctx.root, { userId: leaver.userId, zonesTo: "recycle-bin" });
      expect(await ctx.db.client.refusedCall.findMany()).toMatchObject([{ address: "192.0.2.8" }]);
      expect(await recordedTransactions(ctx, id)).toEqual([]);
    });

    it("or puts them into root's recycle bin", async () => {
      const leaver = await rich("binned");
      await deleteUser(ctx, ctx.root, { userId: leaver.userId, zonesTo: "recycle-bin" });
      expect((await rootsBin()).filter((name) => name.includes("binned"))).toEqual([
        "bin.binned.example",
        "one.binned.example",
        "two.binned.example",
      ]);
      await restoreZone(ctx, ctx.root, { name: "one.binned.example." });
    });

    it("does nothing when the heir has no room, is gone, or is the account itself", async () => {
      const leaver = await rich("stays");
      const heir = await ctx.addReseller("full");
      await ctx.db.client.user.update({ where: { id: heir.userId }, data: { zoneLimit: 1 } });
      const attempt = (zonesTo: number) => codeOf(deleteUser(ctx, ctx.root, { userId: leaver.userId, zonesTo }));
      expect(await attempt(heir.userId)).toBe("conflict");
      expect(await attempt(99_999)).toBe("not-found");
      expect(await attempt(leaver.userId)).toBe("invalid-input");
      const row = await ctx.db.client.user.findUniqueOrThrow({ where: { id: leaver.userId } });
      expect(row.suspendedAt).toBeNull();
      expect(await codeOf(deleteUser(ctx, leaver, { userId: heir.userId, zonesTo: "recycle-bin" }))).toBe("forbidden");
      expect(await codeOf(deleteUser(ctx, ctx.root, { userId: ctx.root.userId, zonesTo: "recycle-bin" }))).toBe(
        "forbidden",
      );
    });
  });

  it("a suspended account's zones are kept and taken in as before; its token is refused", async () => {
    const reseller = await ctx.addReseller("paused", ["clustering", "create-dns"]);
    await createZone(ctx, reseller, { name: "paused.example.", text: text("paused.example.") });
    const { token } = await createToken(ctx, ctx.root, { name: "t", userId: reseller.userId });
    await setSuspended(ctx, ctx.root, { userId: reseller.userId, isSuspended: true });
    expect(await codeOf(authenticateToken(ctx, { username: "paused", token, address: "192.0.2.1" }))).toBe(
      "unauthenticated",
    );
    const newer = text("paused.example.", "192.0.2.5").replace(" 7 3600", " 2026112099 3600");
    const items = [{ name: "paused.example.", text: newer }];
    expect(await receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: null })).toMatchObject([
      { status: "updated" },
    ]);
    const stored = await ctx.db.client.zone.findUniqueOrThrow({ where: { name: "paused.example." } });
    expect(stored).toMatchObject({ ownerId: reseller.userId, deletedAt: null });
  });
});
