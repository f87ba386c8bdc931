import type { Page } from "@playwright/test";
import { setClusterEnabled } from "@/lib/cluster/settings";
import { openContext } from "@/lib/server/testing/open-context";
import type { ServerProcess } from "@/lib/server/testing/start-server";
import { createZone } from "@/lib/zones/service";
import { type SoftlayerEmulator, startSoftlayerEmulator } from "../emulators/softlayer/softlayer-emulator";
import { startVpsnetEmulator, type VpsnetEmulator } from "../emulators/vpsnet/vpsnet-emulator";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";
import { review, stageAddress, zoneText } from "../zones/zone-steps";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

test.describe("hosted DNS services", () => {
  let softlayer: SoftlayerEmulator;
  let vpsnet: VpsnetEmulator;
  let server: ServerProcess;

  test.beforeEach(async ({ page, startFreshServer }) => {
    [softlayer, vpsnet] = await Promise.all([startSoftlayerEmulator(), startVpsnetEmulator()]);
    server = await startFreshServer({
      ...WEB_SERVER,
      ZONEFLEET_SOFTLAYER_API: `https://127.0.0.1:${softlayer.port}`,
      ZONEFLEET_SOFTLAYER_NAMESERVERS: "none",
      ZONEFLEET_VPSNET_API: `https://localhost:${vpsnet.port}`,
    });
    const ctx = await openContext(variablesOf(server));
    await setClusterEnabled(ctx, ctx.root, true);
    const text = zoneText("example.com", '@ IN CAA 0 issue "ca.example.net"');
    await createZone(ctx, ctx.root, { name: "example.com.", text });
    await ctx.close();
    await startSession(page, server.url, { user: "root", password: PASSWORD });
  });
  test.afterEach(async () => {
    await Promise.all([softlayer?.close(), vpsnet?.close()]);
  });

  const openForm = async (page: Page, backend: string) => {
    await page.goto(`${server.url}/cluster`);
    await page.getByLabel("Backend Type").selectOption({ label: backend });
    await page.getByRole("button", { name: "Configure" }).click();
    await expect(page.getByRole("heading", { name: `${backend} DNS Remote Configuration` })).toBeVisible();
  };
  /** Tests with a wrong key, accepts the certificate on the way, and submits with the right one. */
  const add = async (page: Page, key: { label: string; right: string }) => {
    await page.getByLabel(key.label).fill("NOT-THE-KEY");
    await page.getByRole("button", { name: "Test connection" }).click();
    const certificate = page.getByRole("region", { name: "Certificate of the remote server" });
    await expect(certificate).toContainText("self-signed");
    await page.getByRole("button", { name: "Accept this certificate" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "The username or the key was refused." })).toBeVisible();
    await expectNoAxeViolations(page);
    await page.getByLabel(key.label).fill(key.right);
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect(page.getByText("The connection works.")).toBeVisible();
    await page.getByRole("button", { name: "Submit" }).click();
  };
  const addRecord = async (page: Page) => {
    await page.goto(`${server.url}/zones/example.com`);
    await stageAddress(page, "new", "192.0.2.30");
    const dialog = await review(page);
    const notes = dialog.getByRole("list", { name: "What members leave out" });
    await expect(notes).toContainText("holds no CAA records: example.com. CAA.");
    await expectNoAxeViolations(page);
    await dialog.getByRole("button", { name: /^Save/ }).click();
    const newest = page.getByRole("region", { name: "Newest change" });
    await expect(newest).toContainText(
      /Served by its nameserver in .*, accepted by 1 that cannot be verified over DNS/,
    );
    await expect(newest).toContainText("holds no CAA records: example.com. CAA.");
  };

  test("SoftLayer is added, gets every zone, and an edit arrives with a note of what is left out", async ({ page }) => {
    await openForm(page, "SoftLayer");
    await expectNoAxeViolations(page);
    await expect(page.getByText("Records of other types are left out.")).toBeVisible();
    await expect(page.getByLabel("DNS role").getByRole("option")).toHaveText(["Standalone", "Write-only"]);
    await page.getByLabel("SoftLayer API username").fill("SL100001");
    await add(page, { label: "SoftLayer API key", right: "0123456789abcdef0123456789abcdef" });
    const row = page.getByRole("row", { name: "SoftLayer (SL100001)" });
    await expect(row).toContainText("SoftLayer");
    await expect(row).toContainText("SL100001");
    await expect.poll(() => softlayer.account.named("example.com")?.resourceRecords.length).toBe(5);

    await addRecord(page);
    const held = softlayer.account.named("example.com")?.resourceRecords ?? [];
    expect(held.find(({ host }) => host === "new")).toMatchObject({ type: "a", data: "192.0.2.30" });

    await test.step("its page says what it can hold, and claims nothing that DNS cannot tell", async () => {
      await page.goto(`${server.url}/cluster`);
      await page.getByRole("link", { name: "SoftLayer (SL100001)", exact: true }).click();
      await expect(page.getByRole("heading", { name: "What it can hold" })).toBeVisible();
      await expect(
        page.getByText("It numbers zones itself, so DNS cannot tell which revision it serves."),
      ).toBeVisible();
      await expect(page.getByText("1 of 1 zones")).toBeVisible();
      await expect(page.getByText("zone is as it should be")).toBeVisible();
      await page.setViewportSize({ width: 390, height: 800 });
      await expectNoSidewaysScroll(page);
      await expectNoAxeViolations(page);
    });

    await test.step("the key can stay while something else is changed", async () => {
      await page.getByRole("link", { name: "Edit", exact: true }).click();
      await expect(page.getByRole("heading", { name: "SoftLayer DNS Remote Configuration" })).toBeVisible();
      await page.getByLabel("Debug mode").check();
      await page.getByRole("button", { name: "Submit" }).click();
      await expect(page.getByRole("heading", { name: "DNS Cluster", exact: true })).toBeVisible();
    });

    await test.step("a second account joins it, and its deletion speaks of a key", async () => {
      const second = softlayer.addAccount("SL200002", "f".repeat(32));
      await openForm(page, "SoftLayer");
      await page.getByLabel("SoftLayer API username").fill("SL200002");
      await add(page, { label: "SoftLayer API key", right: "f".repeat(32) });
      await expect(page.getByRole("row", { name: "SoftLayer (SL200002)" })).toBeVisible();
      await expect.poll(() => second.named("example.com")?.resourceRecords.length).toBe(6);
      await page.getByRole("button", { name: "Delete SoftLayer (SL200002)" }).click();
      const dialog = page.getByRole("dialog");
      await expect(dialog).toContainText("Its API key is forgotten here. Revoke it at the service too.");
      await expect(dialog).not.toContainText("API token");
      await dialog.getByRole("button", { name: "Delete service" }).click();
      await expect(page.getByRole("row", { name: "SoftLayer (SL200002)" })).toHaveCount(0);
    });
  });

  test("VPS.NET is added by a form that says what is not known of it", async ({ page }) => {
    await openForm(page, "VPS.NET");
    await expect(page.getByText("Whether VPS.NET's DNS service still answers is not known to us.")).toBeVisible();
    await expectNoAxeViolations(page);
    await page.getByLabel("VPS.NET e-mail address").fill("dns@example.com");
    await add(page, { label: "VPS.NET API key", right: "VPSKEY0123456789" });
    await expect(page.getByRole("row", { name: "VPS.NET (dns@example.com)" })).toContainText("VPS.NET");
    await expect.poll(() => vpsnet.zones.get("example.com")?.records.length).toBe(5);

    await addRecord(page);
    expect(vpsnet.zones.get("example.com")?.records.find(({ host }) => host === "new")?.data).toBe("192.0.2.30");
  });
});
