import { readdirSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { applicationFolder } from "@/lib/application-folder";
import { raiseNotice } from "@/lib/notifications/raise";
import { openContext } from "@/lib/server/testing/open-context";
import { deleteZones } from "@/lib/zones/delete-zones";
import { receiveZones } from "@/lib/zones/receive";
import { replaceZone } from "@/lib/zones/service";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";

/** Every page of the panel, and how to get to those whose address is not known beforehand. */
const PAGES: readonly {
  readonly name: string;
  readonly path: string;
  readonly link?: RegExp;
  /** The button that leads to the page. */
  readonly button?: string;
}[] = [
  { name: "Overview", path: "/" },
  { name: "Zones", path: "/zones" },
  { name: "Zones, searched", path: "/zones?q=mail" },
  { name: "Add a zone", path: "/zones/add" },
  { name: "A zone", path: "/zones/example.com" },
  { name: "A zone in another script", path: "/zones/xn--caf-dma.example" },
  { name: "A zone's history", path: "/zones/example.com/history" },
  { name: "A change", path: "/zones/example.com/history", link: /\/history\/\d+$/ },
  { name: "A zone's nameservers", path: "/zones/example.com/nameservers" },
  { name: "Fleet status", path: "/proof" },
  { name: "Not yet everywhere", path: "/proof/problems" },
  { name: "Edit many zones", path: "/zones/replace" },
  { name: "Change sets", path: "/changes" },
  { name: "A change set", path: "/changes", link: /\/changes\/\d+$/ },
  { name: "Conflicts", path: "/conflicts" },
  { name: "A conflict", path: "/conflicts", link: /\/conflicts\/\d+$/ },
  { name: "Recycle bin", path: "/recycle-bin" },
  { name: "Zone templates", path: "/templates" },
  { name: "A template", path: "/templates", link: /\/templates\/\w+$/ },
  { name: "DNS Cluster", path: "/cluster" },
  { name: "Add a server to the cluster", path: "/cluster/add" },
  { name: "Import a WHM server's cluster", path: "/cluster/import" },
  { name: "Add SoftLayer to the cluster", path: "/cluster/add?backend=softlayer" },
  { name: "Add VPS.NET to the cluster", path: "/cluster/add?backend=vpsnet" },
  { name: "Trust", path: "/cluster/trust" },
  { name: "A member", path: "/cluster", link: /\/cluster\/\d+$/ },
  { name: "A member's transactions", path: "/cluster/1/debug" },
  { name: "Edit a member", path: "/cluster", link: /\/cluster\/\d+\/edit$/ },
  { name: "Enable a member", path: "/cluster/1/enable" },
  { name: "Cluster status changed", path: "/cluster/changed/status" },
  { name: "Synchronize DNS Records", path: "/synchronize" },
  {
    name: "A synchronization",
    path: "/synchronize",
    link: /\/synchronize\/\d+$/,
    button: "Compare and show the plan",
  },
  { name: "Orphaned zones", path: "/orphans" },
  { name: "Cluster map", path: "/cluster/map" },
  { name: "Notifications", path: "/notifications" },
  { name: "A notification", path: "/notifications", link: /\/notifications\/\d+$/ },
  { name: "API Tokens", path: "/tokens" },
  { name: "Trusted IPs", path: "/trusted-ips" },
  { name: "Users", path: "/users" },
  { name: "Audit log", path: "/audit" },
  { name: "Settings", path: "/settings" },
  { name: "Account", path: "/account" },
  { name: "Not found", path: "/no-such-page" },
];

/** Both themes and both widths. Colours do not change with the width nor the layout with the theme, so two looks show them all. */
const LOOKS = [
  { theme: "light", width: 1280 },
  { theme: "dark", width: 390 },
] as const;

async function checkEveryLook(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  for (const { theme, width } of LOOKS) {
    await test.step(`${theme}, ${width} pixels`, async () => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 800 });
      await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${theme}\\b`));
      await expectNoSidewaysScroll(page);
      await expectNoAxeViolations(page);
    });
  }
}

/** Goes to the first link of the page that matches. */
async function follow(page: Page, link: RegExp): Promise<void> {
  const targets = await page
    .getByRole("link")
    .evaluateAll((links) => links.map((element) => (element as HTMLAnchorElement).href));
  const target = targets.find((href) => link.test(new URL(href).pathname));
  expect(target, `a link like ${link}`).toBeDefined();
  await page.goto(target ?? "");
}

/** The addresses that app/(panel) has pages for, with its parameters in brackets. */
function routes(): string[] {
  const panel = path.join(applicationFolder(), "app", "(panel)");
  return readdirSync(panel, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "page.tsx")
    .map((file) => `/${path.dirname(file) === "." ? "" : path.dirname(file)}`);
}

function isVisited(route: string): boolean {
  const pattern = new RegExp(`^${route.replace(/\[[^\]]+\]/g, "[^/]+")}$`);
  return PAGES.some(({ path: address, link }) =>
    link ? link.test(route.replace(/\[[^\]]+\]/g, "1")) : pattern.test(address.replace(/\?.*/, "")),
  );
}

test("no page is left out of this file", () => {
  expect(routes().filter((route) => !isVisited(route))).toEqual([]);
});

// A server to whose members nothing happens has nothing to tell.
test.beforeAll(async ({ cluster }) => {
  const ctx = await openContext(cluster.variables("web1"));
  const facts = { token: "backup", username: "root", expiresAt: Date.now(), heldBy: null };
  await ctx.db.transaction((tx) =>
    raiseNotice(tx, ctx, { event: "token-expiring", episode: "walk", ownerId: ctx.root.userId, facts }),
  );
  const names = ["walk-a.example.", "walk-b.example."];
  const text = "$TTL 1h\n@ SOA ns1.example.net. hostmaster.example.net. 1 1h 15m 2w 5m\n@ NS ns1.example.net.\n";
  const sender = { key: "server:walk", name: "walk.example.net", address: "192.0.2.90" };
  const receive = (serial: number, record: string) => {
    const items = names.map((name) => ({ name, text: `${text.replace(" 1 1h", ` ${serial} 1h`)}${record}\n` }));
    return receiveZones(ctx, ctx.root, { items, mode: "newest", originMemberId: null, sender });
  };
  // Both sides change the zones before either has the other's change.
  await receive(1, "a A 192.0.2.1");
  for (const name of names) await replaceZone(ctx, ctx.root, { name, text: `${text}b A 192.0.2.2\n` });
  await receive(3_000_000_000, "c A 192.0.2.3");
  await deleteZones(ctx, ctx.root, { names, reason: "" });
  await ctx.close();
});

test.describe("every page, in both themes and at both widths", () => {
  for (const { name, path: address, link, button } of PAGES) {
    test(name, async ({ page, cluster }) => {
      await startSession(page, cluster.web1.process.url, cluster.web1);
      await page.goto(cluster.web1.process.url + address);
      if (button) {
        await page.getByRole("button", { name: button }).click();
        await expect(page).toHaveURL(link ?? "");
        await expect(page.getByText("Every server is asked what it holds.")).toHaveCount(0);
      } else if (link) await follow(page, link);
      await checkEveryLook(page);
    });
  }

  test("Sign in", async ({ page, cluster }) => {
    await page.goto(`${cluster.web1.process.url}/sign-in`);
    await checkEveryLook(page);
  });

  test("First start", async ({ page, startFreshServer }) => {
    const server = await startFreshServer();
    await page.goto(server.url);
    await expect(page).toHaveURL(/\/setup$/);
    await checkEveryLook(page);
  });
});
