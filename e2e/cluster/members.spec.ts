import type { Page } from "@playwright/test";
import { setClusterEnabled } from "@/lib/cluster/settings";
import { addMember } from "@/lib/members/service";
import { type MemberServer, startMemberServer } from "@/lib/members/testing/member-server";
import { openContext } from "@/lib/server/testing/open-context";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

/** The form "Add a new server to the cluster", opened as an administrator does. */
async function openForm(page: Page, url: string): Promise<void> {
  await page.goto(`${url}/cluster`);
  await page.getByLabel("Backend Type").selectOption({ label: "cPanel & WHM / DNSOnly / Zonefleet" });
  await page.getByRole("button", { name: "Configure" }).click();
  await expect(page.getByRole("heading", { name: "cPanel DNS Remote Configuration" })).toBeVisible();
}

async function refresh(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText("Every server was checked.")).toBeVisible();
}

async function fillForm(page: Page, host: string, token: string): Promise<void> {
  await page.getByLabel("Remote cPanel & WHM DNS host").fill(host);
  await page.getByLabel("Remote server username").fill("root");
  await page.getByLabel("Remote server API token").fill(token);
}

test("a Zonefleet server is added, by its real certificate and token", async ({ page, cluster, startFreshServer }) => {
  const { url } = await startFreshServer(WEB_SERVER);
  const { ns1 } = cluster;
  await startSession(page, url, { user: "root", password: PASSWORD });
  await openForm(page, url);
  await expectNoAxeViolations(page);
  await fillForm(page, `${ns1.process.address}:${ns1.process.port}`, "NOT-THE-TOKEN");

  await test.step("an untrusted certificate is shown with its pin", async () => {
    await page.getByRole("button", { name: "Test connection" }).click();
    const certificate = page.getByRole("region", { name: "Certificate of the remote server" });
    await expect(certificate.getByText(/^[A-Za-z0-9+/]{43}=$/)).toBeVisible();
    await expect(certificate).toContainText("self-signed");
    await expectNoAxeViolations(page);
  });

  await test.step("the token is wrong", async () => {
    await page.getByRole("button", { name: "Accept this certificate" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "token" })).toBeVisible();
  });

  await test.step("with the right one the server is in the table", async () => {
    await page.getByLabel("Remote server API token").fill(ns1.token);
    await page.getByLabel("DNS role").selectOption("Write-only");
    await expect(page.getByText("Write-only does not look before it writes.")).toBeVisible();
    await page.getByLabel("DNS role").selectOption("Synchronize");
    await page.getByRole("button", { name: "Submit" }).click();
    const row = page.getByRole("row", { name: ns1.hostname });
    await expect(row).toContainText("Zonefleet");
    await expect(row).toContainText(/Knot DNS \d/);
    await expect(row).toContainText("root");
    await expect(row).toContainText(ns1.process.address);
    await expectNoAxeViolations(page);
  });
});

