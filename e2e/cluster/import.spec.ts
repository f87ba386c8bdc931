import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { tarArchive } from "@/lib/cluster/testing/tar-archive";
import { type MemberServer, startMemberServer } from "@/lib/members/testing/member-server";
import { expectNoAxeViolations, expectNoSidewaysScroll } from "../fixtures/axe";
import { expect, startSession, test } from "../fixtures/test";
import { PASSWORD, WEB_SERVER } from "./cluster-server";

let servers: MemberServer[];
test.beforeEach(async () => {
  servers = [
    await startMemberServer({ serverId: "NS1", hostname: "ns1.example.com" }),
    await startMemberServer({ serverId: "NS2", hostname: "ns2.example.com", token: "TOKEN-OF-NS2" }),
  ];
});
test.afterEach(async () => {
  for (const server of servers) await server.close();
});

/** What a WHM server has on its disk: one member with a token, one without, one of another backend. */
function configuration(): Record<string, string> {
  const [ns1, ns2] = servers;
  return {
    "var/cpanel/useclusteringdns": "",
    "var/cpanel/cpanel.config": "cluster_autodisable_threshold=5\ncluster_failure_notifications=1\n",
    "var/cpanel/cluster/root/config/192.0.2.1": `#version 2.0\nuser=root\nhost=127.0.0.1:${ns1?.port}\npass=${ns1?.behaviour.token}\nmodule=cPanel\ndebug=0\n`,
    "var/cpanel/cluster/root/config/192.0.2.1-dnsrole": "sync\n",
    "var/cpanel/cluster/root/config/192.0.2.2": `#version 2.0\nuser=root\nhost=localhost:${ns2?.port}\npass=\nmodule=cPanel\n`,
    "var/cpanel/cluster/root/config/192.0.2.2-dnsrole": "write-only\n",
    "var/cpanel/cluster/alice/config/192.0.2.3":
      "#version 2.0\nuser=alice\nhost=ns9.example.com\npass=\nmodule=cPanel\n",
    "etc/ips.remotedns": "198.51.100.7\n",
    "var/cpanel/cluster/root/config/softlayer": "#version 2.0\nuser=someone\napikey=x\nmodule=SoftLayer\n",
  };
}

test("a WHM server's cluster is reviewed and imported", async ({ page, startFreshServer }) => {
  const { url } = await startFreshServer(WEB_SERVER);
  await startSession(page, url, { user: "root", password: PASSWORD });
  await page.goto(`${url}/cluster`);
  await page.getByRole("link", { name: "Import from WHM" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Import from WHM" })).toBeVisible();
  const choose = (buffer: Buffer) =>
    page
      .getByLabel("Archive", { exact: true })
      .setInputFiles({ name: "cluster.tar.gz", mimeType: "application/gzip", buffer });
  const review = () => page.getByRole("button", { name: "Review" }).click();

  await test.step("an archive that climbs out is refused in words", async () => {
    await choose(gzipSync(tarArchive([{ path: "../../etc/ips.remotedns", text: "192.0.2.1" }])));
    await review();
    await expect(page.getByText(/leads out of the archive/)).toBeVisible();
  });

  const row = (host: string) =>
    page.getByRole("listitem").filter({ has: page.getByRole("checkbox", { name: new RegExp(`^${host}`) }) });
  await test.step("the plan says what each part does and what is missing", async () => {
    await choose(gzipSync(tarArchive(Object.entries(configuration()).map(([name, text]) => ({ path: name, text })))));
    await review();
    await expect(row("127.0.0.1:")).toContainText("DNS role Synchronize");
    await expect(row("127.0.0.1:")).toContainText("self-signed");
    await expect(row("localhost:")).toContainText("The configuration holds no token: enter one.");
    await expect(row("softlayer")).toContainText("Its backend is SoftLayer.");
    await expect(row("softlayer").getByRole("checkbox")).toBeDisabled();
    await expect(page.getByText("198.51.100.7")).toBeVisible();
    await expect(page.getByLabel("Disable a member after 5 failures in a row (failure threshold)")).toBeChecked();
    await expectNoAxeViolations(page);
    await page.setViewportSize({ width: 390, height: 800 });
    await expectNoSidewaysScroll(page);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  await test.step("one server that cannot be added holds up all of it", async () => {
    await row("127.0.0.1:").getByRole("button", { name: "Accept this certificate" }).click();
    await expect(row("127.0.0.1:")).toContainText("Its certificate is accepted.");
    await row("localhost:")
      .getByLabel(/^API token of localhost/)
      .fill("TOKEN-OF-NS2");
    await page.getByRole("button", { name: "Import what is ticked" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Nothing was imported." })).toBeVisible();
    await expect(row("localhost:")).toContainText("self-signed");
  });

  await test.step("then all of it is there at once", async () => {
    await row("localhost:").getByRole("button", { name: "Accept this certificate" }).click();
    await page.getByRole("button", { name: "Import what is ticked" }).click();
    await expect(page.getByText("Imported. Servers added: 2.")).toBeVisible();
    await expect(page.getByRole("combobox", { name: "DNS role of ns1.example.com" })).toHaveValue("sync");
    await expect(page.getByRole("combobox", { name: "DNS role of localhost" })).toHaveValue("write-only");
  });

  await test.step("a folder of this server is read the same way, and knows what is here already", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "zonefleet-whm-"));
    for (const [name, text] of Object.entries(configuration())) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    await page.goto(`${url}/cluster/import`);
    await page.getByLabel("a folder of this server").check();
    await page.getByLabel("Folder", { exact: true }).fill(folder);
    await review();
    await expect(row("127.0.0.1:")).toContainText("is in your DNS cluster already");

    await test.step("a reseller's servers wait for the account, which is a click away", async () => {
      await expect(row("ns9.example.com")).toContainText("there is no account of that name here");
      await expect(row("ns9.example.com").getByRole("checkbox")).toBeDisabled();
      await page.getByRole("link", { name: "Create the reseller alice" }).click();
      const create = page.getByRole("dialog", { name: "Create a reseller" });
      await expect(create.getByLabel("Username")).toHaveValue("alice");
      await create.getByRole("button", { name: "Create" }).click();
      await expect(page.getByRole("dialog", { name: "Password of alice" })).toBeVisible();
      await page.goto(`${url}/cluster/import`);
      await page.getByLabel("a folder of this server").check();
      await page.getByLabel("Folder", { exact: true }).fill(folder);
      await review();
      await expect(row("ns9.example.com")).toContainText("Joins the cluster of alice.");
      await expect(row("ns9.example.com").getByRole("checkbox")).toBeEnabled();
    });
    await rm(folder, { recursive: true });
  });
});
