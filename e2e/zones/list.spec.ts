import { execFileSync } from "node:child_process";
import { openContext } from "@/lib/server/testing/open-context";
import { receiveZones } from "@/lib/zones/receive";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";
import { pasteZone, startWithZone, zoneText } from "./zone-steps";

test("finds a zone by what a record holds, as it is typed", async ({ page, cluster }) => {
  const { web1 } = cluster;
  await startWithZone(page, web1, "findable.example", 'x IN TXT "needle-in-a-haystack"');
  await page.goto(`${web1.process.url}/zones`);
  const search = page.getByRole("searchbox", { name: "Search zones" });
  const row = page.getByRole("row", { name: /findable\.example/ });
  // The index follows the change sequence within moments.
  await expect(async () => {
    await search.fill("");
    await search.pressSequentially("Needle-in");
    await expect(row).toContainText('x.findable.example. TXT "needle-in-a-haystack"', { timeout: 5_000 });
  }).toPass();
  await expect(page.getByRole("row")).toHaveCount(2);
  await search.fill("no such thing anywhere");
  await expect(page.getByText("No zone matches")).toBeVisible();
  await page.getByRole("link", { name: "Show all zones" }).click();
  await expect(page.getByRole("row", { name: /example\.com/ }).first()).toBeVisible();
});

test("searches for what was typed before the page's scripts ran", async ({ page, cluster }) => {
  const { web1 } = cluster;
  await startSession(page, web1.process.url, web1);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/_next/static/**/*.js", async (route) => {
    await released;
    await route.continue();
  });
  await page.goto(`${web1.process.url}/zones`, { waitUntil: "domcontentloaded" });
  const search = page.getByRole("searchbox", { name: "Search zones" });
  await search.fill("no such thing anywhere");
  release();
  await expect(page.getByText("No zone matches")).toBeVisible();
  await expect(search).toHaveValue("no such thing anywhere");
});

test("sorts on the server", async ({ page, cluster }) => {
  const { web1 } = cluster;
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones`);
  await page.getByRole("link", { name: "Records", exact: true }).click();
  await expect(page).toHaveURL(/sort=records&dir=desc/);
  await expect(page.getByRole("row").nth(1)).toContainText("access.example");
});

test("marks a zone that two servers write, until root says that one does", async ({ page, cluster }) => {
  const { web1 } = cluster;
  const ctx = await openContext(cluster.variables("web1"));
  for (const [host, address] of [
    ["shop1", "192.0.2.81"],
    ["shop2", "192.0.2.82"],
  ] as const)
    await receiveZones(ctx, ctx.root, {
      items: [{ name: "rivals.example.", text: `${zoneText("rivals.example")}\n${host} IN A ${address}\n` }],
      mode: "overwrite",
      originMemberId: null,
      sender: { key: `server:${host}`, name: `${host}.example.net`, address },
    });
  await ctx.close();
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones?q=rivals`);
  const row = page.getByRole("row", { name: /rivals\.example/ });
  await expect(row).toContainText("Two writers");
  // What is not served everywhere yet has a link of its own before this one, while that is so.
  await expect(row).toContainText("Served");
  await page.getByRole("link", { name: /two writers$/ }).click();
  await expect(page).toHaveURL(/writers=two/);
  await expect(page.getByText("Only zones that two servers write")).toBeVisible();
  await expectNoAxeViolations(page);

  await row.getByRole("link", { name: "rivals.example" }).click();
  const sentence = page.getByText("Two servers write this zone: shop2.example.net and shop1.example.net.");
  await expect(sentence).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await page.getByRole("link", { name: "See what was replaced" }).click();
  await expect(page).toHaveURL(/\/history$/);
  await expect(page.getByText("from shop1.example.net").first()).toBeVisible();
  await page.getByRole("button", { name: "Keep one writer…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "One server writes it now" }).click();
  await expect(sentence).toHaveCount(0);
});

test("exports and deletes a selection", async ({ page, cluster }, info) => {
  const { web1 } = cluster;
  await startSession(page, web1.process.url, web1);
  const names = ["bulk-a.example", "bulk-b.example"];
  for (const name of names) {
    await pasteZone(page, web1, zoneText(name));
    await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  }
  await page.goto(`${web1.process.url}/zones?q=bulk-`);
  for (const name of names) await expect(page.getByRole("row").filter({ hasText: name })).toContainText("Served");
  await page.getByLabel("Select every zone on this page").check();
  const bar = page.getByRole("region", { name: "Selected zones" });
  await expect(bar).toContainText("2 zones selected");
  const downloading = page.waitForEvent("download");
  await bar.getByRole("button", { name: "Export" }).click();
  const file = info.outputPath("zones.tar.gz");
  await (await downloading).saveAs(file);
  const listed = execFileSync("tar", ["-tzf", file], { encoding: "utf8" }).trim().split("\n");
  expect(listed).toEqual(names.map((name) => `${name}.zone`));
  const text = execFileSync("tar", ["-xzOf", file, "bulk-a.example.zone"], { encoding: "utf8" });
  expect(text).toContain("192.0.2.10");

  await bar.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete 2 zones" }).click();
  await expect(page.getByText("No zone matches")).toBeVisible();
  await page.goto(`${web1.process.url}/recycle-bin?q=bulk-`);
  await expect(page.getByRole("row")).toHaveCount(3);
});

test("a reseller sees its own zones and nothing of the others'", async ({ page, request, cluster }) => {
  const { web1 } = cluster;
  await startSession(page, web1.process.url, { user: "north-studio", password: web1.password });
  await page.goto(`${web1.process.url}/zones`);
  await expect(page.getByRole("row", { name: /alpine-tours\.example/ })).toBeVisible();
  await expect(page.getByText("beach-bar.example")).toHaveCount(0);
  await page.getByRole("searchbox", { name: "Search zones" }).fill("beach-bar");
  await expect(page.getByText("No zone matches")).toBeVisible();
  for (const path of ["/zones/beach-bar.example", "/zones/beach-bar.example/history", "/templates", "/templates/0"]) {
    await page.goto(web1.process.url + path);
    await expect(page.getByText("There is nothing at this address"), path).toBeVisible();
  }
  for (const path of ["receipts", "file"]) {
    const url = `${web1.process.url}/api/zones/beach-bar.example/${path}`;
    expect((await page.request.get(url)).status(), path).toBe(404);
    expect((await request.get(url)).status(), `${path} signed out`).toBe(401);
  }
});

test("root edits the zone templates", async ({ page, cluster }) => {
  const { web1 } = cluster;
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/templates/new`);
  await page.getByLabel("Name").fill("Parked");
  const text = page.getByRole("textbox", { name: "Template", exact: true });
  const good =
    "@ %nsttl% IN SOA %nameserver%. %rpemail%. %serial% 3600 600 604800 300\n@ IN NS %nameserver%.\n@ IN A %ip%\n";
  await text.fill(`${good}@ IN A %adress%\n`);
  await expect(page.getByText("There is no variable %adress%.").first()).toBeVisible();
  await page.getByRole("button", { name: "Save template" }).click();
  await expect(page.getByRole("form", { name: "Zone template" }).getByRole("alert")).toContainText("%adress%");
  await text.fill(good);
  await page.getByRole("button", { name: "Save template" }).click();
  await expect(page.getByRole("row", { name: /Parked/ })).toBeVisible();
  await page.goto(`${web1.process.url}/zones/add`);
  await page.getByLabel("Template", { exact: true }).selectOption("Parked");
  await page.getByLabel("Domain").first().fill("parked.example");
  await expect(page.getByText(/@ IN A 127\.0\.0\.1/)).toBeVisible();
});
