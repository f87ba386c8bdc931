import { expectNoAxeViolations } from "../fixtures/axe";
import { dig, expect, test } from "../fixtures/test";
import { recordRow, review, stageAddress, startWithZone, untilSavedIsServed } from "./zone-steps";

test("an older revision is compared and restored", async ({ page, cluster }) => {
  const { web1, ns1 } = cluster;
  await startWithZone(page, web1, "restored.example");
  await stageAddress(page, "later", "192.0.2.99");
  await (await review(page)).getByRole("button", { name: /^Save/ }).click();
  await untilSavedIsServed(page);
  await expect.poll(() => dig("later.restored.example", "A", ns1.dns)).toEqual(["192.0.2.99"]);

  await page.getByRole("link", { name: "History" }).click();
  const rows = page.getByRole("table", { name: "Revisions" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await rows.nth(1).getByRole("link").click();
  const difference = page.getByRole("region", { name: "Difference" });
  await expect(difference).toContainText("1 record added.");
  await expect(difference).toContainText("192.0.2.99");
  await expect(page.getByRole("table", { name: "Nameservers" })).toContainText("Served");
  await expectNoAxeViolations(page);

  await page.getByRole("link", { name: "All revisions" }).click();
  await rows.nth(2).getByRole("button", { name: "Restore" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Restore" }).click();
  await expect(rows).toHaveCount(4);
  await expect(rows.nth(1)).toContainText("Restored");
  await expect.poll(() => dig("later.restored.example", "A", ns1.dns)).toEqual([]);
});

test("a deleted zone is restored, or deleted for good", async ({ page, cluster }) => {
  const { web1, ns2 } = cluster;
  const name = "binned.example";
  await startWithZone(page, web1, name);
  await expect.poll(() => dig(`www.${name}`, "A", ns2.dns)).toEqual(["192.0.2.10"]);
  const remove = async () => {
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("All 3 nameservers stop answering for it at once");
    await expect(dialog).toContainText("30 days");
    await dialog.getByRole("button", { name: "Delete zone" }).click();
    await expect(page).toHaveURL(/\/zones$/);
  };
  await remove();
  await expect.poll(() => dig(`www.${name}`, "A", ns2.dns)).toEqual([]);
  await page.goto(`${web1.process.url}/recycle-bin`);
  await expectNoAxeViolations(page);
  await page.getByRole("button", { name: `Restore ${name}` }).click();
  await expect(page.getByRole("row", { name })).toHaveCount(0);
  await expect.poll(() => dig(`www.${name}`, "A", ns2.dns)).toEqual(["192.0.2.10"]);

  await page.goto(`${web1.process.url}/zones/${name}`);
  await expect(recordRow(page, "www", "192.0.2.10")).toBeVisible();
  await remove();
  await page.goto(`${web1.process.url}/recycle-bin`);
  await page.getByRole("button", { name: `Delete for good ${name}` }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Delete for good" })).toBeDisabled();
  await dialog.getByRole("textbox").fill(name);
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(page.getByRole("row", { name })).toHaveCount(0);
  await page.goto(`${web1.process.url}/zones/${name}`);
  await expect(page.getByText("There is nothing at this address")).toBeVisible();
});
