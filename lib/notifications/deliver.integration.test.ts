import { setTimeout as sleep } from "node:timers/promises";
import PostalMime from "postal-mime";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SmtpEmulator, startSmtpEmulator } from "@/e2e/emulators/smtp/smtp-emulator";
import type { UserActor } from "@/lib/access/actor";
import { sql } from "@/lib/db/database";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { writeSettings } from "@/lib/settings/settings";
import { deliverNotices } from "./deliver";
import { MINUTE_MS } from "./plan-messages";
import { type NewNotice, raiseNotice, SETTLE_MS } from "./raise";
import { disabledNotice } from "./testing/disabled-notice";

describe.each(["sqlite", "postgresql"] as const)("mails of notices on %s", (provider) => {
  let ctx: TestContext;
  let north: UserActor;
  let smtp: SmtpEmulator;
  let now = 1_763_650_100_000;
  beforeAll(async () => {
    setLogLevel("error");
    ctx = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
    north = await ctx.addReseller("north");
    for (const { userId, username } of [ctx.root, north])
      await ctx.db.client.user.update({ where: { id: userId }, data: { email: `${username}@example.com` } });
    await ctx.db.transaction((tx) => writeSettings(tx, "server", { hostname: "panel.example.com" }));
  });
  afterAll(() => ctx.close());
  beforeEach(async () => {
    now += 60 * MINUTE_MS;
    await ctx.db.client.noticeDelivery.deleteMany();
    await ctx.db.client.notice.deleteMany();
    smtp = await startSmtpEmulator();
    await setMail({ host: "127.0.0.1", port: smtp.port, security: "none" });
  });
  afterEach(() => smtp.close());

  const setMail = (mail: { host?: string; port?: number; security?: "none" }) =>
    ctx.db.transaction((tx) => writeSettings(tx, "mail", mail));
  const raise = (notice: NewNotice<"member-disabled">) => ctx.db.transaction((tx) => raiseNotice(tx, ctx, notice));
  const deliver = (signal = new AbortController().signal) => deliverNotices(ctx, "mail", signal);
  const deliveries = () => ctx.db.client.noticeDelivery.findMany({ orderBy: { id: "asc" } });
  const read = (index: number) => PostalMime.parse(smtp.mails[index]?.source ?? "");

  it("tells what is known, once, after its neighbours had time to come", async () => {
    await raise(disabledNotice(7, ctx.root.userId));
    await deliver();
    expect(smtp.mails).toEqual([]);
    now += SETTLE_MS;
    await deliver();
    await deliver();
    expect(smtp.mails).toHaveLength(1);
    expect(smtp.mails[0]).toMatchObject({ from: "zonefleet@panel.example.com", to: ["root@example.com"] });
    const mail = await read(0);
    expect(mail.subject).toBe("[panel.example.com] Cluster member ns7.example.net was disabled");
    for (const text of [mail.text, mail.html])
      for (const words of [
        "ns7.example.net refused the connection on port 2087.",
        "2025-11-20 14:46:40 UTC",
        "2025-11-20 14:47:40 UTC",
        "3 zones",
        "example.com, serial 2026112001, 2025-11-20 14:30:00 UTC",
        "https://panel.example.com:2087/cluster/7",
      ])
        expect(text).toContain(words);
    expect(await deliveries()).toMatchObject([
      { state: "sent", attempts: 1, sentAt: BigInt(now), reply: "127.0.0.1 answered: 250 2.0.0 Ok: queued as 4F1A2B" },
    ]);
  });

  it("comes back to a server that asks to wait, with the same Message-ID", async () => {
    smtp.faults.recipient = { reply: "451 4.7.1 Greylisted", times: 2 };
    await raise(disabledNotice(7, ctx.root.userId));
    now += SETTLE_MS;
    await deliver();
    const [first] = await deliveries();
    expect(first).toMatchObject({ state: "waiting", attempts: 1, nextAt: BigInt(now + MINUTE_MS) });
    expect(first?.reply).toContain("451 4.7.1 Greylisted");
    await deliver();
    now += MINUTE_MS;
    await deliver();
    now += 2 * MINUTE_MS;
    await deliver();
    expect(await deliveries()).toMatchObject([{ state: "sent", attempts: 3, messageId: first?.messageId }]);
    expect((await read(0)).messageId).toBe(first?.messageId);
  });

  it("gives up what is refused for good, and nothing else", async () => {
    smtp.faults.recipient = { reply: "550 5.1.1 No such user", times: 1 };
    await raise(disabledNotice(7, north.userId));
    now += SETTLE_MS;
    await deliver();
    expect(await deliveries()).toMatchObject([
      { recipient: "root@example.com", state: "failed", sentAt: null },
      { recipient: "north@example.com", state: "sent" },
    ]);
    expect(smtp.mails.map(({ to }) => to)).toEqual([["north@example.com"]]);
  });

  it("keeps every mail while its sender is refused", async () => {
    smtp.faults.sender = "553 5.7.1 Sender address rejected";
    await raise(disabledNotice(7, north.userId));
    now += SETTLE_MS;
    await deliver();
    const waiting = { state: "waiting", reply: expect.stringContaining("553 5.7.1") };
    expect(await deliveries()).toMatchObject([waiting, waiting]);
    smtp.faults.sender = undefined;
    now += MINUTE_MS;
    await deliver();
    expect(await deliveries()).toMatchObject([{ state: "sent" }, { state: "sent" }]);
  });

  it("sends again what may have been taken, with the same Message-ID", async () => {
    smtp.faults.keepsQuietAfterMail = true;
    await raise(disabledNotice(7, ctx.root.userId));
    now += SETTLE_MS;
    const stop = new AbortController();
    const delivering = deliver(stop.signal);
    await smtp.waitForMails(1);
    stop.abort();
    await delivering;
    expect(await deliveries()).toMatchObject([{ state: "waiting", attempts: 1, reply: null }]);
    smtp.faults.keepsQuietAfterMail = false;
    await deliver();
    expect(smtp.mails).toHaveLength(1);
    now += MINUTE_MS;
    await deliver();
    const ids = await Promise.all([read(0), read(1)]);
    expect(ids[0]?.messageId).toBe(ids[1]?.messageId);
    expect(await deliveries()).toMatchObject([{ state: "sent", attempts: 2 }]);
  });

  it("sends once what the database does not let it record for a while", async () => {
    const [refuse, allow] =
      provider === "sqlite"
        ? [
            sql`CREATE TRIGGER "full" BEFORE UPDATE ON "NoticeDelivery" WHEN NEW."state" = 'sent' BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
            sql`DROP TRIGGER "full"`,
          ]
        : [
            sql`ALTER TABLE "NoticeDelivery" ADD CONSTRAINT "full" CHECK ("state" <> 'sent')`,
            sql`ALTER TABLE "NoticeDelivery" DROP CONSTRAINT "full"`,
          ];
    await ctx.db.client.$executeRaw(refuse);
    await raise(disabledNotice(7, ctx.root.userId));
    now += SETTLE_MS;
    const delivering = deliver();
    await smtp.waitForMails(1);
    // It tries in vain for a moment.
    await sleep(300);
    await ctx.db.client.$executeRaw(allow);
    await delivering;
    now += MINUTE_MS;
    await deliver();
    expect(smtp.mails).toHaveLength(1);
    expect(await deliveries()).toMatchObject([{ state: "sent", attempts: 1 }]);
  });

  it("makes one mail of what happened at once, and never sends more than five in a minute", async () => {
    for (let id = 1; id <= 3; id++) await raise(disabledNotice(id, ctx.root.userId));
    now += SETTLE_MS;
    await deliver();
    expect(smtp.mails).toHaveLength(3);
    for (let id = 11; id <= 18; id++) await raise(disabledNotice(id, ctx.root.userId));
    now += SETTLE_MS;
    await deliver();
    expect(smtp.mails).toHaveLength(4);
    const digest = await read(3);
    expect(digest.subject).toBe("[panel.example.com] 8 notices");
    for (let id = 11; id <= 18; id++) expect(digest.text).toContain(`Cluster member ns${id}.example.net was disabled`);
    for (let id = 21; id <= 30; id++) {
      await raise(disabledNotice(id, ctx.root.userId));
      now += SETTLE_MS;
      await deliver();
    }
    const sent = smtp.mails.length;
    expect(sent).toBeLessThanOrEqual(6);
    now += MINUTE_MS;
    await deliver();
    expect((await deliveries()).every(({ state }) => state === "sent")).toBe(true);
  });

  it("does not hold the next ones back for five that are stuck", async () => {
    smtp.faults.recipient = { reply: "450 4.2.1 Try again", times: 15 };
    for (let id = 1; id <= 5; id++) await raise(disabledNotice(id, ctx.root.userId));
    now += SETTLE_MS;
    for (let tries = 0; tries < 3; tries++) {
      await deliver();
      now += MINUTE_MS * 2 ** tries;
    }
    expect((await deliveries()).map(({ state, attempts }) => [state, attempts])).toEqual(
      Array.from({ length: 5 }, () => ["waiting", 3]),
    );
    now -= MINUTE_MS;
    for (let id = 11; id <= 12; id++) await raise(disabledNotice(id, ctx.root.userId));
    now += SETTLE_MS;
    await deliver();
    expect(smtp.mails).toHaveLength(1);
    expect((await read(0)).subject).toBe("[panel.example.com] 2 notices");
  });

  it("asks a server that is out of reach once, not for each mail", async () => {
    await smtp.close();
    await setMail({ port: smtp.port });
    for (let id = 1; id <= 3; id++) await raise(disabledNotice(id, ctx.root.userId));
    now += SETTLE_MS;
    await deliver();
    const reply = `127.0.0.1, port ${smtp.port}, refused the connection.`;
    expect(await deliveries()).toMatchObject(
      [1, 0, 0].map((attempts) => ({ state: "waiting", attempts, reply, nextAt: BigInt(now + MINUTE_MS) })),
    );
  });

  it("gets past a mail at which the server breaks the connection each time", async () => {
    for (let id = 1; id <= 3; id++) await raise(disabledNotice(id, ctx.root.userId));
    now += SETTLE_MS;
    smtp.faults.dropsInData = 1;
    await deliver();
    expect(smtp.mails).toEqual([]);
    const [broken] = await deliveries();
    now += MINUTE_MS;
    await deliver();
    expect(smtp.mails).toHaveLength(3);
    const ids = await Promise.all([read(0), read(1), read(2)]);
    expect(ids[2]?.messageId).toBe(broken?.messageId);
  });

  it("gives up after a day", async () => {
    await smtp.close();
    await raise(disabledNotice(1, ctx.root.userId));
    now += SETTLE_MS;
    for (let hour = 0; hour < 40; hour++) {
      await deliver();
      now += 60 * MINUTE_MS;
    }
    expect(await deliveries()).toMatchObject([{ state: "failed", attempts: 30 }]);
  });

  it("keeps mails while there is no mail server", async () => {
    await setMail({ host: "" });
    await raise(disabledNotice(7, ctx.root.userId));
    await deliver();
    expect(await deliveries()).toMatchObject([
      { state: "kept", reply: "No mail server is set on the page Settings. It is kept here." },
    ]);
  });

  it("does not wait for a clock that was set back", async () => {
    await raise(disabledNotice(7, ctx.root.userId));
    now -= 50 * MINUTE_MS * 3;
    await deliver();
    expect(smtp.mails).toHaveLength(1);
  });

  it("leaves what is foreign as text", async () => {
    const cause = '</td><script>alert("1")</script>\r\nBcc: x@example.org <img src=x onerror=alert(1)> & more';
    await raise(disabledNotice(7, ctx.root.userId, { member: '<b>"ns7"</b>', cause }));
    now += SETTLE_MS;
    await deliver();
    const mail = await read(0);
    expect(mail.subject).toBe('[panel.example.com] Cluster member <b>"ns7"</b> was disabled');
    expect(mail.html).not.toMatch(/<script|<img|<b>/);
    expect(mail.html).toContain("&lt;script&gt;alert(&quot;1&quot;)");
    expect(mail.html).toContain("&lt;img src=x onerror=alert(1)&gt; &amp; more");
    expect(mail.bcc).toBeUndefined();
  });

  it("holds nobody up with a notice of another version", async () => {
    await raise(disabledNotice(7, ctx.root.userId));
    await ctx.db.client.notice.updateMany({ data: { event: "moon-landed" } });
    await raise(disabledNotice(8, ctx.root.userId));
    now += SETTLE_MS;
    await deliver();
    expect(await deliveries()).toMatchObject([{ state: "failed" }, { state: "sent" }]);
  });
});
