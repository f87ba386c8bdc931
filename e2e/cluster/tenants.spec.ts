import type { Page } from "@playwright/test";
import { setClusterEnabled } from "@/lib/cluster/settings";
import { probeCertificate } from "@/lib/drivers/http/probe-certificate";
import { addMember } from "@/lib/members/service";
import { openContext } from "@/lib/server/testing/open-context";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { dig, expect, signIn, startSession, test } from "../fixtures/test";
import { review, stageAddress, zoneText } from "../zones/zone-steps";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

/** Makes a reseller with the privilege clustering, in the form. */
async function createReseller(page: Page, username: string): Promise<void> {
  await page.getByRole("button", { name: "Create a reseller" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Username").fill(username);
  await form.getByLabel("Password").fill(PASSWORD);
  await form.getByRole("checkbox", { name: "DNS Clustering" }).check();
  await expectNoAxeViolations(page);
  await form.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("row", { name: new RegExp(username) })).toBeVisible();
}

async function addZone(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/zones/add?from=text`);
  await page.getByRole("textbox", { name: "Zone file" }).fill(zoneText(name));
  await page
    .getByRole("form", { name: "Add a zone from a zone file" })
    .getByRole("button", { name: "Add zone" })
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
}

test("two resellers have clusters of their own, and nothing of each other", async ({
  page,
  openBrowser,
  cluster,
  startFreshServer,
}) => {
  const { ns1, ns2 } = cluster;
  const web = await startFreshServer(WEB_SERVER);
  const { url } = web;
  const ctx = await openContext(variablesOf(web));
  await setClusterEnabled(ctx, ctx.root, true);
  const root = { hostname: ns2.process.address, port: ns2.process.port, username: "root", token: ns2.token };
  const { pin } = await probeCertificate({ ...root, address: root.hostname, serverName: root.hostname });
  await addMember(ctx, ctx.root, { backend: "whm", ...root, debug: false, role: "sync", pin });
  await ctx.close();
  const [atlas, borea] = [await openBrowser(), await openBrowser()];

  await test.step("root makes them", async () => {
    await startSession(page, url, { user: "root", password: PASSWORD });
    await page.goto(`${url}/users`);
    await createReseller(page, "atlas");
    await createReseller(page, "borea");
  });

  await test.step("atlas sees a cluster page without root's sections and without root's server", async () => {
    await signIn(atlas, url, { user: "atlas", password: PASSWORD });
    await atlas.getByRole("link", { name: "DNS Cluster" }).first().click();
    await expect(atlas.getByRole("heading", { name: "Unique DNS Clustering" })).toBeVisible();
    await expect(atlas.getByText("No servers yet")).toBeVisible();
    for (const words of ["Modify Cluster Status", "Global Cluster Options", "Managing DNS cluster as", ns2.hostname])
      await expect(atlas.getByText(words)).toHaveCount(0);
    await expectNoAxeViolations(atlas);
  });

  await test.step("atlas adds a server, whose role is not in effect beside root's cluster", async () => {
    await atlas.getByRole("button", { name: "Configure" }).click();
    await atlas.getByLabel("Remote cPanel & WHM DNS host").fill(`${ns1.process.address}:${ns1.process.port}`);
    await atlas.getByLabel("Remote server username").fill("root");
    await atlas.getByLabel("Remote server API token").fill(ns1.token);
    await expect(atlas.getByRole("checkbox", { name: "Synchronize Zones Immediately" })).toBeChecked();
    await atlas.getByRole("button", { name: "Test connection" }).click();
    await atlas.getByRole("button", { name: "Accept this certificate" }).click();
    await expect(atlas.getByText("The connection works.")).toBeVisible();
    await atlas.getByRole("button", { name: "Submit" }).click();
    await expect(atlas.getByRole("row", { name: ns1.hostname })).toContainText("In effect: Standalone.");
    await expect(atlas.getByText(/zones? fetched from it/)).toBeVisible();
    await atlas.setViewportSize({ width: 390, height: 800 });
    await expectNoSidewaysScroll(atlas);
    await atlas.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("with Unique DNS Clustering a zone of atlas goes there only, edits too", async () => {
    await atlas.getByRole("radio", { name: "Unique DNS Clustering" }).check();
    await expect(atlas.getByText("The copies on root's servers stay there")).toBeVisible();
    await atlas.getByRole("button", { name: "Change" }).click();
    await expect(atlas.getByRole("row", { name: ns1.hostname })).not.toContainText("In effect");
    await addZone(atlas, url, "only-atlas.example");
    await stageAddress(atlas, "edited", "192.0.2.44");
    await (await review(atlas)).getByRole("button", { name: /^Save/ }).click();
    await expect.poll(() => dig("edited.only-atlas.example", "A", ns1.dns)).toEqual(["192.0.2.44"]);
    expect(await dig("edited.only-atlas.example", "A", ns2.dns)).toEqual([]);
  });

  await test.step("a zone of borea goes to root's server, and not to atlas'", async () => {
    await startSession(borea, url, { user: "borea", password: PASSWORD });
    await addZone(borea, url, "only-borea.example");
    await expect.poll(() => dig("www.only-borea.example", "A", ns2.dns)).toEqual(["192.0.2.10"]);
    expect(await dig("www.only-borea.example", "A", ns1.dns)).toEqual([]);
  });

  await test.step("borea sees nothing of atlas", async () => {
    await page.goto(`${url}/cluster`);
    const manage = page.getByLabel("Managing DNS cluster as");
    await manage.selectOption("atlas");
    await page.getByRole("button", { name: "Manage" }).click();
    const link = page.getByRole("link", { name: ns1.hostname }).first();
    const member = (await link.getAttribute("href")) ?? "";
    await borea.goto(`${url}/cluster`);
    await expect(borea.getByText("No servers yet")).toBeVisible();
    const account = new URL(page.url()).searchParams.get("as");
    const doors = [member, `${member}/edit`, `/cluster?as=${account}`, `/cluster/add?as=${account}`];
    for (const door of [...doors, "/zones/only-atlas.example", "/zones/only-atlas.example/history"]) {
      await borea.goto(`${url}${door}`);
      await expect(borea.getByText("There is nothing at this address"), door).toBeVisible();
      await expect(borea.getByText(ns1.hostname)).toHaveCount(0);
    }
    await borea.goto(`${url}/zones?q=atlas`);
    await expect(borea.getByText("only-atlas")).toHaveCount(0);
  });

  await test.step("root manages the cluster of atlas", async () => {
    await expect(page.getByText("You are managing the DNS cluster of atlas.")).toBeVisible();
    await expect(page.getByText("Modify Cluster Status")).toHaveCount(0);
    await expectNoAxeViolations(page);
    await page.getByRole("radio", { name: "Use root's DNS cluster" }).check();
    await page.getByRole("button", { name: "Change" }).click();
    await expect.poll(() => dig("edited.only-atlas.example", "A", ns2.dns)).toEqual(["192.0.2.44"]);
    await page.getByRole("link", { name: ns1.hostname }).first().click();
    const copies = page.getByRole("table", { name: "Copies left at this server" });
    await expect(copies).toContainText("only-atlas.example");
    await page.getByRole("button", { name: "Remove these copies" }).click();
    await expectNoAxeViolations(page);
    await page.getByRole("dialog").getByRole("button", { name: "Remove 1 copy" }).click();
    await expect.poll(() => dig("edited.only-atlas.example", "A", ns1.dns)).toEqual([]);
    expect(await dig("edited.only-atlas.example", "A", ns2.dns)).toEqual(["192.0.2.44"]);
  });

  await test.step("root moves a zone, and deletes the account", async () => {
    await page.goto(`${url}/zones`);
    await page.getByRole("checkbox", { name: "Select only-atlas.example" }).check();
    await page.getByRole("button", { name: "Move" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Account").fill("nobody-such");
    await dialog.getByRole("button", { name: "Move 1 zone" }).click();
    await expect(dialog.getByText("There is no account nobody-such.")).toBeVisible();
    await expectNoAxeViolations(page);
    await dialog.getByLabel("Account").fill("borea");
    await dialog.getByRole("button", { name: "Move 1 zone" }).click();
    await expect(page.getByRole("row", { name: /only-atlas/ })).toContainText("borea");
    await page.goto(`${url}/users`);
    await page.getByRole("button", { name: "Actions for borea" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.getByRole("radio", { name: "to your recycle bin" }).check();
    await expectNoAxeViolations(page);
    await page.getByRole("dialog").getByRole("textbox").fill("borea");
    await page.getByRole("button", { name: "Delete the account" }).click();
    await expect(page.getByRole("row", { name: /borea/ })).toHaveCount(0);
    await expect.poll(() => dig("www.only-borea.example", "A", ns2.dns)).toEqual([]);
    await borea.goto(`${url}/zones`);
    await expect(borea).toHaveURL(/\/sign-in/);
  });
});
