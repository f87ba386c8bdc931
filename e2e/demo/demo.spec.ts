import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Page } from "@playwright/test";
import { applicationFolder } from "@/lib/application-folder";
import type { DemoServer } from "@/scripts/demo/state";
import { dig, expect, signIn, test } from "../fixtures/test";
import { recordRow, review, untilSavedIsServed } from "../zones/zone-steps";

const run = promisify(execFile);

/** A checkout of its own, so that the test leaves the developer's demo alone. Large folders are linked: the demo only reads them. */
function checkout(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "zonefleet-checkout-"));
  const root = applicationFolder();
  const sources = ["app", "components", "lib", "prisma", "public", "scripts", "dist", ".next"];
  const files = [
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "next.config.js",
    "postcss.config.mjs",
    "prisma.config.ts",
    "proxy.ts",
  ];
  for (const name of [...sources, ...files].filter((name) => existsSync(path.join(root, name))))
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true, verbatimSymlinks: true });
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

async function demo(folder: string, ...flags: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["scripts/demo.mjs", ...flags], { cwd: folder, timeout: 150_000 });
  return stdout;
}

function lastLine(stdout: string): { servers: DemoServer[] } {
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

function address(server: DemoServer) {
  const [host = "", port] = server.dns.split("#");
  return { address: host, port: Number(port) };
}

/** Processes that work in a folder: the servers, and their nameservers. */
function processesIn(folder: string): string[] {
  return readdirSync("/proc").filter((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      return readlinkSync(`/proc/${entry}/cwd`).startsWith(folder);
    } catch {
      // It ended in between, or is somebody else's.
      return false;
    }
  });
}

async function changeAddress(page: Page, owner: string, before: string, after: string): Promise<void> {
  await recordRow(page, owner, before)
    .getByRole("button", { name: `Edit ${owner} A` })
    .click();
  const form = page.getByRole("form", { name: "Change record" });
  await form.getByRole("textbox", { name: /address/i }).fill(after);
  await form.getByRole("button", { name: "Change record" }).click();
  await (await review(page)).getByRole("button", { name: /^Save/ }).click();
}

test("the demo starts, serves an edit on all three nameservers, is reused and leaves nothing behind", async ({
  page,
}) => {
  test.setTimeout(600_000);
  const folder = checkout();
  try {
    const { servers } = lastLine(await demo(folder, "--detach"));
    expect(servers.map(({ name }) => name)).toEqual(["web1", "ns1", "ns2"]);
    const [web1] = servers as [DemoServer];
    for (const server of servers) {
      expect(await dig("www.bakery.example", "A", address(server))).toEqual(["192.0.2.151", "bakery.example."]);
      expect(await dig("customer-04488.access.example", "AAAA", address(server))).toEqual(["2001:db8:a::1188"]);
    }

    await signIn(page, web1.url, web1);
    await page.goto(`${web1.url}/zones/bakery.example`);
    await changeAddress(page, "mail", "192.0.2.25", "203.0.113.77");
    await untilSavedIsServed(page);
    for (const server of servers)
      expect(await dig("mail.bakery.example", "A", address(server))).toEqual(["203.0.113.77"]);

    const again = lastLine(await demo(folder, "--detach"));
    expect(again.servers).toEqual(servers);
    expect(processesIn(folder).length).toBeGreaterThanOrEqual(6);

    await expect(demo(folder, "--structure", "ring", "--detach")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Choose one of: direct, intermediary, multiple."),
    });
    await expect(demo(folder, "--structure", "multiple", "--detach")).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining("npm run demo -- --structure multiple --reset"),
    });
    const chain = lastLine(await demo(folder, "--structure", "multiple", "--reset", "--detach")).servers;
    expect(chain.map(({ name }) => name)).toEqual(["web1", "web2", "ns1", "ns2"]);
    for (const server of chain)
      expect(await dig("www.example.com", "A", address(server))).toEqual(
        await dig("www.example.com", "A", address(web1)),
      );
    expect(await dig("mail.bakery.example", "A", address(chain[3] as DemoServer))).toEqual(["192.0.2.25"]);
    await demo(folder, "--stop");
    await expect.poll(() => processesIn(folder)).toEqual([]);
  } finally {
    await demo(folder, "--stop");
    rmSync(folder, { recursive: true, force: true });
  }
});
