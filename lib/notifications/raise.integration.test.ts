import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { writeSettings } from "@/lib/settings/settings";
import { closeEpisode, type NewNotice, raiseNotice, SETTLE_MS } from "./raise";

const NOW = 1_763_650_000_000;

describe.each(["sqlite", "postgresql"] as const)("notices on %s", (provider) => {
  let ctx: TestContext;
  let reseller: UserActor;
  let other: UserActor;
  beforeAll(async () => {
    ctx = await testContext(provider, { clock: { now: () => NOW, monotonic: () => NOW } });
    reseller = await ctx.addReseller("north");
    other = await ctx.addReseller("south");
  });
  afterAll(() => ctx.close());
  beforeEach(async () => {
    await ctx.db.client.noticeDelivery.deleteMany();
    await ctx.db.client.notice.deleteMany();
    for (const { userId, username } of [ctx.root, reseller, other])
      await ctx.db.client.user.update({
        where: { id: userId },
        data: { email: `${username}@example.com`, mutedTopics: "[]", hearsResellers: true, suspendedAt: null },
      });
    await ctx.db.transaction(async (tx) => {
      await writeSettings(tx, "webhook", { url: "" });
      await writeSettings(tx, "cluster", { notifyOnDisable: true });
    });
  });

  const disabled = (ownerId: number): NewNotice<"member-disabled"> => ({
    event: "member-disabled",
    episode: `member:7:${NOW}`,
    ownerId,
    memberId: 7,
    facts: {
      member: "ns1.example.net",
      cause: "ns1.example.net refused the connection on port 2087.",
      failures: 10,
      firstFailureAt: NOW - 60_000,
      lastFailureAt: NOW,
      waitingZones: 3,
      lastServed: { zone: "example.com", serial: 2026112001, at: NOW - 90_000 },
    },
  });
  const back = (ownerId: number): NewNotice<"member-back"> => ({
    ...{ event: "member-back", episode: `member:7:${NOW}`, ownerId, memberId: 7 },
    facts: { member: "ns1.example.net", disabledAt: NOW, waitingZones: 3, how: "by-hand" },
  });
  const raise = (notice: NewNotice<"member-disabled"> | NewNotice<"member-back">) =>
    ctx.db.transaction((tx) => raiseNotice(tx, ctx, notice));
  const recipients = async () =>
    (await ctx.db.client.noticeDelivery.findMany({ orderBy: { id: "asc" } })).map((row) => row.recipient);

  it("is told once for each episode, to its owner and to root, after its neighbours had time to come", async () => {
    expect(await raise(disabled(reseller.userId))).toBe(true);
    expect(await raise(disabled(reseller.userId))).toBe(false);
    const deliveries = await ctx.db.client.noticeDelivery.findMany({ orderBy: { id: "asc" } });
    expect(deliveries).toMatchObject([
      { userId: ctx.root.userId, channel: "mail", recipient: "root@example.com", state: "waiting" },
      { userId: reseller.userId, channel: "mail", recipient: "north@example.com", state: "waiting" },
    ]);
    expect(deliveries[0]).toMatchObject({ nextAt: BigInt(NOW + SETTLE_MS), attempts: 0, messageId: null });
  });

  it("is gone when its transaction is", async () => {
    const failing = ctx.db.transaction(async (tx) => {
      await raiseNotice(tx, ctx, disabled(ctx.root.userId));
      throw new Error("undone");
    });
    await expect(failing).rejects.toThrow("undone");
    expect(await ctx.db.client.notice.count()).toBe(0);
    expect(await ctx.db.client.noticeDelivery.count()).toBe(0);
  });

  it("tells the end of what was begun, once, and nothing of what was not", async () => {
    expect(await raise(back(ctx.root.userId))).toBe(false);
    await raise(disabled(ctx.root.userId));
    expect(await raise(back(ctx.root.userId))).toBe(true);
    expect(await raise(back(ctx.root.userId))).toBe(false);
    const notices = await ctx.db.client.notice.findMany({ orderBy: { id: "asc" } });
    expect(notices).toMatchObject([
      { event: "member-disabled", endedAt: BigInt(NOW) },
      { event: "member-back", endedAt: BigInt(NOW) },
    ]);
    expect(await recipients()).toEqual(["root@example.com", "root@example.com"]);
  });

  it("can end an episode silently", async () => {
    await raise(disabled(ctx.root.userId));
    const close = () => ctx.db.transaction((tx) => closeEpisode(tx, "member-disabled", `member:7:${NOW}`, NOW));
    expect(await close()).toBe(true);
    expect(await close()).toBe(false);
    expect(await raise(back(ctx.root.userId))).toBe(false);
  });

  it("tells no other account, and nobody who does not want to know", async () => {
    const { client } = ctx.db;
    await client.user.update({ where: { id: ctx.root.userId }, data: { hearsResellers: false } });
    await client.user.update({ where: { id: reseller.userId }, data: { mutedTopics: '["member-disabled","gone"]' } });
    await raise(disabled(reseller.userId));
    expect(await recipients()).toEqual([]);
    expect(await client.notice.findFirst()).toMatchObject({ withheld: "Nobody wants to be told of this." });
  });

  it("leaves out who is suspended, and keeps what has no address", async () => {
    const { client } = ctx.db;
    await client.user.update({ where: { id: reseller.userId }, data: { suspendedAt: 1n } });
    await client.user.update({ where: { id: ctx.root.userId }, data: { email: null } });
    await raise(disabled(reseller.userId));
    expect(await client.noticeDelivery.findMany()).toMatchObject([
      { recipient: "", state: "kept", reply: "There is no e-mail address to send it to." },
    ]);
  });

  it("goes to the webhook as well, named by its host alone", async () => {
    await ctx.db.transaction((tx) => writeSettings(tx, "webhook", { url: "https://hooks.example.com:8443/secret" }));
    await raise(disabled(ctx.root.userId));
    expect(await recipients()).toEqual(["root@example.com", "hooks.example.com:8443"]);
  });

  it("is recorded and not sent when Global Cluster Options say so", async () => {
    await ctx.db.transaction((tx) => writeSettings(tx, "cluster", { notifyOnDisable: false }));
    await raise(disabled(ctx.root.userId));
    expect(await raise(back(ctx.root.userId))).toBe(true);
    expect(await recipients()).toEqual([]);
    const notices = await ctx.db.client.notice.findMany();
    expect(notices.map(({ withheld }) => withheld?.startsWith("Global Cluster Options"))).toEqual([true, true]);
  });
});
