import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineActor } from "@/lib/access/actor";
import { applicationFolder } from "@/lib/application-folder";
import { setClusterOptions } from "@/lib/cluster/settings";
import { freePort } from "@/lib/server/testing/free-port";
import { openContext } from "@/lib/server/testing/open-context";
import { type Cluster, startCluster } from "@/lib/server/testing/start-cluster";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { createToken } from "@/lib/tokens/service";
import { querySoa } from "@/lib/wire/query";
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
    expect((await json("zones", "import", file)).data).toMatchObject([{ status: "skipped" }]);
    expect(
      (await zonefleet(["zones", "import", "-", "--zone", "imported.example", "--overwrite"], {}, input)).code,
    ).toBe(0);
    expect((await zonefleet(["zones", "export", "imported.example"])).out).toContain("192.0.2.18");
    expect((await zonefleet(["zones", "delete", "added.example"])).code).toBe(0);
    const bad = await zonefleet(["zones", "import", "-", "--zone", "bad.example"], {}, "@ A nonsense\n");
    expect(bad.code).toBe(1);
    expect(bad.out).toContain("Line 1");
    expect(await zonefleet(["zones", "show", "missing.example"])).toMatchObject({ code: 1, out: "" });
  });

  it("imports many files, large ones too, and says of each what became of it", async () => {
    const hosts = Array.from({ length: 60_000 }, (_, host) => `host-${host} A 192.0.2.${host % 250}`).join("\n");
    const files: readonly (readonly [string, string])[] = [
      ["large.example.zone", `${text(1, "192.0.2.1")}${hosts}\n`],
      ["broken.example.zone", `${text(1, "192.0.2.1")}x A nonsense\n`],
      ["small.example.db", text(1, "192.0.2.2")],
    ];
    const paths = files.map(([name, content]) => {
      writeFileSync(path.join(folder, name), content);
      return path.join(folder, name);
    });
    const { code, data } = await json("zones", "import", ...paths);
    expect(code).toBe(1);
    expect(data).toMatchObject([
      { zone: "large.example", status: "created" },
      { status: "refused", message: expect.stringContaining("Line 5") },
      { zone: "small.example", status: "created" },
    ]);
    const ctx = await openContext(cluster.variables("web1"));
    const parts = await ctx.db.client.revision.findMany({
      where: { changeSetId: { not: null } },
      select: { changeSetId: true },
    });
    await ctx.close();
    expect(parts).toEqual([parts[0], parts[0]]);
    expect((await zonefleet(["zones", "export", "large.example"])).out).toContain("host-59999");
    for (const zone of ["large.example", "small.example"])
      expect((await zonefleet(["zones", "delete", zone])).code).toBe(0);
    // Members that are at work on 60,000 records would be late with their answers to the next test.
    const statuses = cluster.servers.map(({ dns }) => async () => {
      const { status } = await querySoa(dns, "large.example.", { timeoutMs: 2_000 });
      return status;
    });
    for (const status of statuses) await expect.poll(status).toBe("refused");
  });

  it("asks the cluster before it imports, and adds what is there anyway when told to", async () => {
    const ns1 = await openContext(cluster.variables("ns1"));
    const items = [{ name: "elsewhere.example.", text: text(5, "192.0.2.5") }];
    await receiveZones(ns1, engineActor, { items, mode: "newest", originMemberId: null });
    await ns1.close();
    const file = path.join(folder, "elsewhere.example.zone");
    writeFileSync(file, text(9, "192.0.2.9"));
    const held = await zonefleet(["zones", "import", file]);
    expect(held.code).toBe(1);
    expect(held.out).toContain("elsewhere.example exists already on ns1.example.net");
    expect((await zonefleet(["zones", "import", file, "--anyway"])).code).toBe(0);
    expect((await zonefleet(["receipts", "elsewhere.example", "--wait", "60"])).code).toBe(0);
  });

  it("tells a refusal from a server that is not there, also as data", async () => {
    const nobody = { ZONEFLEET_SERVER: `https://127.0.0.1:${await freePort()}` };
    const ctx = await openContext(cluster.variables("web1"));
    const { token } = await createToken(ctx, ctx.root, { name: "short", expiresAt: Date.now() + 60_000 });
    await ctx.db.client.apiToken.updateMany({ where: { name: "short" }, data: { expiresAt: 1n } });
    await ctx.close();
    const commands = [
      ["zones", "list"],
      ["zones", "show", "a.example"],
      ["zones", "add", "a.example", "--ip", "192.0.2.1"],
      ["zones", "import", "-", "--zone", "a.example"],
      ["zones", "export", "a.example"],
      ["zones", "delete", "a.example"],
      ["members", "list"],
      ["members", "check"],
      ["receipts", "a.example"],
      ["records", "add", "a.example", "@", "TXT", "x"],
      ["records", "remove", "a.example", "@", "TXT", "x"],
      ["wait", "1"],
      ["sync", "plan"],
      ["sync", "apply", "1"],
      ["sync", "status"],
      ["sync", "pause", "1"],
      ["sync", "resume", "1"],
      ["sync", "cancel", "1"],
      ["tokens", "list"],
      ["tokens", "create", "x"],
      ["tokens", "revoke", "x"],
    ];
    // A few at a time: each is a process, and one that gets no processor for ten seconds takes the server for silent.
    const say = async (args: readonly string[]) => {
      const said = async (env: Record<string, string>, words: readonly string[] = args) => {
        const { code, out, err } = await zonefleet([...words, "--json"], env, text(1, "192.0.2.1"));
        expect({ out, err }, words.join(" ")).toEqual({
          out: "",
          err: expect.stringMatching(/^\{"error":\{.+\}\n$/),
        });
        expect(JSON.parse(err)).toEqual({ error: { exitCode: code, message: expect.stringMatching(/./) } });
        return code;
      };
      expect(await said({ ZONEFLEET_TOKEN: token }), args.join(" ")).toBe(1);
      // One of each way of working: everything asks through the same function.
      if (["list", "import", "plan", "1"].includes(args[1] ?? "")) expect(await said(nobody), args.join(" ")).toBe(4);
    };
    for (let at = 0; at < commands.length; at += 3) await Promise.all(commands.slice(at, at + 3).map(say));
  });

  it.each<[string, string[]]>([
    ["a member that is no number", ["members", "check", "ns1"]],
    ["a change that is no number", ["receipts", "imported.example", "--seq", "last"]],
    ["a reason that is none", ["problems", "--reason", "bad luck"]],
    ["a job that is no number", ["sync", "apply", "first"]],
    ["a job that is not there", ["sync", "cancel", "999999"]],
    ["a zone that is none", ["zones", "delete", "not a name"]],
    ["an address that is none", ["zones", "add", "a.example", "--ip", "192.0.2.300"]],
    ["a privilege that is none", ["tokens", "create", "odd", "--acl", "everything"]],
    ["a record that is none", ["records", "add", "imported.example", "@", "A", "nonsense"]],
    ["a name of another zone", ["records", "add", "imported.example", "www", "A", "192.0.2.1"]],
    ["a change that is not there", ["wait", "999999"]],
    ["a goal that is none", ["wait", "1", "--for", "most"]],
    ["a token that is not there", ["tokens", "revoke", "nobody"]],
  ])("says no to %s", async (_, args) => {
    const { code, out, err } = await zonefleet(args);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^[A-Z“].+[.:]\n$/);
  });

  it("changes records by value, and waits for the change by its number", async () => {
    const record = ["imported.example", "_acme-challenge.imported.example", "TXT"];
    const added = await zonefleet(["records", "add", ...record, "one", "two", "--ttl", "60"]);
    expect(added).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\n$/), err: "" });
    const { code, data } = await json("wait", added.out.trim(), "--timeout", "60");
    expect(code).toBe(0);
    expect(data).toMatchObject({ reached: true, wait: "all", change: { zone: "imported.example" } });
    expect(data.targets).toHaveLength(3);
    const removed = await json("records", "remove", ...record, "one", "never-there");
    expect(removed.data).toMatchObject({ changed: true });
    const waited = await zonefleet(["wait", String(removed.data.change.id), "--for", "quorum", "--timeout", "60"]);
    expect(waited.code).toBe(0);
    expect(waited.out).toMatch(/^imported\.example, serial \d+: reached\nSERVER +REACHED +STATE/);
    expect((await zonefleet(["zones", "show", "imported.example"])).out).toMatch(/60 +TXT +two/);
  });

  it("tells when a change is served everywhere", { timeout: 240_000 }, async () => {
    const web1 = await openContext(cluster.variables("web1"));
    // However long it takes to stop and start, the member stays one.
    await setClusterOptions(web1, web1.root, { failureThreshold: 0, notifyOnDisable: true, autoEnable: false });
    await web1.close();
    const { code, data } = await json("receipts", "imported.example", "--wait", "60");
    expect(code).toBe(0);
    expect(data.targets.map(({ state }: { state: string }) => state)).toEqual(["served", "served", "served"]);
    await cluster.ns2.process.stop();
    await zonefleet(["zones", "import", "-", "--zone", "waiting.example"], {}, text(1, "192.0.2.9"));
    const receipts = await json("receipts", "waiting.example");
    expect(receipts.code).toBe(3);
    const waited = await zonefleet(["wait", String(receipts.data.seq), "--timeout", "1"]);
    expect(waited.code).toBe(3);
    expect(waited.out).toMatch(/not reached\n(.*\n)*ns2\.example\.net +no +pending/);
    const differing = await json("problems", "--zone", "waiting.example");
    expect(differing.code).toBe(3);
    const waits = { zone: "waiting.example", server: "ns2.example.net", reason: "not-sent" };
    expect(differing.data).toContainEqual(expect.objectContaining(waits));
    expect((await zonefleet(["members", "check"])).code).toBe(3);
    await cluster.ns2.process.start();
    expect((await zonefleet(["receipts", "waiting.example", "--wait", "90"])).code).toBe(0);
    expect(await json("problems", "--zone", "waiting.example")).toEqual({ code: 0, data: [] });
    const members = await json("members", "check");
    expect(members.code).toBe(0);
    const online = { status: "Online", nameserver: expect.stringMatching(/^Knot DNS \d/) };
    expect(members.data).toMatchObject([online, online]);
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
    expect(await zonefleet(["zones", "list"], reader)).toMatchObject({ code: 0, err: "" });
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
    expect(elsewhere).toMatchObject({ code: 4, out: "" });
    const wrong = await zonefleet(["zones", "list"], { ZONEFLEET_DATA_DIR: cluster.ns1.process.dataDir });
    expect(wrong).toMatchObject({ code: 4, out: "" });
  });
});
