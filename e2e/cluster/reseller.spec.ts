import { openContext } from "@/lib/server/testing/open-context";
import { createUser } from "@/lib/users/service";
import { expect, signIn, test } from "../fixtures/test";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

test("a reseller cannot reach the DNS cluster", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(WEB_SERVER);
  const ctx = await openContext(variablesOf(server));
  await createUser(ctx, ctx.root, { username: "studio", password: PASSWORD, email: null });
  await ctx.close();
  await signIn(page, server.url, { user: "studio", password: PASSWORD });
  await expect(page.getByRole("link", { name: "Zones" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "DNS Cluster" })).toHaveCount(0);
  for (const path of ["/cluster", "/cluster/add", "/cluster/1", "/cluster/1/edit", "/cluster/changed/status"]) {
    await page.goto(`${server.url}${path}`);
    await expect(page.getByText("There is nothing at this address"), path).toBeVisible();
    await expect(page.getByText("Enable DNS clustering")).toHaveCount(0);
  }
});
