import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { dig, expect, scriptsRan, startSession, test } from "../fixtures/test";
import { recordRow, review, stageAddress, startWithZone, untilSavedIsServed } from "./zone-steps";

test("several edits are reviewed, saved as one change and seen arriving", async ({ page, cluster }) => {
  const { web1, ns1, ns2 } = cluster;
  await startWithZone(page, web1, "edited.example");
  await stageAddress(page, "new", "192.0.2.30");
  await expect(recordRow(page, "new", "192.0.2.30")).toContainText("added");
  await recordRow(page, "mail", "192.0.2.20").getByRole("button", { name: "Delete mail A" }).click();
  await expect(recordRow(page, "mail", "192.0.2.20")).toContainText("removed");
  await recordRow(page, "www", "192.0.2.10").getByRole("button", { name: "Edit www A" }).click();
  const form = page.getByRole("form", { name: "Change record" });
  await form.getByRole("textbox", { name: /address/i }).fill("192.0.2.999");
  await form.getByRole("button", { name: "Change record" }).click();
  await expect(form.getByRole("alert")).toContainText("192.0.2.999");
  await form.getByRole("textbox", { name: /address/i }).fill("192.0.2.11");
  await form.getByLabel("TTL").fill("2h");
  await form.getByRole("button", { name: "Change record" }).click();
  await expect(recordRow(page, "www", "192.0.2.11")).toContainText("TTL 3600 192.0.2.10");
  await expect(page.getByText("3 edits not saved")).toBeVisible();

  const dialog = await review(page);
  await expect(dialog.getByRole("region", { name: "Changes" })).toContainText("1 record added, 1 changed, 1 removed.");
  await expectNoAxeViolations(page);
  await dialog.getByLabel(/^Reason/).fill("Moved to the new rack");
  await dialog.getByRole("button", { name: /^Save/ }).click();
  await untilSavedIsServed(page);
  for (const { dns } of [web1, ns1, ns2]) {
    expect(await dig("www.edited.example", "A", dns)).toEqual(["192.0.2.11"]);
    expect(await dig("new.edited.example", "A", dns)).toEqual(["192.0.2.30"]);
    expect(await dig("mail.edited.example", "A", dns)).toEqual([]);
  }
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("row").filter({ hasText: "Moved to the new rack" })).toContainText("root");
});

test("everything can be done by keyboard", async ({ page, cluster }) => {
  const { web1, ns1 } = cluster;
  await startWithZone(page, web1, "keyboard.example");
  await page.goto(`${web1.process.url}/zones`);
  await page.keyboard.press("/");
  await page.keyboard.type("keyboard.example");
  // All of it: what is searched for later brings the list back.
  await expect(page).toHaveURL(/q=keyboard\.example$/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("searchbox", { name: "Search zones" }).blur();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: "keyboard.example" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: /^Add record/ })).toBeVisible();
  await scriptsRan(page);
  await page.keyboard.press("a");
  await expect(page.getByRole("form", { name: "Add record" }).getByLabel("Name", { exact: true })).toBeFocused();
  await page.keyboard.type("typed");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("192.0.2.77");
  await page.keyboard.press("Enter");
  await expect(recordRow(page, "typed", "192.0.2.77")).toContainText("added");
  // The added record is the first row; the second one is the SOA, which cannot be deleted.
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("d");
  await expect(page.getByText("1 edit not saved")).toBeVisible();
  await page.keyboard.press("e");
  await expect(page.getByRole("form", { name: "Change record" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("form", { name: "Change record" })).toBeHidden();
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("dialog", { name: "Review changes" }).getByText("1 record added.")).toBeVisible();
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("dialog", { name: "Review changes" })).toBeHidden();
  await expect.poll(() => dig("typed.keyboard.example", "A", ns1.dns)).toEqual(["192.0.2.77"]);
});

test("two people who edit one zone lose nothing", async ({ page, openBrowser, cluster }) => {
  const { web1, ns2 } = cluster;
  await startWithZone(page, web1, "shared.example");
  const second = await openBrowser();
  await startSession(second, web1.process.url, web1);
  await second.goto(page.url());
  const edit = async (who: typeof page, row: string, address: string) => {
    await recordRow(who, row, "192.0.2.")
      .getByRole("button", { name: `Edit ${row} A` })
      .click();
    const form = who.getByRole("form", { name: "Change record" });
    await form.getByRole("textbox", { name: /address/i }).fill(address);
    await form.getByRole("button", { name: "Change record" }).click();
  };
  await edit(second, "www", "192.0.2.12");
  await edit(second, "mail", "192.0.2.22");
  await stageAddress(second, "mine", "192.0.2.32");

  await edit(page, "www", "192.0.2.11");
  await stageAddress(page, "theirs", "192.0.2.31");
  await (await review(page)).getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByRole("dialog")).toBeHidden();

  // What the first one saved appears beneath the second one's edits, which stay.
  await expect(recordRow(second, "theirs", "192.0.2.31")).toBeVisible();
  await expect(recordRow(second, "www", "192.0.2.12")).toContainText("no longer there");
  const dialog = await review(second);
  await expect(dialog.getByText("The zone was changed while you edited")).toBeVisible();
  await expect(dialog.getByRole("region", { name: "Changed in between" })).toContainText("192.0.2.31");
  const conflicts = dialog.getByRole("list", { name: "Conflicts" });
  await expect(conflicts).toContainText("192.0.2.11");
  await expect(dialog.getByRole("button", { name: /^Save/ })).toBeDisabled();
  await conflicts.getByRole("button", { name: "Put mine on top" }).click();
  await expect(conflicts).toBeHidden();
  await dialog.getByRole("button", { name: /^Save/ }).click();
  await expect(dialog).toBeHidden();
  await expect.poll(() => dig("www.shared.example", "A", ns2.dns)).toEqual(["192.0.2.11", "192.0.2.12"]);
  expect(await dig("mail.shared.example", "A", ns2.dns)).toEqual(["192.0.2.22"]);
  expect(await dig("mine.shared.example", "A", ns2.dns)).toEqual(["192.0.2.32"]);
  expect(await dig("theirs.shared.example", "A", ns2.dns)).toEqual(["192.0.2.31"]);
});

