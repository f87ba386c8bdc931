import type { Page } from "@playwright/test";
import { createUser } from "@/lib/users/service";
import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, scriptsRan, signIn, test } from "../fixtures/test";
import { beside, PASSWORD, ROOT, SET_UP } from "./set-up-server";

async function submit(page: Page, user: string, password: string): Promise<void> {
  await page.getByLabel("Username").fill(user);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

test("sign-in leads to the page that was asked for, and nowhere else", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await page.goto(`${server.url}/audit?q=session`);
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  await expectNoAxeViolations(page);
  await submit(page, "root", "wrong");
  await expect(page.getByText("The username or the password is not right.")).toBeVisible();
  await expect(page.getByLabel("Username")).toHaveValue("root");
  await submit(page, "root", PASSWORD);
  await expect(page).toHaveURL(`${server.url}/audit?q=session`);

  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
  expect(cookie?.name).toMatch(/^__Host-zonefleet-[0-9a-f]{10}$/);

  await page.goto(`${server.url}/sign-in?to=//example.com/`);
  await expect(page).toHaveURL(`${server.url}/`);
});

test("guessing is slowed down, and the page says for how long", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await page.goto(`${server.url}/sign-in`);
  for (let tries = 0; tries < 5; tries++) {
    await submit(page, "root", `guess ${tries}`);
    await expect(page.getByRole("button", { name: "Sign in" })).toBeEnabled();
  }
  await submit(page, "root", PASSWORD);
  await expect(page.getByText(/Too many sign-ins failed\. Try again in \d+ seconds?\./)).toBeVisible();
});

test("signing out everywhere ends the other browser's session", async ({ page, openBrowser, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  const other = await openBrowser();
  await signIn(page, server.url, ROOT);
  await signIn(other, server.url, ROOT);

  await page.getByRole("button", { name: "Account of root" }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await other.reload();
  await expect(other.getByRole("heading", { name: "Overview" })).toBeVisible();

  await signIn(page, server.url, ROOT);
  await page.goto(`${server.url}/account`);
  await page.getByRole("button", { name: "Sign out everywhere" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign out everywhere" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await other.reload();
  await expect(other).toHaveURL(/\/sign-in/);
});

test("what was typed survives a session that ended", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await signIn(page, server.url, ROOT);
  await page.goto(`${server.url}/settings`);
  await page.getByLabel("Contact").fill("dns@example.com");
  await page.context().clearCookies();
  const form = page.locator("form", { has: page.getByLabel("Contact") });
  await form.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Your session has ended.")).toBeVisible();

  const opened = page.context().waitForEvent("page");
  await page.getByRole("button", { name: "Sign in" }).click();
  const beside = await opened;
  await scriptsRan(beside);
  await submit(beside, "root", PASSWORD);
  await expect(beside.getByRole("heading", { name: "You are signed in as root" })).toBeVisible();

  await expect(page.getByLabel("Contact")).toHaveValue("dns@example.com");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The settings for new zones were saved.")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("signing in works, and errors are shown", async ({ page, startFreshServer }) => {
    const server = await startFreshServer(SET_UP);
    await page.goto(`${server.url}/users`);
    await submit(page, "root", "wrong");
    await expect(page.getByText("The username or the password is not right.")).toBeVisible();
    await submit(page, "root", PASSWORD);
    await expect(page.getByRole("heading", { name: "Users" })).toBeVisible();
  });
});

test("two servers on one host keep their sessions apart", async ({ page, startFreshServer }) => {
  const [first, second] = [await startFreshServer(SET_UP), await startFreshServer(SET_UP)];
  await signIn(page, first.url, ROOT);
  await signIn(page, second.url, ROOT);
  await page.goto(first.url);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});

test("a user finds out by name and password only", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await beside(server, (ctx) => createUser(ctx, ctx.root, { username: "studio", email: null, password: PASSWORD }));
  await page.goto(`${server.url}/sign-in`);
  await submit(page, " Studio ", PASSWORD);
  await expect(page.getByRole("button", { name: "Account of studio" })).toBeVisible();
});

test("next-auth's own endpoints follow the same rules", async ({ request, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  const signInBy = async (password: string) => {
    const { csrfToken } = await (await request.get(`${server.url}/api/auth/csrf`)).json();
    const form = { csrfToken, username: "root", password, json: "true" };
    return request.post(`${server.url}/api/auth/callback/credentials`, { form });
  };
  const search = () => request.get(`${server.url}/api/search?q=a`);
  expect((await signInBy("wrong")).status()).toBe(401);
  expect((await search()).status()).toBe(401);
  expect(await (await signInBy(PASSWORD)).json()).toEqual({ url: server.url });
  expect((await search()).status()).toBe(200);
  expect(Object.keys(await (await request.get(`${server.url}/api/auth/session`)).json())).toEqual(["expires"]);
  expect((await search()).status()).toBe(200);
});
