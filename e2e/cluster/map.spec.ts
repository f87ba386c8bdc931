import type { ServerPaths } from "@/lib/drivers/server-paths";
import { openContext } from "@/lib/server/testing/open-context";
import { writeSettings } from "@/lib/settings/settings";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, signIn, startSession, test } from "../fixtures/test";
import { PASSWORD, variablesOf, WEB_SERVER } from "./cluster-server";

/** What the links of a made-up cluster have in common. */
const LINK = { trust: "one-way", port: 2087 } as const;

test("the map shows the cluster as its servers tell it", async ({ page, cluster }) => {
  await signIn(page, cluster.web1.process.url, cluster.web1);
  await page.getByRole("link", { name: "DNS Cluster", exact: true }).click();
  await page.getByRole("link", { name: "Cluster map" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Cluster map" })).toBeVisible();
  await page.getByRole("button", { name: "Ask again" }).click();
  await expect(page.getByText("Every server was asked.")).toBeVisible();
  const row = (name: string) => page.getByRole("row").filter({ has: page.getByRole("rowheader", { name }) });
  await expect(row("web1.example.net")).toContainText("This server");
  await expect(row("web1.example.net")).toContainText("ns2.example.net Synchronize");
  for (const name of ["ns1.example.net", "ns2.example.net"]) {
    await expect(row(name)).toContainText("Nameserver");
    await expect(row(name)).toContainText("Answered");
    await expect(row(name).getByRole("link", { name })).toBeVisible();
  }
  await expect(page.getByText("Nothing to advise.")).toBeVisible();
});

test("sixty servers can be read, found, and are advised on", async ({ page, startFreshServer }) => {
  const server = await startFreshServer(WEB_SERVER);
  const ctx = await openContext(variablesOf(server));
  await writeSettings(ctx.db.client, "cluster", { isEnabled: true });
  const { id: memberId } = await ctx.db.client.member.create({
    data: {
      ...{ ownerId: ctx.root.userId, hostname: "ns0.example.net", address: "127.0.0.9", port: 9, username: "root" },
      // It refuses our token, and goes on doing so.
      ...{ kind: "web-server", lastErrorKind: "auth", lastError: "Refused.", lastErrorAt: BigInt(Date.now()) },
      ...{ backend: "whm", role: "sync", sealedCredential: "", serverId: "NS0", createdAt: 0n },
    },
  });
  const entry = (index: number) =>
    ({ hostname: `ns${index}.example.net`, serverId: `NS${index}`, role: "sync", acceptedMs: 20, ...LINK }) as const;
  const back = {
    hostname: WEB_SERVER.ZONEFLEET_HOSTNAME,
    serverId: null,
    role: "sync",
    acceptedMs: 20,
    ...LINK,
  } as const;
  const said = Array.from({ length: 59 }, (_, index): ServerPaths => {
    const members = index === 0 ? [back, ...Array.from({ length: 29 }, (_, to) => entry(to + 1))] : [];
    const onward = index > 0 && index < 30 ? [entry(index + 29)] : [];
    const { hostname, serverId } = entry(index);
    return { hostname, serverId, kind: "dns-only", ageMs: 0, handedOn: 0, members: [...members, ...onward] };
  });
  const answer = JSON.stringify(said);
  const askedAt = BigInt(Date.now());
  await ctx.db.client.memberPaths.upsert({
    where: { memberId },
    create: { memberId, askedAt, answeredAt: askedAt, answer },
    update: { askedAt, answeredAt: askedAt, answer, error: null },
  });
  await ctx.close();
  await startSession(page, server.url, { user: "root", password: PASSWORD });
  await page.goto(`${server.url}/cluster/map`);

  await expect(page.getByText("ns0.example.net synchronizes back to web9.example.net")).toBeVisible();
  await expect(page.getByRole("link", { name: "Add ns30.example.net" })).toHaveAttribute("href", "/cluster/add");
  const remedy = page.getByRole("link", { name: "Open the DNS Cluster page of ns0.example.net" }).first();
  await expect(remedy).toHaveAttribute("href", "https://ns0.example.net:9/cluster");
  await expect(page.getByText("2 intermediaries between web9.example.net and ns30.example.net")).toBeVisible();
  await expect(page.getByText("29 servers are behind two intermediaries or more")).toBeVisible();
  await expect(page.getByText("The trust between web9.example.net and ns0.example.net is broken")).toBeVisible();
  await expect(page.getByText("One-way trust between ns0.example.net and ns1.example.net")).toBeVisible();
  const trustThere = page.getByRole("link", { name: "Open the Trust page of ns0.example.net" }).first();
  await expect(trustThere).toHaveAttribute("href", "https://ns0.example.net:9/cluster/trust");
  const picture = page.getByRole("region", { name: "Picture of the cluster" });
  await expect(picture.locator("text", { hasText: "ns58.example.net" })).toBeAttached();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);

  await page.getByRole("button", { name: "Ask again" }).click();
  await expect(page.getByRole("row", { name: /^ns0\.example\.net/ })).toContainText("Did not answer since");

  await page.getByRole("searchbox", { name: "Search servers" }).fill("ns42");
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page.getByRole("row", { name: /ns42/ })).toContainText("3");
  await expect(picture.locator("text", { hasText: "ns42.example.net" })).toBeInViewport();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);

  await page.getByRole("link", { name: "Trust with ns0.example.net" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Trust" })).toBeVisible();
  await expect(page.getByRole("row", { name: /^ns0\.example\.net/ })).toContainText("Trust is broken");
  await expect(page.getByRole("link", { name: "Enter a new API token of ns0.example.net" })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectNoAxeViolations(page);
});
