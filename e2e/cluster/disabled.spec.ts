import { setClusterEnabled, setClusterOptions } from "@/lib/cluster/settings";
import { addMember } from "@/lib/members/service";
import { openContext } from "@/lib/server/testing/open-context";
import { createUser } from "@/lib/users/service";
import { createZone, editZone } from "@/lib/zones/service";
import { startWhmEmulator } from "../emulators/whm/whm-emulator";
import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, signIn, test } from "../fixtures/test";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

const name = "shop.example.";
const text = `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;

test("a member stops, is disabled, and is enabled again", async ({ page, openBrowser, startFreshServer }) => {
  test.setTimeout(240_000);
  const server = await startFreshServer(WEB_SERVER);
  const whm = await startWhmEmulator();
  const ctx = await openContext(variablesOf(server));
  await setClusterEnabled(ctx, ctx.root, true);
  await setClusterOptions(ctx, ctx.root, { failureThreshold: 2, notifyOnDisable: true, autoEnable: false });
  await createUser(ctx, ctx.root, { username: "studio", password: PASSWORD, email: null, privileges: ["clustering"] });
  const reached = {
    hostname: "127.0.0.1",
    port: whm.port,
    username: "root",
    token: "WHMTOKEN0123456789",
    pin: whm.pin,
  };
  const { id } = await addMember(ctx, ctx.root, { backend: "whm", ...reached, debug: false, role: "sync" });
  const { seq } = await createZone(ctx, ctx.root, { name, text });
  await expect.poll(() => whm.zones.has("shop.example")).toBe(true);
  await signIn(page, server.url, { user: "root", password: PASSWORD });

  await test.step("its page says so without a reload", async () => {
    await page.goto(`${server.url}/cluster/${id}`);
    const facts = page.getByRole("region", { name: "Server", exact: true });
    await expect(facts.getByText("Online")).toBeVisible();
    await expect(facts.getByText("PowerDNS 4.4.1-1")).toBeVisible();
    whm.nameserver = { ...whm.nameserver, isRunning: false };
    await page.getByRole("button", { name: "Check now" }).click();
    await expect(facts.getByText("Nameserver stopped")).toBeVisible();
    await expectNoAxeViolations(page);
    whm.nameserver = { ...whm.nameserver, isRunning: true };
    await page.getByRole("button", { name: "Check now" }).click();
    await expect(facts.getByText("Online")).toBeVisible();
    whm.fault = { kind: "drops", on: /./ };
    const add = { kind: "add" as const, owner: `www.${name}`, type: "A", ttl: 60, rdata: "192.0.2.1" };
    await editZone(ctx, ctx.root, { name, changes: [add], baseSeq: seq });
    await expect(facts.getByText("Disabled since")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("1 zone waiting, with 1 change")).toBeVisible();
    await expectNoAxeViolations(page);
  });

  await test.step("so do the others", async () => {
    for (const path of ["/", "/cluster", "/synchronize", "/settings"]) {
      await page.goto(server.url + path);
      const banner = page.getByRole("region", { name: "Members that get nothing" });
      await expect(banner, path).toContainText("A cluster member is disabled. 1 zone with 1 change waits here.");
    }
    const banner = page.getByRole("region", { name: "Members that get nothing" });
    await banner.getByText("A cluster member is disabled.").click();
    await expect(banner.getByRole("listitem")).toContainText(/disabled .* UTC: .*1 zone with 1 change waits here/);
    await expectNoAxeViolations(page);
    await page.goto(`${server.url}/zones/shop.example`);
    await expect(page.getByRole("list", { name: "Receipts" })).toContainText("is disabled since");
  });

  await test.step("a reseller sees nothing of it", async () => {
    const theirs = await openBrowser();
    await signIn(theirs, server.url, { user: "studio", password: PASSWORD });
    await theirs.goto(`${server.url}/cluster`);
    await expect(theirs.getByRole("heading", { level: 1, name: "DNS Cluster" })).toBeVisible();
    await expect(theirs.getByText(/disabled since/i)).toHaveCount(0);
    await expect(theirs.getByText("waits here")).toHaveCount(0);
    await theirs.goto(`${server.url}/cluster/${id}/enable`);
    await expect(theirs.getByText("There is nothing at this address")).toBeVisible();
  });

  const enable = page.getByRole("button", { name: "Enable", exact: true });
  await test.step("it is not enabled while it does not answer", async () => {
    await page.goto(`${server.url}/cluster`);
    await page.getByRole("link", { name: /^Enable / }).click();
    await expect(page.getByRole("heading", { level: 1, name: /^Enable / })).toBeVisible();
    await expect(page.getByRole("alert").filter({ hasText: "It can be enabled when it answers" })).toBeVisible();
    await expect(enable).toBeDisabled();
    await expectNoAxeViolations(page);
  });

  await test.step("when it is back, what it will get is shown, and it gets that", async () => {
    whm.fault = null;
    await page.getByRole("button", { name: "Test again" }).click();
    await expect(page.getByText("The connection works.")).toBeVisible();
    await expect(page.getByRole("list", { name: "What will be caught up" })).toContainText(
      "1 zone will be sent: shop.example",
    );
    await expectNoAxeViolations(page);
    await enable.click();
    await expect(page).toHaveURL(`${server.url}/cluster/${id}`);
    await expect(page.getByRole("region", { name: "Server", exact: true }).getByText("Online")).toBeVisible();
    await expect.poll(() => whm.zones.get("shop.example")).toContain("192.0.2.1");
  });

  await test.step("it is paused for maintenance, and resumed", async () => {
    // It stands above, and moves the button when it goes.
    await expect(page.getByRole("region", { name: "Members that get nothing" })).toHaveCount(0);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByRole("dialog").getByLabel("Pause for").selectOption("4 hours");
    await expectNoAxeViolations(page);
    await page.getByRole("dialog").getByRole("button", { name: "Pause", exact: true }).click();
    await expect(page.getByText("Paused since")).toBeVisible();
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await expect(page.getByText("Paused since")).toHaveCount(0);
  });
  await ctx.close();
  await whm.close();
});
