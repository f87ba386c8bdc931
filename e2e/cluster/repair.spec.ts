import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { knotDirectory } from "@/lib/nameserver/knot-directory";
import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import type { Cluster, ClusterServerName } from "@/lib/server/testing/start-cluster";
import { createZone } from "@/lib/zones/service";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { dig, expect, startSession, test } from "../fixtures/test";

const run = promisify(execFile);
const text = (name: string, address: string) =>
  `$ORIGIN ${name}\n$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;

/** Works on a server's database beside it, as somebody at that server would. */
async function at<T>(cluster: Cluster, name: ClusterServerName, work: (ctx: ServerContext) => Promise<T>): Promise<T> {
  const ctx = await openContext(cluster.variables(name));
  try {
    return await work(ctx);
  } finally {
    await ctx.close();
  }
}

/** Somebody changes what a server's nameserver serves, past the server. */
async function tamper(cluster: Cluster, name: ClusterServerName, zone: string, address: string): Promise<void> {
  const { controlSocket } = knotDirectory(cluster.variables(name).ZONEFLEET_DATA_DIR ?? "");
  for (const command of [
    ["zone-begin", zone],
    ["zone-unset", zone, "@", "A"],
    ["zone-set", zone, "@", "300", "A", address],
    ["zone-commit", zone],
  ])
    await run("knotc", ["-s", controlSocket, ...command]);
}

const answers = (cluster: Cluster, server: ClusterServerName, zone: string, expected: readonly string[]) =>
  expect.poll(() => dig(zone, "A", cluster[server].dns)).toEqual(expected);

async function saveGrace(page: Page, url: string, hours: string): Promise<void> {
  await page.goto(`${url}/orphans`);
  await page.getByLabel("Grace period of orphaned zones, in hours").fill(hours);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
}

test("a zone that nobody owns is found, and goes through a plan that was approved", async ({ page, cluster }) => {
  const { url } = cluster.web1.process;
  await at(cluster, "ns1", (ctx) =>
    createZone(ctx, ctx.root, { name: "stray.example.", text: text("stray.example.", "192.0.2.66") }),
  );
  await answers(cluster, "ns1", "stray.example", ["192.0.2.66"]);
  await startSession(page, url, cluster.web1);

  await test.step("whoever compares finds it", async () => {
    await saveGrace(page, url, "0");
    await page.goto(`${url}/synchronize`);
    await page.getByRole("button", { name: "Compare and show the plan" }).click();
    await expect(page).toHaveURL(/\/synchronize\/\d+$/);
    await expect(page.getByText("Every server is asked what it holds.")).toHaveCount(0);
    await page.goto(`${url}/orphans?q=stray`);
    const row = page.getByRole("row", { name: /stray\.example/ });
    await expect(row).toContainText("ns1.example.net");
    await expect(row).toContainText("Another server may write it there.");
    await expectNoAxeViolations(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
    await row.getByRole("checkbox").check();
    await page.getByRole("button", { name: "Remove there" }).click();
  });

  await test.step("its plan waits, and the overview says so", async () => {
    await expect(page.getByText("1 step of this plan can do harm and waits for approval")).toBeVisible();
    await expect(page.getByText("Only this very copy goes.")).toBeVisible();
    await expectNoAxeViolations(page);
    await page.goto(url);
    await expect(page.getByText("1 plan waits for approval.")).toBeVisible();
    await answers(cluster, "ns1", "stray.example", ["192.0.2.66"]);
    await page.getByRole("link", { name: "Look at it" }).click();
    await page.getByRole("button", { name: "Approve 1 marked step" }).click();
    await expectNoAxeViolations(page);
    await page.getByRole("dialog").getByRole("button", { name: "Approve", exact: true }).click();
    await expect(page.getByText("1 marked step approved")).toBeVisible();
  });

  await test.step("then it is removed there, and can be brought back here", async () => {
    await page.getByRole("button", { name: "Synchronize 1 step" }).click();
    await expect(page.getByText("Done: 1 step")).toBeVisible();
    await answers(cluster, "ns1", "stray.example", []);
    await page.goto(`${url}/recycle-bin?q=stray`);
    await expect(page.getByRole("button", { name: "Restore stray.example" })).toBeVisible();
    await page.goto(`${url}/orphans?q=stray`);
    await expect(page.getByText("No zone matches")).toBeVisible();
    await saveGrace(page, url, "72");
  });
});

test("what a nameserver serves otherwise than its server says is repaired", async ({ page, cluster }) => {
  const { url } = cluster.web1.process;
  const zone = "drift.example.";
  await at(cluster, "web1", (ctx) => createZone(ctx, ctx.root, { name: zone, text: text(zone, "192.0.2.10") }));
  for (const server of ["web1", "ns1", "ns2"] as const) await answers(cluster, server, "drift.example", ["192.0.2.10"]);
  await tamper(cluster, "ns1", zone, "192.0.2.99");
  await answers(cluster, "ns1", "drift.example", ["192.0.2.99"]);
  const memberId = await at(cluster, "web1", async ({ db }) => {
    const member = await db.client.member.findFirstOrThrow({ where: { remoteHostname: "ns1.example.net" } });
    const target = await db.client.target.findUniqueOrThrow({ where: { memberId: member.id } });
    const { id: zoneId } = await db.client.zone.findUniqueOrThrow({ where: { name: zone } });
    // As a comparison over DNS finds it.
    await db.client.zoneTarget.updateMany({ where: { zoneId, targetId: target.id }, data: { problem: "content" } });
    return member.id;
  });
  await startSession(page, url, cluster.web1);
  await page.goto(`${url}/cluster/${memberId}`);
  await page.getByRole("button", { name: /^Repair what differs/ }).click();
  await expect(page.getByText("gets the zone once more")).toBeVisible();
  await page.getByRole("button", { name: "Synchronize 1 step" }).click();
  await expect(page.getByText("Done: 1 step")).toBeVisible();
  await answers(cluster, "ns1", "drift.example", ["192.0.2.10"]);
});
