import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import PostalMime from "postal-mime";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type SmtpEmulator, startSmtpEmulator } from "@/e2e/emulators/smtp/smtp-emulator";
import { freePort } from "@/lib/server/testing/free-port";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import { type ServerProcess, startServer } from "@/lib/server/testing/start-server";
import { writeSettings } from "@/lib/settings/settings";
import { raiseNotice } from "./raise";
import { disabledNotice } from "./testing/disabled-notice";

/** A real server, killed between handing a mail over and writing that down. It needs a build (`npm run build`). */
const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-mail-kill-"));
let env: Record<string, string>;
let smtp: SmtpEmulator;
let server: ServerProcess;

beforeAll(async () => {
  env = {
    ZONEFLEET_DATA_DIR: path.join(folder, "data"),
    ZONEFLEET_ROOT_PASSWORD: "correct horse battery staple",
    ZONEFLEET_HOSTNAME: "web1.example.net",
    ZONEFLEET_ADDRESSES: "192.0.2.10",
    ZONEFLEET_DNS_LISTEN: `127.0.0.1@${await freePort()}`,
  };
  smtp = await startSmtpEmulator();
  server = await startServer({ dataDir: path.join(folder, "data"), env });
}, 120_000);
afterAll(async () => {
  await server?.stop();
  await smtp?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function beside<T>(work: (ctx: ServerContext) => Promise<T>): Promise<T> {
  const ctx = await openContext(env);
  try {
    return await work(ctx);
  } finally {
    await ctx.close();
  }
}

it("a killed server sends the mail again after its pause, under the same Message-ID", async () => {
  smtp.faults.keepsQuietAfterMail = true;
  await beside(async (ctx) => {
    await ctx.db.client.user.update({ where: { id: ctx.root.userId }, data: { email: "root@example.com" } });
    await ctx.db.transaction(async (tx) => {
      await writeSettings(tx, "mail", { host: "127.0.0.1", port: smtp.port, security: "none" });
      await raiseNotice(tx, ctx, disabledNotice(7, ctx.root.userId));
    });
  });
  await smtp.waitForMails(1);
  await server.kill();

  smtp.faults.keepsQuietAfterMail = false;
  await beside(async (ctx) => {
    const [delivery] = await ctx.db.client.noticeDelivery.findMany();
    expect(delivery).toMatchObject({ state: "waiting", attempts: 1, reply: null });
    expect(Number(delivery?.nextAt)).toBeGreaterThan(Date.now());
    // The minute of its pause is over.
    await ctx.db.client.noticeDelivery.updateMany({ data: { nextAt: 0n } });
  });
  await server.start();
  const mails = await smtp.waitForMails(2);
  const [first, second] = await Promise.all(mails.map(({ source }) => PostalMime.parse(source)));
  expect(second?.messageId).toBe(first?.messageId);
  expect(second?.text).toBe(first?.text);
  await expect
    .poll(() => beside((ctx) => ctx.db.client.noticeDelivery.findMany()), { timeout: 30_000 })
    .toMatchObject([{ state: "sent", attempts: 2, messageId: first?.messageId }]);
  expect(smtp.mails).toHaveLength(2);
}, 180_000);