test.describe("with one server in the cluster", () => {
  let server: MemberServer;
  let url: string;

  test.beforeEach(async ({ page, startFreshServer }) => {
    server = await startMemberServer({ serverId: "NS1", hostname: "ns1.example.com" });
    const web = await startFreshServer(WEB_SERVER);
    url = web.url;
    const ctx = await openContext(variablesOf(web));
    await setClusterEnabled(ctx, ctx.root, true);
    await addMember(ctx, ctx.root, {
      backend: "whm",
      hostname: "127.0.0.1",
      port: server.port,
      username: "root",
      token: server.behaviour.token,
      debug: false,
      role: "sync",
      pin: server.pin(),
    });
    await ctx.close();
    await startSession(page, url, { user: "root", password: PASSWORD });
    await page.goto(`${url}/cluster`);
  });
  test.afterEach(() => server.close());

  test("a second one with the same hostname, or the same server again, is refused", async ({ page }) => {
    await openForm(page, url);
    await fillForm(page, "127.0.0.1", server.behaviour.token);
    await page.getByRole("button", { name: "Submit" }).click();
    await expect(page.getByText("You cannot have two servers with the same hostname")).toBeVisible();
    await page.getByLabel("Remote cPanel & WHM DNS host").fill(`localhost:${server.port}`);
    await page.getByRole("button", { name: "Submit" }).click();
    await page.getByRole("button", { name: "Accept this certificate" }).click();
    await expect(page.getByText("in your DNS cluster already, as 127.0.0.1")).toBeVisible();
  });

  test("its DNS role is changed in the table", async ({ page }) => {
    const menu = page.getByRole("combobox", { name: "DNS role of ns1.example.com" });
    await expect(menu).toHaveValue("sync");
    await menu.selectOption("Write-only");
    await expect(page.getByText("Write-only, not saved yet.")).toBeVisible();
    await expectNoAxeViolations(page);
    await page.getByRole("button", { name: "Save DNS role of ns1.example.com" }).click();
    await expect(page.getByText("DNS role saved")).toBeVisible();
    await page.reload();
    await expect(menu).toHaveValue("write-only");
  });

  test("its changed certificate is shown beside the old one and accepted", async ({ page }) => {
    const oldPin = server.pin();
    const row = page.getByRole("row", { name: "ns1.example.com" });
    // What was answered with the old certificate is written down before the new one is shown.
    await expect(row).not.toContainText("still to be compared");
    await server.replaceCertificate();
    await refresh(page);
    await expect(row).toContainText("Certificate changed");
    await page.getByRole("link", { name: "Edit ns1.example.com" }).click();
    await page.getByRole("button", { name: "Test connection" }).click();
    const certificate = page.getByRole("region", { name: "Certificate of the remote server" });
    await expect(certificate).toContainText(oldPin);
    await expect(certificate).toContainText(server.pin());
    await certificate.getByRole("button", { name: "Accept the new certificate" }).click();
    await expect(page.getByText("The connection works.")).toBeVisible();
    await page.getByRole("button", { name: "Submit" }).click();
    await expect(row).toContainText("Online");
  });

  test("it is edited without entering its token again", async ({ page }) => {
    await page.getByRole("link", { name: "Edit ns1.example.com" }).click();
    await expect(page.getByLabel("Remote server API token")).toHaveValue("");
    await page.getByLabel("Debug mode").check();
    await page.getByRole("button", { name: "Submit" }).click();
    await refresh(page);
    await page
      .getByRole("row", { name: "ns1.example.com" })
      .getByRole("link", { name: "ns1.example.com" })
      .first()
      .click();
    await page.getByRole("link", { name: "Recorded transactions" }).click();
    await expect(page.getByRole("table", { name: "Transactions, newest first" })).toContainText("GET version");
    await expectNoAxeViolations(page);
  });

  test("it is deleted, and what that means is said before", async ({ page }) => {
    await page.getByRole("button", { name: "Delete ns1.example.com" }).click();
    const dialog = page.getByRole("dialog", { name: "Delete ns1.example.com from the DNS cluster?" });
    await expect(dialog).toContainText("no longer synchronize");
    const confirm = dialog.getByRole("button", { name: "Delete server" });
    await confirm.focus();
    await expectNoAxeViolations(page);
    await confirm.click();
    await expect(page.getByText("No servers yet")).toBeVisible();
  });

  test("its status follows what it answers, without a reload", async ({ page }) => {
    const row = page.getByRole("row", { name: "ns1.example.com" });
    await expect(row).toContainText("Online");
    server.behaviour.token = "CHANGED";
    await refresh(page);
    await expect(row).toContainText("Access refused");
    await expect(row).toContainText("of 10 failed commands");
  });

  test("its row fits a phone, the last action too", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await expect(page.getByRole("row", { name: "ns1.example.com" })).toContainText("Online");
    const box = await page.getByRole("button", { name: "Delete ns1.example.com" }).boundingBox();
    expect((box?.x ?? Number.NaN) + (box?.width ?? 0), "right edge of the last action").toBeLessThanOrEqual(390);
    await expectNoSidewaysScroll(page);
  });
});
