import PostalMime from "postal-mime";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SmtpEmulator, startSmtpEmulator } from "@/e2e/emulators/smtp/smtp-emulator";
import type { UserActor } from "@/lib/access/actor";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { readSettings, writeSettings } from "@/lib/settings/settings";
import { getChannels, sendTestMail, setMailServer, setWebhook } from "./channel-settings";
import { deliverNotices } from "./deliver";
import { noticeHealth } from "./health";
import { getNotice, listNotices } from "./queries";
import { raiseNotice, SETTLE_MS } from "./raise";
import { mailInput, noticeListQuery, subscriptionInput, webhookInput } from "./schemas";
import { sendAgain } from "./send-again";
import { getSubscription, setSubscription } from "./subscription";
import { disabledNotice } from "./testing/disabled-notice";

const list = (fields: object = {}) => noticeListQuery.parse(fields);
const PASSWORD = "Correct-Horse-7";

describe.each(["sqlite", "postgresql"] as const)("notices in the panel on %s", (provider) => {
  let ctx: TestContext;
  let north: UserActor;
  let south: UserActor;
  let smtp: SmtpEmulator;
  let now = 1_763_650_100_000;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
    north = await ctx.addReseller("north", ["clustering"]);
    south = await ctx.addReseller("south", ["clustering"]);
    smtp = await startSmtpEmulator({ account: { username: "panel", password: PASSWORD } });
    await ctx.db.transaction((tx) => writeSettings(tx, "server", { hostname: "panel.example.com" }));
  });
  afterAll(async () => {
    await smtp.close();
    await ctx.close();
  });
  beforeEach(async () => {
    now += 3_600_000;
    await ctx.db.client.noticeDelivery.deleteMany();
    await ctx.db.client.notice.deleteMany();
    for (const { userId, username } of [ctx.root, north, south])
      await ctx.db.client.user.update({
        where: { id: userId },
        data: { email: `${username}@example.com`, mutedTopics: "[]", hearsResellers: true },
      });
    await ctx.db.transaction((tx) => writeSettings(tx, "mail", { host: "", username: "", sealedPassword: "" }));
    await ctx.db.transaction((tx) => writeSettings(tx, "webhook", { url: "", sealedSecret: "" }));
  });

  const mail = (fields: object = {}) =>
    mailInput.parse({
      ...{ host: "127.0.0.1", port: String(smtp.port), security: "none", username: "panel", password: PASSWORD },
      ...{ from: "", authority: "", ...fields },
    });
  const raise = (id: number, ownerId: number, facts = {}) =>
    ctx.db.transaction((tx) => raiseNotice(tx, ctx, disabledNotice(id, ownerId, facts)));
  const deliver = () => deliverNotices(ctx, "mail", new AbortController().signal);
  const noticeOf = (ownerId: number) => ctx.db.client.notice.findFirstOrThrow({ where: { ownerId } });

  it("keeps the mail server's password sealed, and for the server it was entered for", async () => {
    await setMailServer(ctx, ctx.root, mail());
    expect(JSON.stringify(await getChannels(ctx, ctx.root))).not.toContain(PASSWORD);
    expect((await getChannels(ctx, ctx.root)).mail).toMatchObject({ hasPassword: true, username: "panel" });
    expect((await readSettings(ctx.db.client, "mail")).sealedPassword).toMatch(/^v1\./);
    await setMailServer(ctx, ctx.root, mail({ password: "", from: "dns@example.com" }));
    expect(await sendTestMail(ctx, ctx.root, { to: "me@example.com" })).toMatchObject({ isTaken: true });
    for (const change of [{ host: "evil.example" }, { username: "other" }])
      await expect(setMailServer(ctx, ctx.root, mail({ password: "", ...change }))).rejects.toMatchObject({
        code: "invalid-input",
        extra: { fields: { password: expect.stringContaining("set before") } },
      });
    await setMailServer(ctx, ctx.root, mail({ username: "", password: "" }));
    expect((await getChannels(ctx, ctx.root)).mail.hasPassword).toBe(false);
    const audit = await ctx.db.client.auditEvent.findMany();
    expect(JSON.stringify(audit.map(({ detail }) => detail))).not.toContain(PASSWORD);
  });

  it("reports what the server says to a test mail", async () => {
    await expect(sendTestMail(ctx, ctx.root, { to: "me@example.com" })).rejects.toMatchObject({ code: "conflict" });
    await setMailServer(ctx, ctx.root, mail({ from: "dns@example.com" }));
    const before = smtp.mails.length;
    expect(await sendTestMail(ctx, ctx.root, { to: "me@example.com" })).toEqual({
      isTaken: true,
      reply: "127.0.0.1 answered: 250 2.0.0 Ok: queued as 4F1A2B",
    });
    const taken = smtp.mails[before];
    expect(taken).toMatchObject({ from: "dns@example.com", to: ["me@example.com"], user: "panel" });
    expect((await PostalMime.parse(taken?.source ?? "")).subject).toBe("[panel.example.com] Test mail");
    await setMailServer(ctx, ctx.root, mail({ password: "wrong" }));
    expect(await sendTestMail(ctx, ctx.root, { to: "me@example.com" })).toEqual({
      isTaken: false,
      reply: "127.0.0.1 answered when asked to sign in: 535 5.7.8 Error: authentication failed",
    });
  });

  it("gives the webhook's secret out once", async () => {
    const url = "https://hooks.example.com/zonefleet";
    const secret = await setWebhook(ctx, ctx.root, webhookInput.parse({ url }));
    expect(secret).toMatch(/^\w{43}$/);
    expect(await setWebhook(ctx, ctx.root, webhookInput.parse({ url }))).toBeNull();
    const next = await setWebhook(ctx, ctx.root, webhookInput.parse({ url, isNewSecret: true }));
    expect(next).not.toBe(secret);
    expect(JSON.stringify(await getChannels(ctx, ctx.root))).not.toContain(next);
    expect(await setWebhook(ctx, ctx.root, webhookInput.parse({ url: "" }))).toBeNull();
  });

  it("lets resellers set nothing of the server", async () => {
    for (const attempt of [
      getChannels(ctx, north),
      setMailServer(ctx, north, mail()),
      setWebhook(ctx, north, { url: "", isNewSecret: false }),
      sendTestMail(ctx, north, { to: "me@example.com" }),
    ])
      await expect(attempt).rejects.toMatchObject({ code: "forbidden" });
  });

  it("asks everybody what they wish to be told, resellers of their own only", async () => {
    const topics = (await getSubscription(ctx, north)).topics.map(({ topic }) => topic);
    const ofMembers = ["member-disabled", "trust-broken", "drift-found"];
    expect(topics).toEqual([...ofMembers, "token-expiring", "sync-approval", "nameserver-down"]);
    expect((await getSubscription(ctx, north)).hearsResellers).toBeNull();
    const wanted = { email: "ops@example.com", topics: ["token-expiring"], hearsResellers: true };
    await setSubscription(ctx, north, subscriptionInput.parse(wanted));
    expect(await getSubscription(ctx, north)).toMatchObject({ email: "ops@example.com" });
    await raise(1, north.userId);
    const { rows } = await listNotices(ctx, ctx.root, list());
    expect(rows[0]?.deliveries.map(({ recipient }) => recipient)).toEqual(["root@example.com"]);
  });

  it("shows each account its own, and nobody else's address", async () => {
    await raise(1, north.userId, { member: "ns.north.example" });
    await raise(2, south.userId, { member: "ns.south.example" });
    const all = await listNotices(ctx, ctx.root, list());
    expect(all.rows.map(({ subject, deliveries }) => [subject, deliveries.length])).toEqual([
      ["Cluster member ns.south.example was disabled", 2],
      ["Cluster member ns.north.example was disabled", 2],
    ]);
    const norths = await listNotices(ctx, north, list());
    expect(norths).toMatchObject({
      total: 1,
      rows: [{ isOpen: true, deliveries: [{ recipient: "north@example.com" }] }],
    });
    for (const q of ["ns.south", "south@example", "root@example"])
      expect((await listNotices(ctx, north, list({ q }))).total).toBe(0);
    const souths = await noticeOf(south.userId);
    await expect(getNotice(ctx, north, souths.id)).rejects.toMatchObject({ code: "not-found" });
    const delivery = await ctx.db.client.noticeDelivery.findFirstOrThrow({ where: { userId: south.userId } });
    await expect(sendAgain(ctx, north, { id: delivery.id })).rejects.toMatchObject({ code: "not-found" });
    const roots = await ctx.db.client.noticeDelivery.findFirstOrThrow({ where: { userId: ctx.root.userId } });
    await expect(sendAgain(ctx, north, { id: roots.id })).rejects.toMatchObject({ code: "not-found" });
  });

  it("is searched and narrowed in the database", async () => {
    await ctx.db.transaction(async (tx) => {
      for (let id = 1; id <= 60; id++) await raiseNotice(tx, ctx, disabledNotice(id, ctx.root.userId));
    });
    const totals = [
      [{ q: "NS1.example" }, 1],
      [{ q: "member-dis" }, 60],
      [{ q: "root@example" }, 60],
      [{ q: "ns%" }, 0],
      [{ state: "open" }, 60],
      [{ state: "sent" }, 0],
      [{ state: "waiting", q: "ns60." }, 1],
    ] as const;
    for (const [query, total] of totals)
      expect([query, (await listNotices(ctx, ctx.root, list(query))).total]).toEqual([query, total]);
    expect((await listNotices(ctx, ctx.root, list({ page: 2 }))).rows).toHaveLength(10);
  });

  it("reads a message as it is mailed", async () => {
    await setMailServer(ctx, ctx.root, mail());
    await raise(1, north.userId);
    now += SETTLE_MS;
    const before = smtp.mails.length;
    await deliver();
    const sent = await PostalMime.parse(smtp.mails[before]?.source ?? "");
    const shown = await getNotice(ctx, north, (await noticeOf(north.userId)).id);
    expect(sent.text?.trim()).toBe(shown.text.trim());
    expect(sent.html?.trim()).toBe(shown.html.trim());
  });

  it("shows what another version wrote as what it is", async () => {
    await raise(1, ctx.root.userId);
    await raise(2, ctx.root.userId);
    const [first, second] = await ctx.db.client.notice.findMany({ orderBy: { id: "asc" } });
    await ctx.db.client.notice.update({ where: { id: first?.id }, data: { event: "moon-landed" } });
    await ctx.db.client.notice.update({ where: { id: second?.id }, data: { facts: '{"of":"later"}' } });
    const { rows } = await listNotices(ctx, ctx.root, list());
    const unreadable = "A notice of another version of the panel";
    expect(rows.map(({ subject }) => subject)).toEqual([unreadable, unreadable]);
    expect((await getNotice(ctx, ctx.root, first?.id ?? 0)).text).toContain("cannot read it");
  });

  it("sends by hand what was kept, to today's address", async () => {
    await raise(1, north.userId);
    await deliver();
    const kept = await ctx.db.client.noticeDelivery.findFirstOrThrow({ where: { userId: north.userId } });
    expect(kept.state).toBe("kept");
    await expect(sendAgain(ctx, north, { id: kept.id })).rejects.toMatchObject({ code: "conflict" });
    await setMailServer(ctx, ctx.root, mail());
    await setSubscription(ctx, north, { email: "new@example.com", topics: [], hearsResellers: true });
    await sendAgain(ctx, north, { id: kept.id });
    await deliver();
    expect(smtp.mails.at(-1)?.to).toEqual(["new@example.com"]);
    await expect(sendAgain(ctx, north, { id: kept.id })).rejects.toMatchObject({ code: "conflict" });
    expect((await listNotices(ctx, ctx.root, list({ state: "kept" }))).rows[0]?.deliveries).toMatchObject([
      { recipient: "root@example.com", state: "kept" },
      { recipient: "new@example.com", state: "sent" },
    ]);
  });

  it("sends nothing of another account again that lies in the same mailbox", async () => {
    await setSubscription(ctx, north, { email: "root@example.com", topics: ["member-disabled"], hearsResellers: true });
    await setMailServer(ctx, ctx.root, mail());
    smtp.faults.recipient = { reply: "550 5.1.1 No such user", times: 9 };
    for (let id = 1; id <= 4; id++) {
      await raise(id, ctx.root.userId);
      await raise(10 + id, north.userId);
    }
    now += SETTLE_MS;
    await deliver();
    smtp.faults.recipient = undefined;
    const failed = await ctx.db.client.noticeDelivery.findFirstOrThrow({ where: { userId: north.userId } });
    await setSubscription(ctx, north, { email: "evil@example.org", topics: [], hearsResellers: true });
    await sendAgain(ctx, north, { id: failed.id });
    const roots = await ctx.db.client.noticeDelivery.findMany({ where: { userId: ctx.root.userId } });
    expect(new Set(roots.map(({ state, recipient }) => `${state} ${recipient}`))).toEqual(
      new Set(["failed root@example.com"]),
    );
  });

  it("tells on the first page whether people are reached", async () => {
    const well = { hasAddress: true, troubled: 0, reply: null };
    for (const actor of [ctx.root, north])
      expect(await noticeHealth(ctx, actor)).toEqual({ ...well, obstacle: "no-mail-server" });
    const west = await ctx.addReseller("west", ["list-zones"]);
    await expect(noticeHealth(ctx, west)).rejects.toMatchObject({ code: "forbidden" });
    await setMailServer(ctx, ctx.root, mail());
    smtp.faults.recipient = { reply: "451 4.7.1 Greylisted", times: 1 };
    await raise(1, ctx.root.userId);
    now += SETTLE_MS;
    await deliver();
    expect(await noticeHealth(ctx, ctx.root)).toMatchObject({
      ...{ obstacle: null, troubled: 1 },
      reply: expect.stringContaining("Greylisted"),
    });
    // What became of everybody's mails is root's to know.
    expect(await noticeHealth(ctx, north)).toEqual({ ...well, obstacle: null });
    now += 60_000;
    await deliver();
    expect((await noticeHealth(ctx, ctx.root)).troubled).toBe(0);
    await setSubscription(ctx, ctx.root, { email: "", topics: [], hearsResellers: true });
    await setSubscription(ctx, north, { email: "", topics: [], hearsResellers: true });
    for (const actor of [ctx.root, north])
      expect(await noticeHealth(ctx, actor)).toMatchObject({ obstacle: "no-address", hasAddress: false });
  });
});
