import { engineActor } from "@/lib/access/actor";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import type { Cluster, ClusterServerName } from "@/lib/server/testing/start-cluster";
import { getZone } from "@/lib/zones/queries";
import { receiveZones } from "@/lib/zones/receive";
import { createZone, replaceZone } from "@/lib/zones/service";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { dig, expect, startSession, test } from "../fixtures/test";

const NAME = "by-hand.example.";
const text = (address: string) =>
  `$ORIGIN ${NAME}\n$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;

/** Works on a server's database beside it, as somebody at that server would. */
async function at<T>(cluster: Cluster, name: ClusterServerName, work: (ctx: ServerContext) => Promise<T>): Promise<T> {
  const ctx = await openContext(cluster.variables(name));
  try {
    return await work(ctx);
  } finally {
    await ctx.close();
  }
}

test("an edit made by hand on a member is found, and the newest copy goes everywhere", async ({ page, cluster }) => {
  const answers = async (address: string, ...names: ClusterServerName[]) => {
    for (const name of names)
      await expect.poll(() => dig("by-hand.example", "A", cluster[name].dns)).toEqual([address]);
  };
  await at(cluster, "web1", (ctx) => createZone(ctx, ctx.root, { name: NAME, text: text("192.0.2.10") }));
  await answers("192.0.2.10", "web1", "ns1", "ns2");

  await test.step("somebody edits the zone on ns1", async () => {
    // Newer copies are also taken in by themselves, once a minute: not in the middle of this, however long it takes.
    const lastPullAt = BigInt(Date.now() + 60 * 60_000);
    await at(cluster, "web1", (ctx) => ctx.db.client.member.updateMany({ data: { lastPullAt } }));
    await at(cluster, "ns1", (ctx) => replaceZone(ctx, ctx.root, { name: NAME, text: text("192.0.2.20") }));
    await answers("192.0.2.20", "ns1");
  });

  await test.step("the plan, asked for on the zone's page, says what would be done", async () => {
    await startSession(page, cluster.web1.process.url, cluster.web1);
    await page.goto(`${cluster.web1.process.url}/zones/by-hand.example`);
    await page.getByRole("link", { name: "Synchronize", exact: true }).click();
    await expect(page.getByLabel("Synchronize one zone to all servers")).toBeChecked();
    await expect(page.getByLabel("Zone", { exact: true })).toHaveValue("by-hand.example");
    await page.getByRole("button", { name: "Compare and show the plan" }).click();
    await expect(page.getByText("This server takes the newer copy of ns1.example.net")).toBeVisible();
    await expect(page.getByText("ns2.example.net gets the newest copy in place of its own")).toBeVisible();
    await page.getByText("1 record changed.").first().click();
    await expect(page.getByText("192.0.2.20").first()).toBeVisible();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${colorScheme}\\b`));
      await expectNoAxeViolations(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("applied, it is served by all", async () => {
    await page.getByRole("button", { name: "Synchronize 2 steps" }).click();
    await expect(page.getByText("Done: 2 steps")).toBeVisible();
    await answers("192.0.2.20", "web1", "ns1", "ns2");
  });

  await test.step("an older copy on ns2 gives way, asked for in the server's row", async () => {
    const items = [{ name: NAME, text: text("192.0.2.30") }];
    await at(cluster, "ns2", (ctx) =>
      receiveZones(ctx, engineActor, { items, mode: "overwrite", originMemberId: null }),
    );
    await answers("192.0.2.30", "ns2");
    await page.goto(`${cluster.web1.process.url}/cluster`);
    await page.getByRole("link", { name: "Synchronize with ns2.example.net" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Synchronize DNS Records" })).toBeVisible();
    await expect(page.getByRole("combobox", { name: "Servers", exact: true })).toHaveValue(/\d/);
    await page.getByRole("button", { name: "Compare and show the plan" }).click();
    await expect(page.getByText("ns2.example.net gets the newest copy in place of its own")).toBeVisible();
    await page.getByRole("button", { name: /^Synchronize \d+ steps?$/ }).click();
    await expect(page.getByText(/^Done: \d+ steps?$/)).toBeVisible();
    await answers("192.0.2.20", "ns2");
    const { serial } = await at(cluster, "web1", (ctx) => getZone(ctx, ctx.root, NAME));
    expect(await at(cluster, "ns2", async (ctx) => (await getZone(ctx, ctx.root, NAME)).serial)).toBe(serial);
  });

  await test.step("then there is nothing to do", async () => {
    await page.goto(`${cluster.web1.process.url}/synchronize?zone=by-hand.example`);
    await expect(page.getByRole("table", { name: "Synchronizations, newest first" })).toContainText("Done");
    await expectNoAxeViolations(page);
    await page.getByRole("button", { name: "Compare and show the plan" }).click();
    await expect(page.getByText("1 zone compared: every server is as it should be.")).toBeVisible();
  });
});
