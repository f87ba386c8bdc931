import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, signIn, test } from "../fixtures/test";
import { PASSWORD, ROOT, SET_UP } from "./set-up-server";

test("root makes a reseller, who works, is suspended and comes back", async ({
  page,
  openBrowser,
  startFreshServer,
}) => {
  const server = await startFreshServer(SET_UP);
  await signIn(page, server.url, ROOT);
  await page.goto(`${server.url}/users`);

  await page.getByRole("button", { name: "Create a reseller" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Username").fill("1st");
  await form.getByRole("button", { name: "Create" }).click();
  await expect(form.getByText("starts with a letter")).toBeVisible();
  await expectNoAxeViolations(page);
  await form.getByLabel("Username").fill("studio");
  await form.getByRole("button", { name: "Create" }).click();

  const shown = page.getByRole("dialog", { name: "Password of studio" });
  const password = (await shown.getByRole("region", { name: "password" }).textContent()) ?? "";
  expect(password).toMatch(/^\w{20}$/);
  await shown.getByRole("button", { name: "I have saved it" }).click();
  const row = page.getByRole("row", { name: /studio/ });
  await expect(row.getByText("Active")).toBeVisible();

  const theirs = await openBrowser();
  await signIn(theirs, server.url, { user: "studio", password });
  await expect(theirs.getByRole("heading", { name: "Overview" })).toBeVisible();

  await row.getByRole("button", { name: "Actions for studio" }).click();
  await page.getByRole("menuitem", { name: "Suspend" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Suspend" }).click();
  await expect(row.getByText("Suspended")).toBeVisible();
  await theirs.reload();
  await expect(theirs).toHaveURL(/\/sign-in/);

  await row.getByRole("button", { name: "Actions for studio" }).click();
  await page.getByRole("menuitem", { name: "Lift suspension" }).click();
  await expect(row.getByText("Active")).toBeVisible();
  await signIn(theirs, server.url, { user: "studio", password });
});

test("changing the password keeps this session and ends the others", async ({
  page,
  openBrowser,
  startFreshServer,
}) => {
  const server = await startFreshServer(SET_UP);
  const other = await openBrowser();
  await signIn(other, server.url, ROOT);
  await signIn(page, server.url, ROOT);
  await page.goto(`${server.url}/account`);
  const change = async (current: string, again: string) => {
    await page.getByLabel("Current password").fill(current);
    await page.getByLabel("New password").fill("another good password");
    await page.getByLabel("The new one again").fill(again);
    await page.getByRole("button", { name: "Change password" }).click();
  };
  await change("wrong", "another good password");
  await expect(page.getByText("This is not your current password.")).toBeVisible();
  await change(PASSWORD, "something else");
  await expect(page.getByText("The two new passwords differ.")).toBeVisible();
  await change(PASSWORD, "another good password");
  await expect(page.getByText("Your password was changed.")).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Account" })).toBeVisible();
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
});
