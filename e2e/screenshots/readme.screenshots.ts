import path from "node:path";
import type { Page } from "@playwright/test";
import { applicationFolder } from "@/lib/application-folder";
import type { ClusterServer } from "@/lib/server/testing/start-cluster";
import { apiClient } from "@/scripts/bench/api-client";
import { expect, signIn, test } from "../fixtures/test";

/** The README's pictures: npm run screenshots. */
const PICTURES = [
  { name: "overview", path: "/" },
  { name: "zones", path: "/zones" },
  { name: "zone", path: "/zones/example.com" },
  { name: "history", path: "/zones/bakery.example/history" },
  { name: "cluster", path: "/cluster" },
  { name: "add-member", path: "/cluster/add" },
  { name: "map", path: "/cluster/map" },
  { name: "trust", path: "/cluster/trust" },
  { name: "synchronize", path: "/synchronize" },
  { name: "proof", path: "/proof" },
] as const;

const LOOKS = [
  { theme: "light", width: 1280, height: 800 },
  { theme: "dark", width: 1280, height: 800 },
  { theme: "light", width: 390, height: 844 },
  { theme: "dark", width: 390, height: 844 },
] as const;

async function take(page: Page, name: string): Promise<void> {
  for (const { theme, width, height } of LOOKS) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height });
    await expect(page.locator("html")).toHaveClass(new RegExp(`\\b${theme}\\b`));
    const file = path.join(applicationFolder(), "public", "screenshots", `${name}-${theme}-${width}.png`);
    await page.screenshot({ path: file, animations: "disabled" });
  }
}

/** Fresh changes, so that a picture shows how fast one is and not how long the servers took to start. */
async function changeZone(server: ClusterServer, times: number): Promise<void> {
  const api = apiClient(server);
  const zone = "example.com";
  const { payload } = (await api.call("parse_dns_zone", { zone })) as {
    payload: { record_type: string; data_b64: string[] }[];
  };
  const soa = payload.find((line) => line.record_type === "SOA");
  let serial = Buffer.from(soa?.data_b64[2] ?? "", "base64").toString();
  for (let host = 83; host < 83 + times; host++) {
    const add = JSON.stringify({ dname: `shop${host}`, ttl: 3_600, record_type: "A", data: [`192.0.2.${host}`] });
    const answer = await api.call("mass_edit_dns_zone", { zone, serial, add });
    serial = String(answer.new_serial);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  api.close();
}

for (const picture of PICTURES)
  test(`picture of ${picture.name}`, async ({ page, cluster }) => {
    await signIn(page, cluster.web1.process.url, cluster.web1);
    if (picture.name === "zone") await changeZone(cluster.web1, 1);
    if (picture.name === "proof") await changeZone(cluster.web1, 150);
    await page.goto(cluster.web1.process.url + picture.path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByText("Live", { exact: true })).toBeVisible();
    if (picture.name === "zone") await expect(page.getByText(/^Served by all 3 nameservers/)).toBeVisible();
    await take(page, picture.name);
  });
