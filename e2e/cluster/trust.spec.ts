import { setClusterEnabled } from "@/lib/cluster/settings";
import { openContext } from "@/lib/server/testing/open-context";
import { createToken } from "@/lib/tokens/service";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

const ROOT = { user: "root", password: PASSWORD };

test("two servers trust each other; a revoked token shows the broken half, and one click mends it", async ({
  page,
  startFreshServer,
}) => {
  const web = await startFreshServer(WEB_SERVER);
  const other = await startFreshServer({ ...WEB_SERVER, ZONEFLEET_HOSTNAME: "web8.example.net" });
  const [here, there] = [await openContext(variablesOf(web)), await openContext(variablesOf(other))];
  await setClusterEnabled(here, here.root, true);
  const { token } = await createToken(there, there.root, { name: "web9", acls: ["clustering"] });
  await here.close();
  await there.close();

  await test.step("both halves are set up in one step, and what was done is shown", async () => {
    await startSession(page, web.url, ROOT);
    await page.goto(`${web.url}/cluster/add`);
    await page.getByLabel("Remote cPanel & WHM DNS host").fill(`${other.address}:${other.port}`);
    await page.getByLabel("Remote server API token").fill(token);
    await page.getByLabel("Setup Reverse Trust Relationship").check();
    await page.getByRole("button", { name: "Test connection" }).click();
    await page.getByRole("button", { name: "Accept this certificate" }).click();
    await expect(page.getByText("The connection works.")).toBeVisible();
    await page.getByRole("button", { name: "Submit" }).click();
    await expect(page.getByText("web8.example.net and this server trust each other.")).toBeVisible();
    const done = page.getByRole("list", { name: "What was done on each side" });
    await expect(done).toContainText("reverse-trust-127-0-0-1-");
    await expect(done).toContainText("with the role Standalone");
    await expectNoAxeViolations(page);
    await page.getByRole("link", { name: "Return to Cluster Status" }).click();
    await expect(page.getByRole("row", { name: "web8.example.net" })).toContainText("Trust both ways");
  });

  await test.step("the other end shows both halves as well", async () => {
    await startSession(page, other.url, ROOT);
    await page.goto(`${other.url}/cluster/trust`);
    const row = page.getByRole("row", { name: "web9.example.net" });
    await expect(row).toContainText("Trust both ways");
    await expect(row).toContainText("It says that its calls to this server are answered.");
    await page.goto(`${other.url}/cluster`);
    await expect(page.getByRole("combobox", { name: "DNS role of web9.example.net" })).toHaveValue("standalone");
  });

  await test.step("the token is revoked", async () => {
    await page.goto(`${web.url}/tokens`);
    await page
      .getByRole("row", { name: /reverse-trust/ })
      .getByRole("button", { name: /^Revoke/ })
      .click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByText("was revoked.")).toBeVisible();
  });

  await test.step("the broken half is shown with its remedy, which mends it", async () => {
    await page.goto(`${web.url}/cluster`);
    const state = page.getByRole("row", { name: "web8.example.net" });
    await expect(state).toContainText("Trust is broken");
    await state.getByRole("link", { name: "Trust is broken" }).click();
    const row = page.getByRole("row", { name: "web8.example.net" });
    await expect(row).toContainText("The API token that was made for it here was revoked.");
    await expectNoAxeViolations(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
    await row.getByRole("button", { name: "Set up reverse trust with web8.example.net" }).click();
    const dialog = page.getByRole("dialog", { name: "Reverse trust with web8.example.net" });
    await expect(dialog).toContainText("web8.example.net and this server trust each other.");
    await expectNoAxeViolations(page);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(row).toContainText("Trust both ways");
  });
});

test("a half that fails is named and taken back", async ({ page, startFreshServer }) => {
  // Others would reach this server at an address that it does not have.
  const web = await startFreshServer({ ...WEB_SERVER, ZONEFLEET_ADDRESSES: "127.0.0.77" });
  const other = await startFreshServer({ ...WEB_SERVER, ZONEFLEET_HOSTNAME: "web8.example.net" });
  const there = await openContext(variablesOf(other));
  const { token } = await createToken(there, there.root, { name: "web9", acls: ["clustering"] });
  await there.close();
  await startSession(page, web.url, ROOT);
  await page.goto(`${web.url}/cluster/add`);
  await page.getByLabel("Remote cPanel & WHM DNS host").fill(`${other.address}:${other.port}`);
  await page.getByLabel("Remote server API token").fill(token);
  await page.getByLabel("Setup Reverse Trust Relationship").check();
  await page.getByRole("button", { name: "Submit" }).click();
  await page.getByRole("button", { name: "Accept this certificate" }).click();
  await expect(page.getByText("The connection works.")).toBeVisible();
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(page.getByText("The reverse trust was not set up.")).toBeVisible();
  const done = page.getByRole("list", { name: "What was done on each side" });
  await expect(done).toContainText("It was revoked again.");
  await expect(done).toContainText("This server was not set up there.");
  await page.goto(`${web.url}/tokens`);
  await expect(page.getByText("No API tokens yet")).toBeVisible();
});