test("edits outlive another page and a reload", async ({ page, cluster }) => {
  await startWithZone(page, cluster.web1, "kept.example");
  const zone = page.url();
  await stageAddress(page, "kept", "192.0.2.40");
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("table", { name: "Revisions" })).toBeVisible();
  await page.goto(zone);
  await expect(page.getByText("1 edit not saved, from before you left this page.")).toBeVisible();
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard" }).click();
  await expect(recordRow(page, "kept", "192.0.2.40")).toHaveCount(0);
});

test("the zone can be edited as its zone file", async ({ page, cluster }) => {
  const { web1, ns1 } = cluster;
  await startWithZone(page, web1, "as-text.example");
  await page.getByText("Zone file", { exact: true }).click();
  const text = page.getByRole("textbox", { name: "Zone file" });
  const before = await text.inputValue();
  await text.fill(before.replace("192.0.2.10", "192.0.2.nope"));
  await expect(page.getByText("The zone file has errors")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Review changes/ })).toBeDisabled();
  await text.fill(before.replace("192.0.2.10", "192.0.2.55"));
  await expect(page.getByText("1 edit not saved")).toBeVisible();
  const dialog = await review(page);
  await expect(dialog).toContainText("1 record changed.");
  await dialog.getByRole("button", { name: /^Save/ }).click();
  await expect.poll(() => dig("www.as-text.example", "A", ns1.dns)).toEqual(["192.0.2.55"]);
});

test("a change that can hurt has to be meant", async ({ page, cluster }) => {
  await startWithZone(page, cluster.web1, "apex.example");
  await recordRow(page, "NS", "ns2.example.net.").getByRole("button", { name: "Delete @ NS" }).click();
  const dialog = await review(page);
  await expect(dialog.getByText("A change that can hurt")).toBeVisible();
  await expect(dialog.getByRole("button", { name: /^Save/ })).toBeDisabled();
  await dialog.getByLabel("I mean it").check();
  await dialog.getByRole("button", { name: /^Save/ }).click();
  await expect(page.getByText(/^Saved as serial/)).toBeVisible();
});

test("what the zone cannot be is refused before it is saved", async ({ page, cluster }) => {
  await startWithZone(page, cluster.web1, "refused.example");
  await page.getByRole("button", { name: /^Add record/ }).click();
  const form = page.getByRole("form", { name: "Add record" });
  await form.getByLabel("Type").selectOption("CNAME");
  await form.getByLabel("Name", { exact: true }).fill("www");
  await form
    .getByLabel(/^Target|Alias|Host/)
    .first()
    .fill("mail.example.org");
  await expect(form.getByText("mail.example.org.refused.example.").first()).toBeVisible();
  await form.getByRole("button", { name: "Use mail.example.org. instead" }).click();
  await form.getByRole("button", { name: "Add record" }).click();
  const dialog = await review(page);
  await expect(dialog.getByText("This cannot be saved yet")).toBeVisible();
  await expect(dialog.getByRole("button", { name: /^Save/ })).toBeDisabled();
});

test("hostile content stays text", async ({ page, cluster }) => {
  const { web1 } = cluster;
  const hostile = [
    "x IN TXT \"<script>document.title='owned'</script><img src=x onerror=alert(1)>\"",
    String.raw`x IN TXT "\226\128\174gnirts\000\007\027[31m"`,
    `long IN TXT ${Array.from({ length: 12 }, () => `"${"W".repeat(250)}"`).join(" ")}`,
    `${"l".repeat(63)}.${"l".repeat(63)}.${"l".repeat(60)} IN A 192.0.2.1`,
    "xn--4dbcagdahymbxekheh6e0a7fei0b IN A 192.0.2.2",
  ].join("\n");
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await startWithZone(page, web1, "hostile.example", hostile);
  await expect(recordRow(page, "<script>")).toBeVisible();
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await expectNoSidewaysScroll(page);
    await expectNoAxeViolations(page);
  }
  await page.goto(`${web1.process.url}/zones?q=%3Cscript%3E`);
  await expect(page.getByText("<script>", { exact: false }).first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  expect(await page.title()).not.toBe("owned");
  expect(dialogs).toEqual([]);
});
