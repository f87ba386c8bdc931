import type { Page } from "@playwright/test";
import { engineActor } from "@/lib/access/actor";
import { setClusterEnabled } from "@/lib/cluster/settings";
import { probeCertificate } from "@/lib/drivers/http/probe-certificate";
import { addMember } from "@/lib/members/service";
import { openContext } from "@/lib/server/testing/open-context";
import { receiveZones } from "@/lib/zones/receive";
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

/** Makes a plan from the form that is shown, and waits for its page. */
async function preparePlan(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Compare and show the plan" }).click();
  await expect(page).toHaveURL(/\/synchronize\/\d+$/);
  await expect(page.getByRole("table", { name: "What each server answered" })).toBeVisible();
}

/** Looks through every page on which names stand. @param servers members of others; the zones' own records may name them */
async function expectNowhere(page: Page, url: string, own: string, others: { account: string; servers: RegExp }) {
  const pages = ["/", "/zones", "/cluster", "/cluster/trust", "/synchronize", "/tokens"];
  for (const path of [...pages, `/zones/${own}/history`]) {
    await page.goto(`${url}${path}`);
    await expect(page.getByRole("heading", { level: 1 }), path).toBeVisible();
    await expect(page.getByRole("main"), path).not.toContainText(others.account);
    if (pages.includes(path)) await expect(page.getByRole("main"), path).not.toContainText(others.servers);
  }
}

