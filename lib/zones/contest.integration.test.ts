import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { CONTEST_DAYS } from "./contest";
import { keepOneWriter } from "./keep-one-writer";
import { moveZones } from "./move-zones";
import { getZone, listZones } from "./queries";
import { countContested, memberContests } from "./queries-contest";
import { zoneHistory } from "./queries-history";
import { receiveZones } from "./receive";
import { removeReceivedZones } from "./remove-received";
import { zoneListQuery } from "./schemas";
import { createZone, replaceZone } from "./service";
import type { Sender } from "./writers";

const text = (serial: number, host: string) =>
  `$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n${host} A 192.0.2.1\n`;
const peer = (name: string): Sender => ({ key: `server:${name}`, name: `${name}.example.net`, address: "192.0.2.9" });
const whm: Sender = { key: "address:192.0.2.8", name: null, address: "192.0.2.8" };

describe.each(["sqlite", "postgresql"] as const)("zones that two servers write on %s", (provider) => {
  let ctx: TestContext;
  let now = Date.UTC(2026, 10, 20);
  beforeAll(async () => {
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
  }, 120_000);
  afterAll(() => ctx.close());

  const receive = async (name: string, sender: Sender, serial: number, host: string, updatedAt = now) => {
    const items = [{ name, text: text(serial, host), updatedAt }];
    const [outcome] = await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: null, sender });
    return outcome?.status;
  };
  const writers = async (name: string) => (await getZone(ctx, ctx.root, name)).contest?.writers;
  const [web1, web2] = [peer("web1"), peer("web2")];

  it("one server that writes alone leaves no mark, whatever it sends", async () => {
    const name = "alone.example.";
    for (const [serial, host] of [
      [5, "a"],
      [6, "b"],
      [4, "c"],
    ] as const)
      await receive(name, web1, serial, host);
    expect(await writers(name)).toBeUndefined();
  });

  it("names the two servers, and this one where it was edited here", async () => {
    const name = "two.example.";
    await receive(name, web1, 5, "a");
    await receive(name, web2, 5, "b");
    expect(await writers(name)).toEqual(["web2.example.net", "web1.example.net"]);
    const { revisions } = await zoneHistory(ctx, ctx.root, { name, page: 1 });
    expect(revisions.map(({ origin }) => origin)).toEqual(["web2.example.net", "web1.example.net"]);
    await replaceZone(ctx, ctx.root, { name, text: text(1, "c") });
    await receive(name, whm, 4, "d");
    expect(await writers(name)).toEqual(["192.0.2.8", "this server"]);
  });

  it("a WHM that may have looked leaves none while its serials go on", async () => {
    const name = "whm.example.";
    await createZone(ctx, ctx.root, { name, text: text(5, "a") });
    await receive(name, whm, 2_000_000_000, "b");
    await receive(name, whm, 2_000_000_001, "c");
    expect(await writers(name)).toBeUndefined();
  });

  it("a copy of which nobody knows who wrote it is held against nobody", async () => {
    const name = "before.example.";
    const items = [{ name, text: text(5, "a") }];
    await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: null });
    await receive(name, web1, 6, "b");
    expect(await writers(name)).toBeUndefined();
  });

  it("a zone that moves to another account is still its writer's", async () => {
    const name = "moved.example.";
    const studio = await ctx.addReseller("studio");
    await receive(name, web1, 5, "a");
    await moveZones(ctx, ctx.root, { names: [name], ownerId: studio.userId });
    await receive(name, web1, 6, "b");
    expect(await writers(name)).toBeUndefined();
    await receive(name, web2, 7, "c");
    // Whose servers they are is root's to know.
    expect((await getZone(ctx, studio, name)).contest).toEqual({ at: now, writers: null });
    expect(await countContested(ctx, studio)).toBe(1);
    await expect(keepOneWriter(ctx, studio, { name })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("what comes back from a circle of servers ends where it began, at the newer copy", async () => {
    const name = "circle.example.";
    const older = now - 60_000;
    await createZone(ctx, ctx.root, { name, text: text(7, "mine") });
    const mine = await getZone(ctx, ctx.root, name);
    expect(await receive(name, web1, mine.serial, "theirs", now + 60_000)).toBe("updated");
    expect(await receive(name, web1, mine.serial, "mine", older)).toBe("newer-here");
    expect(await getZone(ctx, ctx.root, name)).toMatchObject({ text: expect.stringContaining("theirs") });
    expect(await writers(name)).toEqual(["web1.example.net", "this server"]);
    // The same from whoever wrote it: that server does not look.
    expect(await receive(name, web1, 3, "else")).toBe("updated");
    // An hour later it is no echo any more.
    now += 3_600_001;
    expect(await receive(name, web1, mine.serial, "mine", older)).toBe("updated");
  });

  it("a deletion that comes back from a circle does not take the newer zone", async () => {
    const name = "gone.example.";
    await createZone(ctx, ctx.root, { name, text: text(5, "a") });
    const { serial, digest } = await getZone(ctx, ctx.root, name);
    const remove = async (sender: Sender, updatedAt: number) => {
      const stamps = new Map([[name, { serial, digest, updatedAt }]]);
      const [outcome] = await removeReceivedZones(ctx, ctx.root, {
        names: [name],
        originMemberId: null,
        sender,
        stamps,
      });
      return outcome?.status;
    };
    expect(await remove(web1, now)).toBe("deleted");
    expect(await receive(name, web2, serial + 1, "b")).toBe("created");
    expect(await remove(web2, now)).toBe("newer-here");
    expect(await remove(web1, now)).toBe("deleted");
  });

  it("is listed by itself, on its members' pages, until root says that one writes it", async () => {
    const member = await ctx.db.client.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, hostname: "web2.example.net", address: "192.0.2.9", username: "root" },
        ...{ backend: "whm", role: "standalone", sealedCredential: "", serverId: "web2", createdAt: 0n },
      },
    });
    const listed = async () =>
      (await listZones(ctx, ctx.root, zoneListQuery.parse({ writers: "two" }))).rows.map((row) => row.name);
    const [first] = (await memberContests(ctx, ctx.root, { memberId: member.id })).rows;
    expect(first?.contest.writers).toContain("web2.example.net");
    const name = "two.example.";
    expect(await listed()).toContain(name);
    await keepOneWriter(ctx, ctx.root, { name });
    expect(await listed()).not.toContain(name);
    await expect(keepOneWriter(ctx, ctx.root, { name })).rejects.toMatchObject({ code: "not-found" });
    const audit = await ctx.db.client.auditEvent.findFirstOrThrow({ where: { action: "zone.keep-one-writer" } });
    expect([audit.subject, JSON.parse(audit.detail)]).toEqual([name, { writers: ["192.0.2.8", "this server"] }]);
    await receive(name, web2, 3, "again");
    expect(await listed()).toContain(name);
  });

  it("goes by itself when one server writes alone for a fortnight", async () => {
    expect(await countContested(ctx, ctx.root)).toBeGreaterThan(0);
    now += CONTEST_DAYS * 86_400_000;
    expect(await countContested(ctx, ctx.root)).toBe(0);
    expect(await writers("two.example.")).toBeUndefined();
  });
});
