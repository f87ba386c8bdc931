import { openContext } from "@/lib/server/testing/open-context";
import { createZone } from "@/lib/zones/service";
import { dig, expect, startSession, test } from "../fixtures/test";
import { pasteZone, zoneText } from "./zone-steps";

test("adds a zone from a template", async ({ page, cluster }) => {
  const { web1, ns1 } = cluster;
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones`);
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/\/zones\/add/);
  const form = page.getByRole("form", { name: "Add a zone from a template" });
  await form.getByLabel("Domain").fill("from-template.example");
  await form.getByLabel("IPv4 address", { exact: true }).fill("192.0.2.44");
  await form.getByLabel("Nameserver 1").fill("ns1.from-template.example");
  await form.getByLabel("IPv4 address of nameserver 1").fill("192.0.2.53");
  await expect(page.getByText("from-template.example. IN A 192.0.2.44")).toBeVisible();
  await expect(page.getByText("ns1.from-template.example. IN A 192.0.2.53")).toBeVisible();
  await form.getByRole("button", { name: "Add zone" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("from-template.example");
  await expect.poll(() => dig("from-template.example", "A", ns1.dns)).toEqual(["192.0.2.44"]);
});

test("says which field of the template is missing", async ({ page, cluster }) => {
  const { web1 } = cluster;
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones/add`);
  const form = page.getByRole("form", { name: "Add a zone from a template" });
  await form.getByLabel("Domain").fill("not a name");
  await form.getByRole("button", { name: "Add zone" }).click();
  await expect(form.getByLabel("Domain")).toHaveAttribute("aria-invalid", "true");
  await form.getByLabel("Domain").fill("missing-ip.example");
  await form.getByLabel("IPv4 address", { exact: true }).fill("");
  await expect(page.getByText("Still needed: an IPv4 address.")).toBeVisible();
  await form.getByRole("button", { name: "Add zone" }).click();
  await expect(form.getByLabel("IPv4 address", { exact: true })).toHaveAttribute("aria-invalid", "true");
});

test("shows what is wrong with a pasted zone by its line, until it is right", async ({ page, cluster }) => {
  const { web1, ns2 } = cluster;
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones/add?from=text`);
  const text = page.getByRole("textbox", { name: "Zone file" });
  const broken = zoneText("pasted.example", "bad IN A 192.0.2.300\nx 5 IN CNAME www\nx IN A 192.0.2.1");
  await text.fill(broken);
  await expect(page.getByLabel("Domain").last()).toHaveValue("pasted.example");
  const problems = page.getByRole("list", { name: "Problems" });
  await expect(problems).toContainText("192.0.2.300");
  await problems.getByRole("button", { name: "Line 8" }).click();
  await expect(text).toBeFocused();
  await text.fill(broken.replace("192.0.2.300", "192.0.2.30").replace("x IN A 192.0.2.1", ""));
  await expect(page.getByText(/records, no errors/)).toBeVisible();
  await page
    .getByRole("form", { name: "Add a zone from a zone file" })
    .getByRole("button", { name: "Add zone" })
    .click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("pasted.example");
  await expect.poll(() => dig("bad.pasted.example", "A", ns2.dns)).toEqual(["192.0.2.30"]);
});

test("refuses a zone that is there already", async ({ page, cluster }) => {
  await startSession(page, cluster.web1.process.url, cluster.web1);
  await pasteZone(page, cluster.web1, zoneText("example.com"));
  await expect(page.getByRole("alert").filter({ hasText: "example.com exists already" })).toBeVisible();
});

test("takes many files with a report of each", async ({ page, cluster }) => {
  const { web1, ns1 } = cluster;
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones/add?from=files`);
  const file = (name: string, text: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  const noOrigin = (name: string) => zoneText(name).replace(/^\$ORIGIN.*\n/, "");
  const there = await openContext(cluster.variables("ns1"));
  for (const name of ["held-1.example", "held-2.example"])
    await createZone(there, there.root, { name: `${name}.`, text: zoneText(name).replace("192.0.2.10", "192.0.2.99") });
  await there.close();
  const files = [
    ...Array.from({ length: 45 }, (_, index) => file(`many-${index}.example.db`, noOrigin(`many-${index}.example`))),
    file("anything.txt", zoneText("many-origin.example")),
    file("broken.example.db", noOrigin("broken.example").replace("192.0.2.10", "nowhere")),
    file("unclosed.example.db", `${noOrigin("unclosed.example")}@ IN TXT "`),
    file("example.com.db", noOrigin("example.com")),
    file("readme", "This is no zone"),
    file("held-1.example.db", noOrigin("held-1.example")),
    file("held-2.example.db", noOrigin("held-2.example")),
  ];
  await page.getByLabel("Choose files").setInputFiles(files);
  await expect(page.getByText(`${files.length} of ${files.length} files`)).toBeVisible();
  const report = page.getByRole("region", { name: "Report" });
  await report.getByText(/^Refused \(3\)/).click();
  await expect(report.getByRole("row", { name: /broken\.example\.db/ })).toContainText("Line 5");
  await expect(report.getByRole("row", { name: /readme/ })).toContainText("Nothing says which zone this is");
  await report.getByText(/^All \(/).click();
  await expect(report.getByRole("row", { name: /^example\.com\.db/ })).toContainText("Skipped");
  await expect.poll(() => dig("www.many-44.example", "A", ns1.dns)).toEqual(["192.0.2.10"]);
  await expect.poll(() => dig("www.many-origin.example", "A", ns1.dns)).toEqual(["192.0.2.10"]);

  const held = report.getByRole("row", { name: /held-1\.example\.db/ });
  await expect(held).toContainText(`held-1.example exists already on ${ns1.hostname}`);
  await report.getByRole("button", { name: "Add held-1.example.db here anyway" }).click();
  await expect(held).toContainText("held-1.example was added");
  await report.getByRole("button", { name: "Add it here anyway" }).click();
  await expect(report.getByText(/exists already on/)).toHaveCount(0);

  await page.getByLabel("is replaced by the file").check();
  await page
    .getByLabel("Choose files")
    .setInputFiles([
      file("many-0.example.db", noOrigin("many-0.example")),
      file("many-1.example.db", noOrigin("many-1.example").replace("192.0.2.10", "192.0.2.11")),
    ]);
  await expect(report.getByRole("row", { name: /many-0/ })).toContainText("Unchanged");
  await expect(report.getByRole("row", { name: /many-1/ })).toContainText("Replaced");
});

test("an international name is shown in Unicode and served as its A-label", async ({ page, cluster }) => {
  const { web1, ns2 } = cluster;
  await startSession(page, web1.process.url, web1);
  await page.goto(`${web1.process.url}/zones/add`);
  const form = page.getByRole("form", { name: "Add a zone from a template" });
  await form.getByLabel("Domain").fill("Größe.example");
  await form.getByLabel("IPv4 address", { exact: true }).fill("192.0.2.45");
  await form.getByRole("button", { name: "Add zone" }).click();
  const heading = page.getByRole("heading", { level: 1 });
  await expect(heading).toContainText("größe.example");
  await expect(heading).toContainText("xn--gre-6ka8i.example");
  await expect.poll(() => dig("xn--gre-6ka8i.example", "A", ns2.dns)).toEqual(["192.0.2.45"]);
  await page.goto(`${web1.process.url}/zones`);
  await page.getByRole("searchbox", { name: "Search zones" }).fill("größe");
  await expect(page.getByRole("row", { name: /größe\.example/ })).toBeVisible();
});
