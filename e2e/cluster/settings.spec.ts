import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, signIn, test } from "../fixtures/test";
import { PASSWORD, WEB_SERVER } from "./cluster-server";

test("root enables clustering, sets the options and disables it again", async ({ page, startFreshServer }) => {
  const { url } = await startFreshServer(WEB_SERVER);
  await signIn(page, url, { user: "root", password: PASSWORD });
  await page.getByRole("link", { name: "DNS Cluster", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "DNS Cluster" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Global Cluster Options" })).toBeHidden();
  await expectNoAxeViolations(page);

  await test.step("Modify Cluster Status", async () => {
    await page.getByRole("radio", { name: "Enable DNS clustering" }).check();
    await page.getByRole("button", { name: "Change" }).click();
    await expect(page.getByText("DNS clustering is enabled.")).toBeVisible();
    await expectNoAxeViolations(page);
    await page.getByRole("link", { name: "Return to Cluster Status" }).click();
    await expect(page.getByRole("radio", { name: "Enable DNS clustering" })).toBeChecked();
  });

  const options = page.getByRole("region", { name: "Global Cluster Options" });
  const number = options.getByRole("textbox", { name: "Number of failed commands" });
  await test.step("a number that is none is refused where it was entered", async () => {
    await expect(options.getByRole("radio", { name: "10 (Default)" })).toBeChecked();
    await number.fill("many");
    await expect(options.getByRole("radio", { name: "Another number" })).toBeChecked();
    await options.getByRole("button", { name: "Change" }).click();
    await expect(options.getByText("Enter a whole number")).toBeVisible();
    await expect(number).toHaveValue("many");
  });

  await test.step("a number of one's own is saved", async () => {
    await number.fill("25");
    await options.getByLabel("Receive a notification").uncheck();
    await options.getByRole("button", { name: "Change" }).click();
    await expect(page.getByText("25 failed commands in a row")).toBeVisible();
    await page.getByRole("link", { name: "Return to Cluster Status" }).click();
    await expect(number).toHaveValue("25");
    await expect(options.getByLabel("Receive a notification")).not.toBeChecked();
  });

  await test.step("members are kept online at all times", async () => {
    await options.getByRole("radio", { name: "Keep all cluster members online at all times" }).check();
    await options.getByRole("button", { name: "Change" }).click();
    await expect(page.getByText("All cluster members are kept online at all times.")).toBeVisible();
    await page.getByRole("link", { name: "Return to Cluster Status" }).click();
  });

  await test.step("disabled again", async () => {
    await page.getByRole("radio", { name: "Disable DNS clustering" }).check();
    await page.getByRole("region", { name: "Modify Cluster Status" }).getByRole("button", { name: "Change" }).click();
    await expect(page.getByText("DNS clustering is disabled.")).toBeVisible();
    await page.getByRole("link", { name: "Return to Cluster Status" }).click();
    await expect(options).toBeHidden();
  });
});
