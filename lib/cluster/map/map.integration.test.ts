import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { setLogLevel } from "@/lib/logger";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { addMember, deleteMember } from "@/lib/members/service";
import { writeSettings } from "@/lib/settings/settings";
import { createZone } from "@/lib/zones/service";
import { askAgain, askMembers } from "./ask-members";
import { getMap } from "./get-map";
import { knownPaths } from "./known-paths";

const ZONE = "$TTL 1h\n@ SOA ns1.example.net. hostmaster.example.net. 1 1h 15m 2w 5m\n@ NS ns1.example.net.\n";

interface Reached {
  readonly port: number;
  readonly pin: string;
  readonly token: string;
}

/** Lets contexts have members on loopback. */
const onLoopback = <T extends Context>(ctx: T): T => ({
  ...ctx,
  env: { ...ctx.env, allowedMemberNetworks: ["127.0.0.0/8"] },
});

describe.each(["sqlite", "postgresql"] as const)("the cluster map on %s", (provider) => {
  let web1: TestContext;
  let ns1: WireServer;
  let ns2: WireServer;
  let whm: WhmEmulator;
  let now = Date.now();

  const add = async (ctx: TestContext, hostname: string, { port, pin, token }: Reached) => {
    const form = { backend: "whm" as const, hostname, port, username: "root", token, debug: false, pin };
    await addMember(ctx, ctx.root, { ...form, role: "sync" });
  };
  const shown = async () => {
    const map = await getMap(web1, web1.root);
    const names = new Map(map.servers.map(({ key, name }) => [key, name]));
    return {
      servers: map.servers.map(({ name, hops }) => `${name} ${hops}`),
      links: map.links.map(({ from, to, role }) => `${names.get(from)} ${role} ${names.get(to)}`),
    };
  };

  beforeAll(async () => {
    setLogLevel("error");
    const base = await testContext(provider, { clock: { now: () => now, monotonic: () => now } });
    web1 = onLoopback(base);
    const settings = { serverId: "WEB1", hostname: "web1.example.net", kind: "web-server" as const };
    await writeSettings(web1.db.client, "server", settings);
    await writeSettings(web1.db.client, "cluster", { isEnabled: true });
    ns1 = await startWireServer(provider, { serverId: "NS1", hostname: "ns1.example.net" });
    ns2 = await startWireServer(provider, { serverId: "NS2", hostname: "ns2.example.net" });
    for (const { ctx } of [ns1, ns2]) {
      await writeSettings(ctx.db.client, "server", { kind: "dns-only" });
      await writeSettings(ctx.db.client, "cluster", { isEnabled: true });
    }
    whm = await startWhmEmulator();
    await add(web1, "127.0.0.1", ns1);
    await add(onLoopback(ns1.ctx), "127.0.0.1", ns2);
  });
  afterAll(async () => {
    await whm.close();
    for (const ctx of [web1, ns1.ctx]) await closeMemberDrivers(ctx);
    await Promise.all([ns1.close(), ns2.close(), web1.close()]);
  });

  it("shows its members before anybody was asked", async () => {
    expect(await shown()).toEqual({
      servers: ["web1.example.net 0", "ns1.example.net 1"],
      links: ["web1.example.net sync ns1.example.net"],
    });
    expect((await getMap(web1, web1.root)).members.NS1).toMatchObject({ askedAt: null, error: null });
  });

  it("learns of a member's members, and of those that they were told of", async () => {
    await askMembers(onLoopback(ns1.ctx));
    await askMembers(web1);
    expect(await shown()).toEqual({
      servers: ["web1.example.net 0", "ns1.example.net 1", "ns2.example.net 2"],
      links: ["web1.example.net sync ns1.example.net", "ns1.example.net sync ns2.example.net"],
    });
    const map = await getMap(web1, web1.root);
    expect(map.servers.map(({ kind }) => kind)).toEqual(["web-server", "dns-only", "dns-only"]);
    expect(map.advice).toEqual([]);
    expect((await knownPaths(web1)).map(({ serverId, handedOn }) => [serverId, handedOn])).toEqual([
      ["WEB1", 0],
      ["NS1", 1],
      ["NS2", 2],
    ]);
  });

  it("advises on the trust of every pair, as far as their servers tell", async () => {
    const isWanting = { kind: "web-server", trustThere: "missing" };
    await web1.db.client.member.updateMany({ where: { serverId: "NS1" }, data: isWanting });
    await ns1.ctx.db.client.member.updateMany({ where: { serverId: "NS2" }, data: isWanting });
    await askMembers(web1);
    const map = await getMap(web1, web1.root);
    const about = map.advice.filter(({ kind }) => kind === "one-way-trust").map(({ link }) => link);
    expect(about).toEqual([
      { from: "WEB1", to: "NS1" },
      { from: "NS1", to: "NS2" },
    ]);
    expect(map.members.NS1?.panel).toBe(`https://127.0.0.1:${ns1.port}/cluster`);
    const panels = new Map(map.servers.map(({ key, panel }) => [key, panel]));
    expect(panels.get("NS2")).toBe(`https://ns2.example.net:${ns2.port}/cluster`);
    for (const { ctx } of [{ ctx: web1 }, ns1])
      await ctx.db.client.member.updateMany({ data: { kind: "dns-only", trustThere: null } });
  });

  it("tells how long members took to accept changes, by its receipts", async () => {
    for (const [index, took] of [30, 10, 500_000].entries()) {
      const name = `z${index}.example.`;
      await createZone(web1, web1.root, { name, text: ZONE });
      const { changeSeq: seq } = await web1.db.client.zone.findUniqueOrThrow({ where: { name } });
      const target = await web1.db.client.target.findFirstOrThrow({ where: { memberId: { not: null } } });
      await web1.db.client.delivery.create({ data: { seq, targetId: target.id, acceptedAt: BigInt(now + took) } });
    }
    expect((await getMap(web1, web1.root)).links[0]?.acceptedMs).toBe(30);
  });

  it("asks a WHM in its own words", async () => {
    await add(web1, "localhost", { port: whm.port, pin: whm.pin, token: "WHMTOKEN0123456789" });
    await askAgain(web1, web1.root);
    expect((await shown()).links).toContain("whm.example.net null web1.example.org");
  });

  it("keeps what a member said, and says since when it does not answer", async () => {
    const { port, pin } = ns1;
    await web1.db.client.member.updateMany({ where: { serverId: "NS1" }, data: { pin: "A".repeat(43) } });
    const before = now;
    now += 60_000;
    await askMembers(web1);
    const map = await getMap(web1, web1.root);
    expect(map.members.NS1).toMatchObject({ answeredAt: before, askedAt: now });
    expect(map.members.NS1?.error).not.toBeNull();
    expect((await shown()).links).toContain("ns1.example.net sync ns2.example.net");
    expect(map.servers.find(({ key }) => key === "NS1")?.ageMs).toBeGreaterThanOrEqual(60_000);
    await web1.db.client.member.updateMany({ where: { serverId: "NS1" }, data: { pin, port } });
  });

  it("forgets a member that was deleted, and what is a day old", async () => {
    const { id } = await web1.db.client.member.findFirstOrThrow({ where: { hostname: "localhost" } });
    await deleteMember(web1, web1.root, { id });
    expect((await shown()).links).not.toContain("whm.example.net null web1.example.org");
    now += 25 * 3_600_000;
    expect((await shown()).servers).toEqual(["web1.example.net 0", "ns1.example.net 1"]);
  });

  it("is for root", async () => {
    const reseller = await web1.addReseller("studio");
    await expect(getMap(web1, reseller)).rejects.toMatchObject({ code: "forbidden" });
    await expect(askAgain(web1, reseller)).rejects.toMatchObject({ code: "forbidden" });
  });
});
