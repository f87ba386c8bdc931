import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";
import { ROOT, SET_UP } from "./set-up-server";

test("a token is made, shown once, works, and is revoked", async ({ page, request, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await startSession(page, server.url, ROOT);
  await page.goto(`${server.url}/tokens?create=1`);
  const form = page.getByRole("dialog", { name: "Create an API token" });
  await form.getByRole("button", { name: "Create" }).click();
  await expect(form.getByText("Give the token a name.")).toBeVisible();
  await expect(form.getByText("Choose at least one privilege.")).toBeVisible();
  await form.getByLabel("Name").fill("backup");
  await form.getByLabel("List DNS zones").check();
  await form.getByLabel("Allowed addresses").fill("127.0.0.0/8\nnot an address");
  await form.getByRole("button", { name: "Create" }).click();
  await expect(form.getByText(/not/).last()).toBeVisible();
  await expectNoAxeViolations(page);
  await form.getByLabel("Allowed addresses").fill("127.0.0.0/8");
  await form.getByRole("button", { name: "Create" }).click();

  const shown = page.getByRole("dialog", { name: "The token backup" });
  const token = (await shown.getByRole("region", { name: "API token" }).textContent()) ?? "";
  expect(token).toMatch(/^\w{32}$/);
  await shown.getByRole("button", { name: "I have saved it" }).click();

  const call = () =>
    request.get(`${server.url}/json-api/listzones?api.version=1`, { headers: { authorization: `whm root:${token}` } });
  expect((await call()).status()).toBe(200);
  await expect(page).toHaveURL(/\/tokens$/);
  await page.reload();
  const row = page.getByRole("row", { name: /backup/ });
  await expect(row).toContainText("list-zones");
  await expect(row).toContainText("from 127.0.0.1");
  await expect(page.getByText(token)).toHaveCount(0);

  await test.step("it is limited to another address, and goes on being the same token", async () => {
    await row.getByRole("button", { name: "Edit backup" }).click();
    const edit = page.getByRole("dialog", { name: "Edit the token backup" });
    await expect(edit.getByLabel("List DNS zones")).toBeChecked();
    await edit.getByLabel("Allowed addresses").fill("192.0.2.1");
    await edit.getByLabel("Expires").selectOption("In 7 days");
    await expectNoAxeViolations(page);
    await edit.getByRole("button", { name: "Save" }).click();
    await expect(row).toContainText("192.0.2.1");
    await expect(row).toContainText(/Expires in 6 days|Expires in 7 days/);
    expect((await call()).status()).toBe(401);
    await row.getByRole("button", { name: "Edit backup" }).click();
    await edit.getByLabel("Allowed addresses").fill("");
    await edit.getByRole("button", { name: "Save" }).click();
    await expect(row).toContainText("Everywhere");
    expect((await call()).status()).toBe(200);
  });

  await row.getByRole("button", { name: "Revoke backup" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No API tokens yet")).toBeVisible();
  expect((await call()).status()).toBe(401);
});
