import type { Page } from "@playwright/test";
import { openContext } from "@/lib/server/testing/open-context";
import type { Cluster } from "@/lib/server/testing/start-cluster";
import { createUser } from "@/lib/users/service";
import { createZone, deleteZone } from "@/lib/zones/service";
import { expectNoAxeViolations } from "../fixtures/axe";
import { dig, expect, signIn, startSession, test } from "../fixtures/test";
import { zoneText } from "../zones/zone-steps";

const PASSWORD = "correct horse battery staple";

const ITS_SOA: unknown = expect.stringContaining("hostmaster.example.net.");

/** Adds a zone at web1, and waits until ns1 serves it. */
async function addServed(cluster: Cluster, name: string, owner?: string): Promise<void> {
  const ctx = await openContext(cluster.variables("web1"));
  const account = owner && (await ctx.db.client.user.findUniqueOrThrow({ where: { username: owner } }));
  const given = account ? { ownerId: account.id } : {};
  await createZone(ctx, ctx.root, { name: `${name}.`, text: zoneText(name), ...given });
  await ctx.close();
  for (const at of [cluster.ns1, cluster.ns2]) await expect.poll(() => dig(name, "SOA", at.dns)).toEqual([ITS_SOA]);
}

/** ns1 loses the zone as with a backup that knew nothing of it: no copy, and no tombstone. */
async function loseAtNs1(cluster: Cluster, name: string): Promise<void> {
  const ctx = await openContext(cluster.variables("ns1"));
  await deleteZone(ctx, ctx.root, { name: `${name}.` });
  await expect.poll(() => dig(name, "SOA", cluster.ns1.dns)).toEqual([]);
  const { id } = await ctx.db.client.zone.delete({ where: { name: `${name}.` } });
  await ctx.db.client.zoneTarget.deleteMany({ where: { zoneId: id } });
  await ctx.db.client.revision.deleteMany({ where: { zoneId: id } });
  await ctx.close();
}

/** Presses it until it is shown that the zone is not served there: what was looked at a moment ago is not looked at again. */
async function checkUntilSeen(page: Page, button: string, row: ReturnType<Page["getByRole"]>): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: button }).click();
    await expect(row).toContainText(/Not served|Lame|Missing/, { timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
}

test("a member lost a zone behind our back: it is seen, told why, and gone when it is sent again", async ({
  page,
  cluster,
}) => {
  const { url } = cluster.web1.process;
  const name = "lost.example";
  await addServed(cluster, name);
  await startSession(page, url, cluster.web1);

  await test.step("where all is well, each nameserver says so", async () => {
    await page.goto(`${url}/zones/${name}/nameservers`);
    const rows = page.getByRole("table", { name: "This zone at each nameserver" }).getByRole("row");
    for (const server of ["This server", "ns1.example.net", "ns2.example.net"])
      await expect(rows.filter({ hasText: server })).toContainText("In sync");
    await expectNoAxeViolations(page);
  });

  await test.step("Check again finds what was lost, and the page tells it without a reload", async () => {
    await loseAtNs1(cluster, name);
    const row = page.getByRole("row").filter({ hasText: "ns1.example.net" });
    await checkUntilSeen(page, `Check ${name} at ns1.example.net again`, row);
    await expect(page.getByRole("row").filter({ hasText: "ns2.example.net" })).toContainText("In sync");
    await expect(page.getByRole("link", { name: /^Fleet status .* not yet served everywhere/ })).toBeVisible();
  });

  await test.step("the list has it under its reason, and finds it by name and nameserver", async () => {
    await page.getByRole("link", { name: /^Fleet status/ }).press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: "Fleet status" })).toBeVisible();
    await expect(page.getByRole("row").filter({ hasText: "ns1.example.net" })).toContainText(/\d problem/);
    await page.getByRole("link", { name: "What is not yet everywhere" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Not yet everywhere" })).toBeVisible();
    await page.getByRole("searchbox", { name: "Search zones" }).fill("LOST.ex");
    await expect(page).toHaveURL(/q=LOST/);
    const ns1 = await page.getByRole("option", { name: /^ns1\.example\.net/ }).getAttribute("value");
    await page.getByRole("combobox", { name: "Nameserver" }).selectOption(ns1);
    await expect(page).toHaveURL(/at=\d+/);
    const found = page.getByRole("table", { name: "Differences by reason" });
    await expect(found.getByRole("row").filter({ hasText: name })).toContainText("ns1.example.net");
    await expectNoAxeViolations(page);
  });

  await test.step("what is compared again is sent again", async () => {
    await page.goto(`${url}/cluster`);
    await page.getByRole("link", { name: "ns1.example.net" }).first().click();
    await expect(page.getByRole("heading", { level: 1, name: "ns1.example.net" })).toBeVisible();
    const differing = page.getByRole("region", { name: "Zones that differ" });
    await expect(differing.getByRole("link", { name })).toBeVisible();
    await page.getByRole("button", { name: "Synchronize all zones again" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Synchronize all zones" }).click();
    await expect(differing.getByRole("link", { name })).toHaveCount(0);
    await expect.poll(() => dig(name, "SOA", cluster.ns1.dns)).toEqual([ITS_SOA]);
    await page.goto(`${url}/zones/${name}/nameservers`);
    await expect(page.getByRole("row").filter({ hasText: "ns1.example.net" })).toContainText("In sync");
  });
});

test("a reseller sees what of their own is not yet everywhere, and nothing of others", async ({
  openBrowser,
  cluster,
}) => {
  const { url } = cluster.web1.process;
  const ctx = await openContext(cluster.variables("web1"));
  await createUser(ctx, ctx.root, { username: "atelier", password: PASSWORD, email: null, privileges: ["list-zones"] });
  await ctx.close();
  await addServed(cluster, "atelier.example", "atelier");
  await addServed(cluster, "not-theirs.example");
  const page = await openBrowser();
  await signIn(page, url, { user: "atelier", password: PASSWORD });

  await test.step("all is well", async () => {
    await page.goto(`${url}/proof/problems`);
    await expect(page.getByText(/^The one zone is served by all \d nameservers/)).toBeVisible();
    await page.goto(`${url}/proof`);
    await expect(page.getByRole("row").filter({ hasText: "Nameserver 2" })).toContainText("1 of 1 served");
    await expect(page.getByRole("main")).not.toContainText(/ns\d\.example|127\.0\.0/);
    await expectNoAxeViolations(page);
  });

  await test.step("the badge and the list tell of their own zone only", async () => {
    await loseAtNs1(cluster, "atelier.example");
    await loseAtNs1(cluster, "not-theirs.example");
    await page.goto(`${url}/zones/atelier.example/nameservers`);
    await checkUntilSeen(
      page,
      "Check atelier.example at every nameserver again",
      page.getByRole("row").filter({ hasText: "Nameserver 2" }),
    );
    await expect(page.getByRole("link", { name: "Fleet status 1 zone is not yet served everywhere" })).toBeVisible();
    await page.goto(`${url}/proof/problems`);
    const list = page.getByRole("table", { name: "Differences by reason" });
    await expect(list.getByRole("row").filter({ hasText: "atelier.example" })).toContainText("Nameserver 2");
    await expect(page.getByRole("main")).not.toContainText(/kept\.example|lost\.example|ns\d\.example|127\.0\.0/);
    await expectNoAxeViolations(page);
    await page.goto(`${url}/zones?served=not-everywhere`);
    await expect(page.getByRole("link", { name: "atelier.example" })).toBeVisible();
  });
});
