import { createZone } from "@/lib/zones/service";
import { expectNoAxeViolations } from "../fixtures/axe";
import { expect, signIn, test } from "../fixtures/test";
import { beside, ROOT, SET_UP, zoneText } from "./set-up-server";

test("the first page follows what happens, without a reload", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(SET_UP);
  await signIn(page, server.url, ROOT);
  await expect(page.getByText("Nothing has changed yet")).toBeVisible();
  await expect(page.getByText("Nameserver running")).toBeVisible();
  await expect(page.getByText("Live", { exact: true })).toBeVisible();

  // Another process on the same database: its changes are found through the change sequence.
  await beside(server, (ctx) =>
    createZone(ctx, ctx.root, { name: "news.example.", text: zoneText("192.0.2.1"), reason: "First of all" }),
  );
  await expect(page.getByRole("link", { name: "news.example" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "news.example" })).toContainText(/Served/);
  await expectNoAxeViolations(page);
});

test("without a nameserver the panel runs and says how to get one", async ({ page, startFreshServer }) => {
  const server = await startFreshServer({ ...SET_UP, PATH: "/nonexistent" });
  await signIn(page, server.url, ROOT);
  await expect(page.getByText("No nameserver is installed on this server")).toBeVisible();
  await expect(page.getByRole("region", { name: "install command" })).toContainText("apt-get install");
  await expectNoAxeViolations(page);
});
