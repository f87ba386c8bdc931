import { createUser } from "@/lib/users/service";
import { createZone } from "@/lib/zones/service";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, signIn, test } from "../fixtures/test";
import { beside, PASSWORD, SET_UP, zoneText } from "./set-up-server";

test("a reseller sees their own zones and no page of root's", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await beside(server, async (ctx) => {
    const { id } = await createUser(ctx, ctx.root, { username: "studio", email: null, password: PASSWORD });
    await createZone(ctx, ctx.root, { name: "shop-of-root.example.", text: zoneText("192.0.2.1") });
    await createZone(ctx, ctx.root, { name: "shop-of-studio.example.", text: zoneText("192.0.2.2"), ownerId: id });
  });
  await signIn(page, server.url, { user: "studio", password: PASSWORD });

  const menu = page.getByRole("navigation", { name: "Main" });
  const places = [
    /^Overview/,
    /^Zones/,
    /^Change sets/,
    /^Recycle bin/,
    /^Fleet status/,
    /^Notifications/,
    /^API Tokens/,
  ];
  await expect(menu.getByRole("link")).toHaveText(places);
  await expect(page.getByRole("link", { name: "shop-of-studio.example" })).toBeVisible();
  await expect(page.getByText("shop-of-root")).toHaveCount(0);
  await expect(page.getByText("Local nameserver")).toHaveCount(0);
  await expectNoAxeViolations(page);
  await expectNoSidewaysScroll(page);

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("shop-of");
  await expect(page.getByRole("option", { name: "shop-of-studio.example" })).toBeVisible();
  await expect(page.getByRole("option", { name: "shop-of-root.example" })).toHaveCount(0);
  await page.keyboard.press("Escape");

  for (const path of [
    "/users",
    "/settings",
    "/trusted-ips",
    "/audit",
    "/cluster",
    "/cluster/add",
    "/cluster/1",
    "/cluster/1/edit",
    "/cluster/changed/status",
    "/cluster/trust",
    "/synchronize",
    "/synchronize/1",
    "/templates",
  ]) {
    await page.goto(`${server.url}${path}`);
    await expect(page.getByText("There is nothing at this address"), path).toBeVisible();
  }
  await page.goto(`${server.url}/tokens`);
  await expect(page.getByRole("heading", { name: "Manage API Tokens" })).toBeVisible();
});

test("routes answer nobody without a session", async ({ request, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  for (const path of ["/api/search?q=a", "/api/events?topics=zones"])
    expect((await request.get(`${server.url}${path}`)).status(), path).toBe(401);
});
