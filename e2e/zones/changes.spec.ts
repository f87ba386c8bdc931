import { openContext } from "@/lib/server/testing/open-context";
import { getZone } from "@/lib/zones/queries";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, replaceZone } from "@/lib/zones/service";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { dig, expect, startSession, test } from "../fixtures/test";
import { zoneText } from "./zone-steps";

test("takes an import back, and one zone of it on top of a later edit", async ({ page, cluster }) => {
  const { web1 } = cluster;
  const ctx = await openContext(cluster.variables("web1"));
  await createZone(ctx, ctx.root, { name: "undo-old.example.", text: zoneText("undo-old.example") });
  await createZone(ctx, ctx.root, { name: "undo-edited.example.", text: zoneText("undo-edited.example") });
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones/add?from=files`);
  await page.getByLabel("is replaced by the file").check();
  const files = ["undo-old.example", "undo-edited.example", "undo-new.example"].map((name) => ({
    name: `${name}.db`,
    mimeType: "text/plain",
    buffer: Buffer.from(zoneText(name, "imported IN A 192.0.2.30")),
  }));
  await page.getByLabel("Choose files").setInputFiles(files);
  await expect(page.getByRole("row", { name: /undo-new\.example/ })).toContainText("Added");
  const name = "undo-edited.example.";
  await replaceZone(ctx, ctx.root, {
    name,
    text: zoneText("undo-edited.example", "imported IN A 192.0.2.30\nlater IN A 192.0.2.40"),
  });

  await page.getByRole("link", { name: "Undo this import…" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Imported zone files");
  const set = page.url();
  const zones = page.getByRole("list", { name: "Zones" }).locator(":scope > li");
  const edited = zones.filter({ hasText: "undo-edited.example" });
  await expect(edited).toContainText("Later edits touched other records");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo 2 zones" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Undid: Imported zone files");
  await expect(page.getByText("Done: 2 zones")).toBeVisible();
  await expect.poll(() => dig("imported.undo-old.example", "A", web1.dns)).toEqual([]);

  await page.goto(set);
  await expect(zones.filter({ hasText: "undo-new.example" })).toContainText("Undone");
  await edited.getByRole("button", { name: /^Undo, keep later edits/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo, keep later edits" }).click();
  await expect(page.getByText("Done: 1 zone")).toBeVisible();
  const { text } = await getZone(ctx, ctx.root, name);
  await ctx.close();
  expect(text).toContain("later.undo-edited.example.");
  expect(text).not.toContain("imported.undo-edited.example.");
});

test("replaces an address in many zones, leaves one out, and takes it back", async ({ page, cluster }) => {
  const { web1 } = cluster;
  const ctx = await openContext(cluster.variables("web1"));
  for (const name of ["swap-a", "swap-b", "swap-c"])
    await createZone(ctx, ctx.root, {
      name: `${name}.example.`,
      text: zoneText(`${name}.example`, "x IN A 100.64.0.1"),
    });
  await ctx.close();
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones`);
  await page.getByRole("link", { name: "Edit many zones" }).click();
  await page.getByLabel("Old IPv4 address").fill("100.64.0.300");
  await page.getByLabel("New IPv4 address").fill("100.64.0.2");
  await page.getByRole("button", { name: "Find the zones" }).click();
  await expect(page.getByLabel("Old IPv4 address")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("Old IPv4 address").fill("100.64.0.1");
  await page.getByRole("button", { name: "Find the zones" }).click();
  await expect(page.getByText("3 records in 3 zones would be changed.")).toBeVisible();
  await page.getByRole("checkbox", { name: "Change swap-c.example" }).uncheck();
  await expect(page.getByText("2 records in 2 zones would be changed.")).toBeVisible();
  await expectNoAxeViolations(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Change 2 zones" }).click();
  await expect(page.getByText("Done: 2 zones")).toBeVisible();
  await expect.poll(() => dig("x.swap-a.example", "A", web1.dns)).toEqual(["100.64.0.2"]);
  expect(await dig("x.swap-c.example", "A", web1.dns)).toEqual(["100.64.0.1"]);

  await page.getByRole("link", { name: "Change sets", exact: true }).first().click();
  await page.getByRole("link", { name: "A 100.64.0.1 → 100.64.0.2" }).first().click();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Undo 2 zones" }).click();
  await expect(page.getByText("Done: 2 zones")).toBeVisible();
  await expect.poll(() => dig("x.swap-a.example", "A", web1.dns)).toEqual(["100.64.0.1"]);
});

test("shows both copies of a zone that was changed on two servers, and restores the one that lost", async ({
  page,
  cluster,
}) => {
  const { web1 } = cluster;
  const ctx = await openContext(cluster.variables("web1"));
  const name = "torn.example.";
  const sender = { key: "server:other", name: "other.example.net", address: "192.0.2.90" };
  const receive = (record: string, serial: number) =>
    receiveZones(ctx, ctx.root, {
      items: [{ name, text: zoneText("torn.example", record).replace(" 1 1h", ` ${serial} 1h`) }],
      ...{ mode: "newest", originMemberId: null, sender },
    });
  await receive("old IN A 192.0.2.50", 5);
  await replaceZone(ctx, ctx.root, { name, text: zoneText("torn.example", "ours IN A 192.0.2.51") });
  await receive("theirs IN A 192.0.2.52", 3_000_000_000);
  await ctx.close();
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones/torn.example`);
  await page.getByRole("link", { name: "See both copies" }).click();
  await expect(page.getByText("This server’s copy lost against the newer one of other.example.net.")).toBeVisible();
  const copies = page.getByRole("region", { name: "What differs" });
  await expect(copies).toContainText("192.0.2.51");
  await expect(copies).toContainText("192.0.2.52");
  await expectNoAxeViolations(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.getByRole("button", { name: "Restore the other copy" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore the other copy" }).click();
  await expect(page.getByText("Restored by root")).toBeVisible();
  await expect.poll(() => dig("ours.torn.example", "A", web1.dns)).toEqual(["192.0.2.51"]);
});
