import { type AddressInfo, createServer } from "node:net";
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

test("a nameserver that cannot start is the first thing the page tells", async ({ page, startFreshServer }) => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const server = await startFreshServer({ ...SET_UP, ZONEFLEET_DNS_LISTEN: `127.0.0.1@${port}` });
  await signIn(page, server.url, ROOT);
  await expect(page.getByText("Another program uses the nameserver's address and port")).toBeVisible();
  await expectNoAxeViolations(page);
  // It is noticed by itself when the port is free.
  await new Promise((resolve) => taken.close(resolve));
  await expect(page.getByText("Nameserver running")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText("Another program uses")).toHaveCount(0);
});
