import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { memberToken } from "@/lib/members/credential";
import { type MemberServer, startMemberServer } from "@/lib/members/testing/member-server";
import { readSettings, writeSettings } from "@/lib/settings/settings";
import { tarArchive } from "../testing/tar-archive";
import { readConfigFiles } from "./config-files";
import { applyImport, reviewImport } from "./import";

type Files = Record<string, string>;
const packed = (files: Files) => ({
  archive: gzipSync(tarArchive(Object.entries(files).map(([name, text]) => ({ path: `var/cpanel/${name}`, text })))),
});

describe.each(["sqlite", "postgresql"] as const)("importing a WHM server's cluster on %s", (provider) => {
  let base: TestContext;
  let ctx: Context;
  let servers: MemberServer[] = [];
  let folder: string | null = null;
  beforeAll(async () => {
    base = await testContext(provider);
    ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] } };
    await base.db.transaction(async (tx) => {
      await writeSettings(tx, "trustedIps", { manual: ["192.0.2.200"] });
      await writeSettings(tx, "server", { serverId: "OURSELVES", hostname: "web1.example.com" });
    });
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    servers = [
      await startMemberServer({ serverId: "NS1" }),
      await startMemberServer({ serverId: "NS2", hostname: "ns2.example.com" }),
    ];
  });
  afterEach(async () => {
    for (const server of servers) await server.close();
    if (folder) await rm(folder, { recursive: true });
    folder = null;
    await base.db.transaction(async (tx) => {
      await tx.target.deleteMany({});
      await tx.member.deleteMany({});
      await tx.user.deleteMany({ where: { role: "reseller" } });
      await writeSettings(tx, "trustedIps", { manual: ["192.0.2.200"] });
      await writeSettings(tx, "cluster", { isEnabled: false, failureThreshold: 10, notifyOnDisable: true });
    });
  });

  const node = (server: MemberServer | undefined, host: string, extra = "") =>
    `#version 2.0\nuser=root\nhost=${host}:${server?.port}\npass=${server?.behaviour.token}\nmodule=cPanel\n${extra}`;
  const configuration = (): Files => ({
    useclusteringdns: "",
    "cpanel.config": "cluster_autodisable_threshold=3\ncluster_failure_notifications=1\n",
    "cluster/root/config/127.0.0.1": node(servers[0], "127.0.0.1", "debug=1\n"),
    "cluster/root/config/127.0.0.1-dnsrole": "sync",
    "cluster/root/config/127.0.0.2": node(servers[1], "localhost").replace(/pass=.*/, "pass="),
    "cluster/alice/config/192.0.2.9": "user=alice\npass=SECRETOFALICE\n",
    "etc/ips.remotedns": "198.51.100.7\n192.0.2.200\n",
    "cluster/root/config/softlayer": "user=x\nmodule=SoftLayer\napikey=y\n",
  });
  const choices = () => [
    { key: "root/127.0.0.1", token: "", pin: servers[0]?.pin() ?? "" },
    { key: "root/127.0.0.2", token: servers[1]?.behaviour.token ?? "", pin: servers[1]?.pin() ?? "" },
  ];
  const laidOut = async (files: Files) => {
    folder = await mkdtemp(path.join(tmpdir(), "zonefleet-import-"));
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, name.startsWith("etc/") ? "" : "var/cpanel", name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return folder;
  };
  const members = () => base.db.client.member.findMany({ orderBy: { id: "asc" } });

  it("says of each part what it does and what is missing, and no secret", async () => {
    const plan = await reviewImport(ctx, base.root, packed(configuration()));
    expect(plan.options).toEqual([
      { option: "isEnabled", before: false, after: true },
      { option: "failureThreshold", before: 10, after: 3 },
    ]);
    expect(plan.trustedIps).toEqual(["198.51.100.7"]);
    const [alice, first, second, softlayer] = plan.members;
    expect(alice).toMatchObject({
      account: null,
      missingAccount: "alice",
      obstacle: expect.stringMatching(/reseller alice, and there is no account of that name here/),
    });
    expect(first).toMatchObject({
      key: "root/127.0.0.1",
      host: `127.0.0.1:${servers[0]?.port}`,
      role: "sync",
      debug: true,
      hasToken: true,
      obstacle: null,
      problem: { code: "certificate-untrusted", certificate: { pin: servers[0]?.pin() } },
    });
    expect(second).toMatchObject({
      role: "standalone",
      hasToken: false,
      problem: null,
      notes: [/No DNS role/, /no token/].map((words) => expect.stringMatching(words)),
    });
    expect(softlayer?.obstacle).toMatch(/SoftLayer/);
    expect(JSON.stringify(plan)).not.toMatch(new RegExp(`SECRETOFALICE|${servers[0]?.behaviour.token}`));
    expect(await members()).toEqual([]);
  });

  it("applies what was ticked, all at once", async () => {
    const source = packed(configuration());
    const { digest } = await reviewImport(ctx, base.root, source);
    const result = await applyImport(ctx, base.root, {
      source,
      digest,
      members: choices(),
      options: ["failureThreshold"],
      trustedIps: true,
    });
    expect(result).toEqual({ applied: true, members: 2 });
    expect((await readSettings(base.db.client, "trustedIps")).manual).toEqual(["192.0.2.200", "198.51.100.7"]);
    const [first, second] = await members();
    expect(first).toMatchObject({
      hostname: "127.0.0.1",
      role: "sync",
      debug: true,
      serverId: "NS1",
      pin: servers[0]?.pin(),
    });
    expect(first && memberToken(ctx, first)).toBe(servers[0]?.behaviour.token);
    expect(second).toMatchObject({ hostname: "localhost", role: "standalone", serverId: "NS2" });
    expect(await base.db.client.target.count({ where: { memberId: first?.id ?? 0 } })).toBe(1);
    expect(await readSettings(base.db.client, "cluster")).toMatchObject({ isEnabled: false, failureThreshold: 3 });
    expect(await base.db.client.auditEvent.count({ where: { action: "cluster.import" } })).toBe(1);
    const again = await reviewImport(ctx, base.root, source);
    expect(again.members[1]?.problem).toMatchObject({ code: "duplicate" });
    expect(again.options).toEqual([{ option: "isEnabled", before: false, after: true }]);
  });

  it("changes nothing when one of the servers cannot be added", async () => {
    const source = packed(configuration());
    const { digest } = await reviewImport(ctx, base.root, source);
    const [first, second] = choices();
    const request = { source, digest, options: ["failureThreshold" as const], trustedIps: true };
    const wrong = [first, { ...second, token: "WRONG" }].map((choice) => ({ key: "", token: "", pin: "", ...choice }));
    expect(await applyImport(ctx, base.root, { ...request, members: wrong })).toMatchObject({
      applied: false,
      problems: { "root/127.0.0.2": { code: "token-refused" } },
    });
    const twins = packed({ ...configuration(), "cluster/root/config/twin": node(servers[0], "localhost") });
    const twin = { key: "root/twin", token: "", pin: servers[0]?.pin() ?? "" };
    const { digest: other } = await reviewImport(ctx, base.root, twins);
    await expect(
      applyImport(ctx, base.root, {
        source: twins,
        digest: other,
        members: [...choices().slice(0, 1), twin],
        options: ["failureThreshold"],
        trustedIps: true,
      }),
    ).rejects.toMatchObject({ code: "conflict" });
    expect(await members()).toEqual([]);
    expect(await readSettings(base.db.client, "cluster")).toMatchObject({ failureThreshold: 10 });
    expect((await readSettings(base.db.client, "trustedIps")).manual).toEqual(["192.0.2.200"]);
  });

  it.each(["an archive", "a folder"])(
    "brings a reseller's servers into the cluster of the same account: %s",
    async (kind) => {
      const files: Files = {
        ...configuration(),
        "cluster/bob/config/127.0.0.1": node(servers[0], "127.0.0.1"),
        "cluster/bob/config/127.0.0.1-dnsrole": "write-only",
        "cluster/carol/config/127.0.0.1": node(servers[0], "127.0.0.1"),
      };
      const source = kind === "an archive" ? packed(files) : { directory: await laidOut(files) };
      const [bob, carol] = [
        await base.addReseller("bob", ["clustering"]),
        await base.addReseller("carol", ["list-zones"]),
      ];
      const plan = await reviewImport(ctx, base.root, source);
      const planned = (key: string) => plan.members.find((member) => member.key === key);
      expect(planned("bob/127.0.0.1")).toMatchObject({
        account: "bob",
        missingAccount: null,
        role: "write-only",
        obstacle: null,
        notes: [],
      });
      expect(planned("carol/127.0.0.1")?.notes).toContainEqual(
        expect.stringMatching(/carol does not have the privilege clustering/),
      );
      expect(planned("root/127.0.0.1")).toMatchObject({ account: null, missingAccount: null });
      const pin = servers[0]?.pin() ?? "";
      const ticked = ["root/127.0.0.1", "bob/127.0.0.1", "carol/127.0.0.1"].map((key) => ({ key, token: "", pin }));
      const request = { source, digest: plan.digest, members: ticked, options: [], trustedIps: false };
      expect(await applyImport(ctx, base.root, request)).toEqual({ applied: true, members: 3 });
      expect((await members()).map(({ ownerId, role }) => [ownerId, role])).toEqual([
        [base.root.userId, "sync"],
        [bob.userId, "write-only"],
        [carol.userId, "standalone"],
      ]);
    },
  );

  it("imports an account's own entries alone while its cluster is managed", async () => {
    const source = packed({ ...configuration(), "cluster/bob/config/127.0.0.1": node(servers[0], "127.0.0.1") });
    const bob = await base.addReseller("bob");
    const accountId = bob.userId;
    const plan = await reviewImport(ctx, base.root, source, accountId);
    expect(plan).toMatchObject({ only: "bob", members: [{ key: "bob/127.0.0.1" }], options: [], trustedIps: [] });
    const pin = servers[0]?.pin() ?? "";
    const request = { source, accountId, digest: plan.digest, options: ["isEnabled" as const], trustedIps: true };
    await expect(
      applyImport(ctx, base.root, { ...request, members: [{ key: "root/127.0.0.1", token: "", pin }] }),
    ).rejects.toMatchObject({ code: "invalid-input" });
    await applyImport(ctx, base.root, { ...request, members: [{ key: "bob/127.0.0.1", token: "", pin }] });
    expect(await members()).toMatchObject([{ ownerId: bob.userId }]);
    expect((await readSettings(base.db.client, "cluster")).isEnabled).toBe(false);
    expect((await readSettings(base.db.client, "trustedIps")).manual).toEqual(["192.0.2.200"]);
    await base.db.client.user.delete({ where: { id: bob.userId } });
    await expect(reviewImport(ctx, base.root, source, bob.userId)).rejects.toMatchObject({ code: "not-found" });
  });

  it("keeps an account to the servers that it may have", async () => {
    const source = packed({ ...configuration(), "cluster/bob/config/127.0.0.1": node(servers[0], "127.0.0.1") });
    const bob = await base.addReseller("bob");
    await base.db.client.user.update({ where: { id: bob.userId }, data: { memberLimit: 0 } });
    const { digest } = await reviewImport(ctx, base.root, source);
    const ticked = ["root/127.0.0.1", "bob/127.0.0.1"].map((key) => ({ key, token: "", pin: servers[0]?.pin() ?? "" }));
    await expect(
      applyImport(ctx, base.root, { source, digest, members: ticked, options: [], trustedIps: false }),
    ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("bob may have at most 0 servers") });
    expect(await members()).toEqual([]);
  });

  it("applies only what was reviewed and offered, for root only", async () => {
    const source = packed(configuration());
    const { digest } = await reviewImport(ctx, base.root, source);
    const changed = packed({ ...configuration(), "cluster/root/config/127.0.0.1-dnsrole": "write-only" });
    const request = { source: changed, digest, members: [], options: [], trustedIps: false };
    await expect(applyImport(ctx, base.root, request)).rejects.toMatchObject({ code: "conflict" });
    const alice = [{ key: "alice/192.0.2.9", token: "x", pin: "" }];
    await expect(applyImport(ctx, base.root, { ...request, source, members: alice })).rejects.toMatchObject({
      code: "invalid-input",
    });
    const reseller = await base.addReseller(`reseller-${provider}`);
    await expect(reviewImport(ctx, reseller, source)).rejects.toMatchObject({ code: "forbidden" });
    await expect(applyImport(ctx, reseller, { ...request, source })).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("readConfigFiles", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "zonefleet-import-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const put = async (name: string, text: string) => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  };

  it("reads a folder and an archive of it alike, wherever it was packed", async () => {
    const files: Files = {
      "var/cpanel/useclusteringdns": "",
      "var/cpanel/cluster/root/config/192.0.2.1": "a",
      "var/cpanel/clusterqueue/status/192.0.2.1-down": "b",
      "etc/ips.remotedns": "c",
    };
    for (const [name, text] of Object.entries(files)) await put(name, text);
    const wanted = {
      useclusteringdns: "",
      "ips.remotedns": "c",
      "clusterqueue/status/192.0.2.1-down": "b",
      "cluster/root/config/192.0.2.1": "a",
    };
    expect(Object.fromEntries(await readConfigFiles({ directory: folder }))).toEqual(wanted);
    for (const prefix of ["", "./", "/", "backup/server/"]) {
      const archive = tarArchive(Object.entries(files).map(([name, text]) => ({ path: prefix + name, text })));
      expect(Object.fromEntries(await readConfigFiles({ archive }))).toEqual(wanted);
      expect(Object.fromEntries(await readConfigFiles({ archive: gzipSync(archive) }))).toEqual(wanted);
    }
  });

  it("follows no link out of the folder", async () => {
    await put("secret", "user=root\npass=SECRET\n");
    await put("var/cpanel/useclusteringdns", "");
    await mkdir(path.join(folder, "var/cpanel/cluster/root/config"), { recursive: true });
    await symlink(path.join(folder, "secret"), path.join(folder, "var/cpanel/cluster/root/config/192.0.2.1"));
    expect([...(await readConfigFiles({ directory: folder })).keys()]).toEqual(["useclusteringdns"]);
  });

  it("refuses what is relative, empty, too large or a bomb, in words", async () => {
    await expect(readConfigFiles({ directory: "var" })).rejects.toThrow(/whole path/);
    await expect(readConfigFiles({ directory: folder })).rejects.toThrow(/no cluster configuration/);
    await expect(readConfigFiles({ archive: tarArchive([{ path: "a", text: "b" }]) })).rejects.toThrow(
      /no cluster configuration/,
    );
    await put("etc/ips.remotedns", "x".repeat(70_000));
    await expect(readConfigFiles({ directory: folder })).rejects.toThrow(/larger than such a file is/);
    await expect(readConfigFiles({ archive: Buffer.alloc(17 * 1_048_576) })).rejects.toThrow(/larger than 16 MiB/);
    await expect(readConfigFiles({ archive: gzipSync(Buffer.alloc(65 * 1_048_576)) })).rejects.toThrow(
      /more than 64 MiB/,
    );
    await expect(readConfigFiles({ archive: Buffer.from([0x1f, 0x8b, 1, 2, 3]) })).rejects.toThrow(
      /compression is damaged/,
    );
  });
});
