import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, signIn, test } from "../fixtures/test";
import { ROOT, SET_UP } from "./set-up-server";

test("root turns the metrics on, makes a token, and ends it", async ({ page, request, startFreshServer }) => {
  const { url } = await startFreshServer(SET_UP);
  const read = (token = "") =>
    request.get(`${url}/metrics`, { headers: token === "" ? {} : { authorization: `Bearer ${token}` } });
  expect((await read()).status()).toBe(404);
  await signIn(page, url, ROOT);
  await page.goto(`${url}/settings`);
  const metrics = page.getByRole("region", { name: "Metrics" });

  await test.step("an address that is none is refused where it was entered", async () => {
    await metrics.getByLabel("Serve metrics").check();
    await metrics.getByLabel("Addresses that may read them").fill("everywhere");
    await metrics.getByRole("button", { name: "Save" }).click();
    await expect(metrics.getByText("is not an IP address or network")).toBeVisible();
  });

  let token = "";
  await test.step("a token is shown once, and opens", async () => {
    await metrics.getByLabel("Addresses that may read them").fill("192.0.2.1");
    await metrics.getByLabel("Metrics token").selectOption("Make one");
    await metrics.getByRole("button", { name: "Save" }).click();
    const shown = page.getByRole("dialog", { name: "The metrics token" });
    token = (await shown.locator("code").textContent()) ?? "";
    await expectNoAxeViolations(page);
    await shown.getByRole("button", { name: "I have saved it" }).click();
    expect((await read()).status()).toBe(401);
    expect(await (await read(token)).text()).toContain("zonefleet_nameserver_up 1");
    await expect(metrics.getByLabel("Metrics token")).toHaveValue("keep");
  });

  await test.step("it ends, and this machine may read them", async () => {
    await metrics.getByLabel("Metrics token").selectOption("End it");
    await metrics.getByLabel("Addresses that may read them").fill("127.0.0.1");
    await metrics.getByRole("button", { name: "Save" }).click();
    await expect(metrics.getByLabel("Metrics token")).toContainText("Make one");
    expect((await read(token)).status()).toBe(200);
    await metrics.getByLabel("Addresses that may read them").fill("");
    await metrics.getByRole("button", { name: "Save" }).click();
    await expect.poll(async () => (await read(token)).status()).toBe(401);
  });
});
