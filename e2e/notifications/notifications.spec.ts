import PostalMime from "postal-mime";
import { raiseNotice } from "@/lib/notifications/raise";
import { disabledNotice } from "@/lib/notifications/testing/disabled-notice";
import { startSmtpEmulator } from "../emulators/smtp/smtp-emulator";
import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, signIn, test } from "../fixtures/test";
import { beside, ROOT, SET_UP } from "../shell/set-up-server";

test("nobody is told, then a mail server is set, and what was kept goes out", async ({ page, startFreshServer }) => {
  const smtp = await startSmtpEmulator({ account: { username: "panel", password: "Correct-Horse-7" } });
  const server = await startFreshServer(SET_UP);
  await signIn(page, server.url, ROOT);
  await expect(page.getByText("No mail leaves this server")).toBeVisible();

  await test.step("root says what to be told of, and where", async () => {
    await page.goto(`${server.url}/account`);
    await page.getByLabel("E-mail address").fill("root@example.com");
    await expect(page.getByLabel("A cluster member is disabled, and when it is back")).toBeChecked();
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("What you are told of was saved.")).toBeVisible();
  });

  await test.step("a notice is kept, and read in the panel", async () => {
    await beside(server, (ctx) =>
      ctx.db.transaction((tx) =>
        raiseNotice(tx, ctx, disabledNotice(7, ctx.root.userId, { cause: "<b>refused</b> the connection" })),
      ),
    );
    await page.goto(`${server.url}/notifications?state=kept`);
    await expect(page.getByText("Kept, not sent")).toBeVisible();
    await page.getByRole("link", { name: "Cluster member ns7.example.net was disabled" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Cluster member ns7.example.net was disabled");
    await expect(page.getByText("No mail server is set on the page Settings.")).toBeVisible();
    const html = page.frameLocator("iframe[title='The message as HTML']");
    await expect(html.getByText("<b>refused</b> the connection")).toBeVisible();
    await expect(html.getByRole("heading", { level: 1 })).toHaveText("Cluster member ns7.example.net was disabled");
  });
  const notice = page.url();

  await test.step("the test mail reports the server's answer", async () => {
    await page.goto(`${server.url}/settings`);
    await page.getByLabel("Mail server").fill("127.0.0.1");
    await page.getByLabel("Port", { exact: true }).fill(String(smtp.port));
    await page.getByLabel("Encryption").selectOption("none");
    await page.getByLabel("Mail username").fill("panel");
    await page.getByLabel("Mail password").fill("wrong");
    await page.getByLabel("Mail password").press("Enter");
    await expect(page.getByText("The mail server was saved.")).toBeVisible();
    await expect(page.getByLabel("Send a test mail to")).toHaveValue("root@example.com");
    await page.getByRole("button", { name: "Send test mail" }).click();
    await expect(page.getByText("535 5.7.8 Error: authentication failed")).toBeVisible();
    await page.goto(`${server.url}/settings`);
    await page.getByLabel("Mail password").fill("Correct-Horse-7");
    await page.getByLabel("Mail password").press("Enter");
    await expect(page.getByText("The mail server was saved.")).toBeVisible();
    await page.getByRole("button", { name: "Send test mail" }).click();
    await expect(page.getByText("The mail server took the test mail")).toBeVisible();
    await expect(page.getByText("127.0.0.1 answered: 250 2.0.0 Ok: queued as 4F1A2B")).toBeVisible();
    await expectNoAxeViolations(page);
  });

  await test.step("what was kept is sent by hand", async () => {
    await page.goto(notice);
    await page.getByRole("button", { name: "Send now" }).click();
    await expect(page.getByText("It is sent within some seconds.")).toBeVisible();
    const mails = await smtp.waitForMails(2);
    const read = await Promise.all(mails.map(({ source }) => PostalMime.parse(source)));
    expect(read.map(({ subject }) => subject)).toEqual([
      "[web7.example.net] Test mail",
      "[web7.example.net] Cluster member ns7.example.net was disabled",
    ]);
    expect(read[1]?.to).toMatchObject([{ address: "root@example.com" }]);
    await expect(page.getByText("Sent", { exact: true })).toBeVisible();
  });

  await page.goto(server.url);
  await expect(page.getByText("Nothing has changed yet")).toBeVisible();
  await expect(page.getByText("No mail leaves this server")).toHaveCount(0);
  await smtp.close();
});
