import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import type { ServerContext } from "@/lib/server/testing/open-context";
import { type ClusterServer, type Structure, startCluster } from "@/lib/server/testing/start-cluster";
import { createZone } from "@/lib/zones/service";
import { dig, expect, signIn, startSession, test } from "../fixtures/test";
import { recordRow, review } from "../zones/zone-steps";
import { PASSWORD } from "./cluster-server";

/**
 * The steps of WHM's guide to DNS cluster configurations, server by server, on servers that do not know each other. Each link is made on the page of the
 * server that sends, with a token made on the page of the one that receives.
 */
const GUIDE: Readonly<Record<Structure, readonly (readonly [from: string, to: readonly string[]])[]>> = {
  direct: [["web1", ["ns1", "ns2"]]],
  intermediary: [
    ["web1", ["ns1"]],
    ["ns1", ["ns2"]],
  ],
  multiple: [
    ["web1", ["web2"]],
    ["web2", ["ns1"]],
    ["ns1", ["ns2"]],
  ],
};

const ZONE = `$TTL 3600
@ SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600
@ NS ns1.example.net.
@ NS ns2.example.net.
ns1 A 192.0.2.1
`;

const seed = async (ctx: ServerContext) =>
  void (await createZone(ctx, ctx.root, { name: "example.com.", text: ZONE, reason: "Its first zone" }));

async function makeToken(page: Page, { process: { url } }: ClusterServer): Promise<string> {
  await page.goto(`${url}/tokens?create=1`);
  const form = page.getByRole("dialog", { name: "Create an API token" });
  await form.getByLabel("Name").fill("cluster");
  await form.getByLabel("DNS Clustering").check();
  await form.getByRole("button", { name: "Create" }).click();
  const token = page.getByRole("region", { name: "API token" });
  await expect(token).toHaveText(/^\w{32}$/);
  return (await token.textContent()) ?? "";
}

async function enableClustering(page: Page): Promise<void> {
  await page.getByRole("link", { name: "DNS Cluster", exact: true }).click();
  await page.getByRole("radio", { name: "Enable DNS clustering" }).check();
  await page.getByRole("button", { name: "Change" }).click();
  await page.getByRole("link", { name: "Return to Cluster Status" }).click();
  await expect(page.getByRole("radio", { name: "Enable DNS clustering" })).toBeChecked();
}

async function addServer(page: Page, member: ClusterServer, token: string): Promise<void> {
  await page.getByLabel("Backend Type").selectOption({ label: "cPanel & WHM / DNSOnly / Zonefleet" });
  await page.getByRole("button", { name: "Configure" }).click();
  await page.getByLabel("Remote cPanel & WHM DNS host").fill(`${member.process.address}:${member.process.port}`);
  await page.getByLabel("Remote server username").fill("root");
  await page.getByLabel("Remote server API token").fill(token);
  await page.getByLabel("DNS role").selectOption("Synchronize");
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.getByRole("button", { name: "Accept this certificate" }).click();
  await expect(page.getByText("The connection works.")).toBeVisible();
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(page.getByRole("row", { name: member.hostname })).toContainText("Online");
}

/** "Synchronize", from the row of the member. */
async function synchronize(page: Page, member: ClusterServer): Promise<void> {
  await page.getByRole("link", { name: member.hostname, exact: true }).click();
  await page.getByRole("button", { name: "Synchronize all zones again" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Synchronize all zones" }).click();
  await expect(page.getByText(`All zones are compared with ${member.hostname} again.`)).toBeVisible();
  await page.getByRole("navigation", { name: "Breadcrumb" }).getByRole("link", { name: "DNS Cluster" }).click();
}

async function addRecord(page: Page, { process: { url } }: ClusterServer): Promise<void> {
  await page.goto(`${url}/zones/example.com`);
  await recordRow(page, "ns1", "192.0.2.1").getByRole("button", { name: "Edit ns1 A" }).press("Enter");
  const form = page.getByRole("form", { name: "Change record" });
  await form.getByRole("textbox", { name: /address/i }).fill("192.0.2.53");
  await form.getByRole("button", { name: "Change record" }).press("Enter");
  await (await review(page)).getByRole("button", { name: /^Save/ }).click();
}

for (const structure of ["direct", "intermediary", "multiple"] as const) {
  test(`the structure ${structure} is set up as the guide says`, async ({ page, openBrowser }) => {
    const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-structure-"));
    const { servers, stop } = await startCluster({ folder, structure, isLinked: false, password: PASSWORD, seed });
    try {
      const named = (name: string) => servers.find((server) => server.name === name) as ClusterServer;
      const web1 = named("web1");
      for (const [from, members] of GUIDE[structure]) {
        await test.step(`${from} gets ${members.join(" and ")}`, async () => {
          const sender = from === "web1" ? page : await openBrowser();
          await signIn(sender, named(from).process.url, named(from));
          await enableClustering(sender);
          for (const member of members.map(named)) {
            expect(await dig("ns1.example.com", "A", member.dns)).toEqual([]);
            const there = await openBrowser();
            await startSession(there, member.process.url, member);
            await addServer(sender, member, await makeToken(there, member));
            await there.close();
            await synchronize(sender, member);
            await expect.poll(() => dig("ns1.example.com", "A", member.dns)).toEqual(["192.0.2.1"]);
          }
        });
      }
      await test.step("an edit on web1 is answered by every server", async () => {
        await addRecord(page, web1);
        for (const { dns } of servers)
          await expect.poll(() => dig("ns1.example.com", "A", dns)).toEqual(["192.0.2.53"]);
      });
    } finally {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
