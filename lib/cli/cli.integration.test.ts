import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineActor } from "@/lib/access/actor";
import { applicationFolder } from "@/lib/application-folder";
import { openContext } from "@/lib/server/testing/open-context";
import { type Cluster, startCluster } from "@/lib/server/testing/start-cluster";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { createToken } from "@/lib/tokens/service";
import { receiveZones } from "@/lib/zones/receive";

/** The command line as a process of its own, against real servers. */

let folder: string;
let cluster: Cluster;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "zonefleet-cli-"));
  cluster = await startCluster({ folder });
}, 240_000);
afterAll(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `zonefleet …` beside web1. */
function zonefleet(args: readonly string[], more: Record<string, string> = {}, input = ""): Promise<Ended> {
  const { web1 } = cluster;
  const child = spawn(process.execPath, [path.join(applicationFolder(), "bin/zonefleet.mjs"), ...args], {
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      ZONEFLEET_SERVER: web1.process.url,
      ZONEFLEET_TOKEN: web1.token,
      ZONEFLEET_DATA_DIR: web1.process.dataDir,
      ...more,
    },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

const json = async (...args: string[]) => {
  const { code, out, err } = await zonefleet([...args, "--json"]);
  expect(err).toBe("");
  return { code, data: JSON.parse(out) };
};

const text = (serial: number, address: string) =>
  `$TTL 300\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;

describe("npx zonefleet", { timeout: 120_000 }, () => {
  it("adds, imports, shows, exports and deletes zones", async () => {
    expect(await zonefleet(["zones", "add", "added.example", "--ip", "192.0.2.7"])).toMatchObject({ code: 0, err: "" });
    const file = path.join(folder, "imported.example.zone");
    writeFileSync(file, text(1, "192.0.2.8"));
    expect((await zonefleet(["zones", "import", file])).code).toBe(0);
    expect((await zonefleet(["zones", "import", "-"], {}, text(1, "192.0.2.9"))).code).toBe(2);
    expect((await json("zones", "list")).data).toEqual(["added.example", "imported.example"]);
    expect((await zonefleet(["zones", "show", "imported.example"])).out).toMatch(
      /imported\.example\. +300 +A +192\.0\.2\.8/,
    );
    const { out } = await zonefleet(["zones", "export", "imported.example"]);
    const input = out.replace("192.0.2.8", "192.0.2.18");
    expect((await json("zones", "import", file)).data).toMatchObject({ status: "skipped" });
    expect(
      (await zonefleet(["zones", "import", "-", "--zone", "imported.example", "--overwrite"], {}, input)).code,
    ).toBe(0);
    expect((await zonefleet(["zones", "export", "imported.example"])).out).toContain("192.0.2.18");
    expect((await zonefleet(["zones", "delete", "added.example"])).code).toBe(0);
    const bad = await zonefleet(["zones", "import", "-", "--zone", "bad.example"], {}, "@ A nonsense\n");
    expect(bad).toMatchObject({ code: 1, out: "" });
    expect(bad.err).toContain("Line 1");
    expect(await zonefleet(["zones", "show", "missing.example"])).toMatchObject({ code: 1, out: "" });
  });

  it("tells when a change is served everywhere", async () => {
    const { code, data } = await json("receipts", "imported.example", "--wait", "60");
    expect(code).toBe(0);
    expect(data.targets.map(({ state }: { state: string }) => state)).toEqual(["served", "served", "served"]);
    await cluster.ns2.process.stop();
    await zonefleet(["zones", "import", "-", "--zone", "waiting.example"], {}, text(1, "192.0.2.9"));
    expect((await zonefleet(["receipts", "waiting.example"])).code).toBe(3);
    expect((await zonefleet(["members", "check"])).code).toBe(3);
    await cluster.ns2.process.start();
    expect((await zonefleet(["receipts", "waiting.example", "--wait", "90"])).code).toBe(0);
    const members = await json("members", "check");
    expect(members.code).toBe(0);
    expect(members.data).toMatchObject([{ status: "Online" }, { status: "Online" }]);
  });

  it("plans and carries out a synchronization", async () => {
    expect((await zonefleet(["sync", "plan"])).code).toBe(0);
    const ns1 = await openContext(cluster.variables("ns1"));
    const items = [{ name: "only-there.example.", text: text(5, "192.0.2.5") }];
    await receiveZones(ns1, engineActor, { items, mode: "newest", originMemberId: null });
    await ns1.close();
    const { code, data } = await json("sync", "plan", "--add-missing");
    expect(code).toBe(3);
    expect(data.steps).toMatchObject([
      { zone: "only-there.example", action: "take", kind: "add", state: "planned" },
      { zone: "only-there.example", action: "send", kind: "add", state: "planned" },
    ]);
    const applied = await zonefleet(["sync", "apply", String(data.id)]);
    expect(applied).toMatchObject({ code: 0, err: "" });
    expect(applied.out).toContain("done");
    expect((await zonefleet(["sync", "status", String(data.id)])).code).toBe(0);
    expect((await zonefleet(["sync", "status"])).out).toContain("all-everywhere");
    expect((await zonefleet(["sync", "apply", String(data.id)])).code).toBe(1);
    expect((await zonefleet(["receipts", "only-there.example", "--wait", "60"])).code).toBe(0);
    expect((await zonefleet(["sync", "plan", "--zone", "only-there.example"])).code).toBe(0);
  });

  it("makes, lists and revokes tokens, and does no more than a token may", async () => {
    const made = await zonefleet(["tokens", "create", "reader", "--acl", "list-zones", "--expires", "2099-12-31"]);
    expect(made.code).toBe(0);
    const reader = { ZONEFLEET_TOKEN: made.out.trim() };
    expect((await zonefleet(["zones", "list"], reader)).code).toBe(0);
    for (const args of [
      ["members", "list"],
      ["sync", "plan"],
      ["sync", "status"],
      ["zones", "delete", "imported.example"],
    ])
      expect((await zonefleet(args, reader)).code, args.join(" ")).toBe(1);
    expect((await zonefleet(["tokens", "list"])).out).toMatch(/reader +list-zones +2099-12-31/);
    expect((await zonefleet(["tokens", "revoke", "reader"])).code).toBe(0);
    expect((await zonefleet(["zones", "list"], reader)).code).toBe(1);
  });

  it("shows a reseller their own zones, and nothing of the cluster", async () => {
    const ctx = await openContext(cluster.variables("web1"));
    const { id: userId } = await ctx.db.client.user.create({
      data: {
        username: "studio",
        role: "reseller",
        acls: JSON.stringify(DEFAULT_RESELLER_ACLS),
        passwordHash: "",
        createdAt: 0n,
      },
    });
    const studio = {
      kind: "user",
      userId,
      username: "studio",
      role: "reseller",
      privileges: DEFAULT_RESELLER_ACLS,
    } as const;
    const { token } = await createToken(ctx, studio, { name: "own" });
    await ctx.close();
    const more = { ZONEFLEET_TOKEN: token };
    expect(await zonefleet(["zones", "list", "--user", "studio"], more)).toMatchObject({ code: 0, out: "" });
    for (const args of [
      ["members", "list"],
      ["sync", "plan"],
      ["receipts", "imported.example"],
    ])
      expect((await zonefleet([...args, "--user", "studio"], more)).code, args.join(" ")).toBe(1);
  });

  it("believes no certificate that it does not know", async () => {
    const elsewhere = await zonefleet(["zones", "list"], { ZONEFLEET_DATA_DIR: folder });
    expect(elsewhere).toMatchObject({ code: 1, out: "" });
    const wrong = await zonefleet(["zones", "list"], { ZONEFLEET_DATA_DIR: cluster.ns1.process.dataDir });
    expect(wrong).toMatchObject({ code: 1, out: "" });
  });
});
