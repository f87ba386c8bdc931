import { createZone } from "@/lib/zones/service";
import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, scriptsRan, signIn, test } from "../fixtures/test";
import { beside, ROOT, SET_UP, zoneText } from "./set-up-server";

test("every page and zone is reached by keyboard", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await beside(server, (ctx) =>
    createZone(ctx, ctx.root, { name: "xn--bcher-kva.example.", text: zoneText("192.0.2.1") }),
  );
  await signIn(page, server.url, ROOT);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  // The second key has to follow the first one within a moment, which a busy machine may miss.
  await expect(async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await expect(page).toHaveURL(/\/audit$/, { timeout: 5_000 });
  }).toPass();
  await expect(page.getByRole("heading", { name: "Audit log" })).toBeVisible();
  await scriptsRan(page);

  await page.keyboard.press("/");
  await page.keyboard.type("zone.create");
  await expect(page).toHaveURL(/q=zone\.create/);
  await expect(page.getByText("1 event", { exact: true })).toBeVisible();

  await page.getByRole("main").focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox")).toBeFocused();
  await page.keyboard.type("büch");
  await expect(page.getByRole("option", { name: "bücher.example" })).toBeVisible();
  await expectNoAxeViolations(page);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/zones\/xn--bcher-kva\.example$/);
});

test("light, dark or as the system, remembered", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await signIn(page, server.url, ROOT);
  const scheme = () => page.evaluate(() => getComputedStyle(document.documentElement).colorScheme);
  const themes = page.getByRole("button", { name: "Theme" });
  await themes.click();
  await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeVisible();
  await expectNoAxeViolations(page);
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect.poll(scheme).toBe("dark");
  await page.reload();
  await expect.poll(scheme).toBe("dark");
});
