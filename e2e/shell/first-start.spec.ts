import type { Page } from "@playwright/test";
import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, test } from "../fixtures/test";
import { PASSWORD, SET_UP } from "./set-up-server";

function setupCode(log: string): string {
  return /enter this code: (\w+)/.exec(log)?.[1] ?? "";
}

async function fillIn(page: Page, { again = PASSWORD } = {}): Promise<void> {
  await page.getByLabel("Password for root").fill(PASSWORD);
  await page.getByLabel("The same again").fill(again);
  await page.getByLabel("Hostname").fill("ns7.example.net");
  await page.getByLabel("Addresses").fill("192.0.2.7");
  await page.getByLabel("DNS-only").check();
}

test("a new server is set up in the browser, once", async ({ page, startFreshServer }) => {
  const server = await startFreshServer();
  await page.goto(`${server.url}/zones`);
  await expect(page).toHaveURL(/\/setup$/);
  await expect(page.getByRole("heading", { name: "Set up this server" })).toBeVisible();
  await expectNoAxeViolations(page);

  await fillIn(page);
  await page.getByLabel("Setup code").fill("not the code");
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByText("This is not the code that the server printed")).toBeVisible();
  await expect(page.getByLabel("Hostname")).toHaveValue("ns7.example.net");

  await page.goto(`${server.url}/setup?code=${setupCode(server.log())}`);
  await fillIn(page, { again: "something else" });
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByText("This is not the same password.")).toBeVisible();

  await fillIn(page);
  await page.getByRole("button", { name: "Set up" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await expect(page.getByText("ns7.example.net").first()).toBeVisible();

  expect((await page.goto(`${server.url}/setup`))?.status()).toBe(404);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a new server is set up as well", async ({ page, startFreshServer }) => {
    const server = await startFreshServer();
    await page.goto(`${server.url}/setup?code=${setupCode(server.log())}`);
    await fillIn(page, { again: "something else" });
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByText("This is not the same password.")).toBeVisible();
    await fillIn(page);
    await page.getByRole("button", { name: "Set up" }).click();
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  });
});

test("a server that the environment set up asks for the password at once", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  expect((await page.goto(`${server.url}/setup`))?.status()).toBe(404);
  await page.goto(server.url);
  await expect(page).toHaveURL(/\/sign-in$/);
});