test("root and two resellers work side by side: members, zones, tokens, synchronizing, history, trust", async ({
  page,
  openBrowser,
  request,
  cluster,
  startFreshServer,
}) => {
  // Three people's whole day: twice the usual time.
  test.setTimeout(480_000);
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
    // It is there for some seconds only.
    await expect(atlas.getByText(/zones? fetched from it/)).toBeVisible();
    await expect(atlas.getByRole("row", { name: ns1.hostname })).toContainText("In effect: Standalone.");
    await atlas.setViewportSize({ width: 390, height: 800 });
    await expectNoSidewaysScroll(atlas);
    await atlas.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("whether servers are enabled by themselves is atlas's own to choose", async () => {
    const card = atlas.getByRole("region", { name: "Unresponsive servers" });
    await card.getByRole("checkbox", { name: /^Re-enable automatically/ }).check();
    await card.getByRole("button", { name: "Change" }).click();
    await expect(atlas.getByText("The choice was saved.")).toBeVisible();
    await atlas.reload();
    await expect(card.getByRole("checkbox", { name: /^Re-enable automatically/ })).toBeChecked();
  });

  await test.step("with Unique DNS Clustering a zone of atlas goes there only, edits too", async () => {
    await atlas.getByRole("radio", { name: "Unique DNS Clustering" }).check();
    await expect(atlas.getByText("The copies on root's servers stay there")).toBeVisible();
    await atlas.getByRole("region", { name: "Unique DNS Clustering" }).getByRole("button", { name: "Change" }).click();
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

  let atlasJob = "";
  await test.step("atlas synchronizes with the own server, asked for in its row", async () => {
    // An older copy, behind everybody's back: a newer one would be fetched by itself.
    const there = await openContext(cluster.variables("ns1"));
    const items = [{ name: "only-atlas.example.", text: zoneText("only-atlas.example") }];
    await receiveZones(there, engineActor, { items, mode: "overwrite", originMemberId: null });
    await there.close();
    await expect.poll(() => dig("edited.only-atlas.example", "A", ns1.dns)).toEqual([]);
    await atlas.goto(`${url}/cluster`);
    await atlas.getByRole("link", { name: `Synchronize with ${ns1.hostname}` }).click();
    await expect(atlas).toHaveURL(/\/synchronize\?member=/);
    await expect(atlas.getByRole("combobox", { name: "Servers" })).toHaveValue(/\d/);
    await preparePlan(atlas);
    atlasJob = new URL(atlas.url()).pathname;
    await expect(atlas.getByText(`${ns1.hostname} gets the newest copy in place of its own`)).toBeVisible();
    await expectNoAxeViolations(atlas);
    await atlas.getByRole("button", { name: "Synchronize 1 step" }).click();
    await expect(atlas.getByText("Done: 1 step")).toBeVisible();
    await expect.poll(() => dig("edited.only-atlas.example", "A", ns1.dns)).toEqual(["192.0.2.44"]);
  });

  await test.step("borea compares a zone with root's cluster, asked for on its page", async () => {
    await borea.goto(`${url}/zones/only-borea.example`);
    await borea.getByRole("link", { name: "Synchronize", exact: true }).click();
    await expect(borea).toHaveURL(/\/synchronize\?zone=/);
    await expect(borea.getByRole("textbox", { name: "Zone", exact: true })).toHaveValue("only-borea.example");
    await preparePlan(borea);
    await expect(borea.getByText("1 zone compared: every server is as it should be.")).toBeVisible();
    const answers = borea.getByRole("table", { name: "What each server answered" });
    await expect(answers).toContainText("Server 1 of root’s cluster");
    await expect(answers).not.toContainText(ns2.hostname);
    await borea.goto(`${url}${atlasJob}`);
    await expect(borea.getByText("There is nothing at this address")).toBeVisible();
  });

  await test.step("root sees both synchronizations, and manages those of atlas", async () => {
    await page.goto(`${url}/synchronize`);
    const jobs = page.getByRole("table", { name: "Synchronizations, newest first" });
    const theirs = jobs.getByRole("row", { name: /only-borea/ }).getByRole("cell", { name: "borea", exact: true });
    await expect(theirs).toHaveCount(2);
    await page.getByLabel("Managing DNS cluster as").selectOption("atlas");
    await page.getByRole("button", { name: "Manage" }).click();
    await expect(page.getByText("You are managing the DNS cluster of atlas.")).toBeVisible();
    await expect(jobs).toContainText("Done");
    await expect(jobs).not.toContainText("only-borea");
    await expectNoAxeViolations(page);
  });

  await test.step("a token of atlas lists the zones of atlas", async () => {
    await atlas.goto(`${url}/tokens?create=1`);
    const form = atlas.getByRole("dialog", { name: "Create an API token" });
    await form.getByLabel("Name").fill("atlas-script");
    await form.getByLabel("List DNS zones").check();
    await form.getByRole("button", { name: "Create" }).click();
    const shown = atlas.getByRole("dialog", { name: "The token atlas-script" });
    const token = (await shown.getByRole("region", { name: "API token" }).textContent()) ?? "";
    await shown.getByRole("button", { name: "I have saved it" }).click();
    const headers = { authorization: `whm atlas:${token}` };
    const reply = await request.get(`${url}/json-api/listzones?api.version=1`, { headers });
    expect((await reply.json()).data.zone).toEqual([
      { domain: "only-atlas.example", zonefile: "only-atlas.example.db" },
    ]);
  });

  await test.step("neither sees a name of the other anywhere, nor root's server", async () => {
    await expectNowhere(atlas, url, "only-atlas.example", { account: "borea", servers: new RegExp(ns2.hostname) });
    await expectNowhere(borea, url, "only-borea.example", {
      account: "atlas",
      servers: new RegExp(`${ns1.hostname}|${ns2.hostname}`),
    });
    await atlas.goto(`${url}/cluster/trust`);
    await expect(atlas.getByRole("main")).toContainText(ns1.hostname);
    await page.goto(`${url}/cluster/trust`);
    await expect(page.getByRole("main")).toContainText(ns2.hostname);
  });

  await test.step("no address of what is atlas' opens for borea", async () => {
    await page.goto(`${url}/cluster`);
    const manage = page.getByLabel("Managing DNS cluster as");
    await manage.selectOption("atlas");
    await page.getByRole("button", { name: "Manage" }).click();
    const link = page.getByRole("link", { name: ns1.hostname }).first();
    const member = (await link.getAttribute("href")) ?? "";
    await borea.goto(`${url}/cluster`);
    await expect(borea.getByText("No servers yet")).toBeVisible();
    const account = new URL(page.url()).searchParams.get("as");
    const doors = [member, `${member}/edit`, ...["", "/add", "/trust"].map((path) => `/cluster${path}?as=${account}`)];
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
    await page.getByRole("link", { name: "Trust", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Trust" })).toBeVisible();
    await expect(page.getByText("These are the servers of atlas.")).toBeVisible();
    await expect(page.getByRole("row", { name: ns1.hostname })).toBeVisible();
    await expect(page.getByRole("row", { name: ns2.hostname })).toHaveCount(0);
    await expectNoAxeViolations(page);
    await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link").click();
    await expect(page.getByText("You are managing the DNS cluster of atlas.")).toBeVisible();
    await page.getByRole("radio", { name: "Use root's DNS cluster" }).check();
    await page.getByRole("region", { name: "Unique DNS Clustering" }).getByRole("button", { name: "Change" }).click();
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
