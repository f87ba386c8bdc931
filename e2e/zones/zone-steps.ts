import { expect, type Page } from "@playwright/test";
import type { ClusterServer } from "@/lib/server/testing/start-cluster";
import { startSession } from "../fixtures/test";

/** A small zone with the demo's nameservers. @param records further lines of the zone file */
export function zoneText(name: string, records = ""): string {
  return `$ORIGIN ${name}.
$TTL 1h
@ IN SOA ns1.example.net. hostmaster.example.net. 1 1h 15m 2w 5m
@ IN NS ns1.example.net.
@ IN NS ns2.example.net.
www IN A 192.0.2.10
mail IN A 192.0.2.20
${records}`;
}

/** Signs in and adds a zone by pasting it; ends on its page when every nameserver serves it, as what arrives moves what is below. */
export async function startWithZone(page: Page, server: ClusterServer, name: string, records = ""): Promise<void> {
  await startSession(page, server.process.url, server);
  await pasteZone(page, server, zoneText(name, records));
  await expect(page.getByRole("heading", { level: 1 })).toContainText(name);
  await expect(page.getByRole("region", { name: "Newest change" })).toContainText("Served by all 3 nameservers");
}

/** Waits until the page of a zone shows that what was saved there this moment is served by the demo's three nameservers. */
export async function untilSavedIsServed(page: Page): Promise<void> {
  const saved = await page.getByText(/^Saved as serial \d+/).textContent();
  // What it shows until it has heard of it is the change before.
  const served = new RegExp(`Served by all 3 nameservers .* serial ${/\d+/.exec(saved ?? "")?.[0]}`);
  await expect(page.getByRole("region", { name: "Newest change" })).toContainText(served);
}

export async function pasteZone(page: Page, server: ClusterServer, text: string): Promise<void> {
  await page.goto(`${server.process.url}/zones/add?from=text`);
  await page.getByRole("textbox", { name: "Zone file" }).fill(text);
  await page
    .getByRole("form", { name: "Add a zone from a zone file" })
    .getByRole("button", { name: "Add zone" })
    .click();
}

/** The row of a record, by what stands in it. */
export function recordRow(page: Page, ...parts: readonly string[]) {
  return parts.reduce(
    (rows, part) => rows.filter({ hasText: part }),
    page.getByRole("region", { name: "Records" }).getByRole("row"),
  );
}

/** Adds an A record with the form and leaves it staged. By the keyboard: a receipt that arrives above moves buttons away from under a pointer. */
export async function stageAddress(page: Page, name: string, address: string): Promise<void> {
  await page.getByRole("button", { name: /^Add record/ }).press("Enter");
  const form = page.getByRole("form", { name: "Add record" });
  await form.getByLabel("Name").fill(name);
  await form.getByRole("textbox", { name: /address/i }).fill(address);
  await form.getByRole("button", { name: "Add record" }).press("Enter");
}

export async function review(page: Page) {
  await page.getByRole("button", { name: /^Review changes/ }).press("Enter");
  return page.getByRole("dialog", { name: "Review changes" });
}
