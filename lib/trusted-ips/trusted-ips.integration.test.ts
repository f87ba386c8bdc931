import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import type { UserActor } from "@/lib/access/actor";
import { connectionProblem } from "@/lib/drivers/http/connection-problem";
import { statusError } from "@/lib/drivers/http/status-error";
import { setLogLevel } from "@/lib/logger";
import { CLIENT_HEADER, FORWARDED_HEADER } from "@/lib/net/client-header";
import { authenticateToken } from "@/lib/tokens/authenticate";
import { createToken, listTokens, revokeTokens } from "@/lib/tokens/service";
import { completeSetup } from "@/lib/users/setup";
import { createZone } from "@/lib/zones/service";
import { assertTrusted } from "./assert-trusted";
import { checkDomain } from "./check-domain";
import { recordRefusedCall } from "./refused-calls";
import { countRefused, forgetRefused, getTrustedIps, setTrustedIps, trustedIpsInput, trustRefused } from "./service";

describe.each(["sqlite", "postgresql"] as const)("trusted IPs on %s", (provider) => {
  let server: WireServer;
  let reseller: UserActor;

  beforeAll(async () => {
    setLogLevel("error");
    server = await startWireServer(provider);
    reseller = await server.ctx.addReseller("studio");
    await addMember("198.51.100.1", server.ctx.root);
    await addMember("198.51.100.2", reseller);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    await server.ctx.db.client.refusedCall.deleteMany();
    await set([], true);
  });

  const addMember = (address: string, { userId }: UserActor, dnsAddress = "203.0.113.53") =>
    server.ctx.db.client.member.create({
      data: {
        ...{ ownerId: userId, hostname: `${address}.example.net`, address, username: "root", backend: "whm" },
        ...{ role: "sync", sealedCredential: "", createdAt: 0n },
        dnsAddresses: JSON.stringify([{ address: dnsAddress, port: 53 }]),
      },
    });
  const set = (manual: readonly string[], isEnforced: boolean) =>
    setTrustedIps(server.ctx, server.ctx.root, trustedIpsInput.parse({ manual: manual.join("\n"), isEnforced }));
  const refused = async () => (await getTrustedIps(server.ctx, server.ctx.root)).refused;

  const call = async (path: string, address: string, token = server.token, headers: Record<string, string> = {}) => {
    const response = await server.answer(
      new Request(`https://ns1.example.net${path}`, {
        headers: { authorization: `whm root:${token}`, [CLIENT_HEADER]: address, ...headers },
      }),
    );
    if (!response) throw new Error("There is no such call.");
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const list = async (address: string, token?: string) =>
    (await call("/scripts2/getzonelist_local?", address, token)).status;

  it.each([
    ["a member's main address", "198.51.100.1", 200],
    ["another spelling of it", "::ffff:198.51.100.1", 200],
    ["this server's own address", "192.0.2.53", 200],
    ["its own IPv6 address", "2001:db8::53", 200],
    ["this machine", "127.0.0.1", 200],
    ["this machine by IPv6", "::1", 200],
    ["a stranger", "203.0.113.9", 403],
    ["a member of somebody who is not root", "198.51.100.2", 403],
    ["nobody knows where", "", 403],
  ])("%s", async (_, address, status) => expect(await list(address)).toBe(status));

  it("takes networks of both families from the manual list", async () => {
    await set(["203.0.113.0/24", "2001:db8:1::/48"], true);
    expect(await list("203.0.113.9")).toBe(200);
    expect(await list("2001:db8:1:2::3")).toBe(200);
    expect(await list("2001:db8:2::3")).toBe(403);
    expect(trustedIpsInput.safeParse({ manual: "203.0.113.1 nonsense", isEnforced: true }).success).toBe(false);
  });

  it("refuses in the wire's forms, and tells other servers why", async () => {
    const command = await call("/scripts2/getzonelist_local?", "203.0.113.9");
    expect(command).toMatchObject({
      status: 403,
      text: expect.stringMatching(/^Error: 203\.0\.113\.9 is not a trusted/),
    });
    expect(command.headers.get("x-zonefleet-problem")).toBe("address-not-trusted");
    const api = await call("/json-api/zonefleet_info?api.version=1", "203.0.113.9");
    expect(api.status).toBe(403);
    expect(JSON.parse(api.text)).toMatchObject({ data: null, metadata: { result: 0, command: "zonefleet_info" } });
    expect((await call("/cgi/trustclustermaster.cgi", "203.0.113.9")).status).toBe(403);
    // As the connection test of a server that calls from elsewhere finds it.
    const seen = { status: command.status, headers: Object.fromEntries(command.headers), body: Buffer.from("") };
    expect(connectionProblem(statusError(seen, "ns1", "zonefleet_info", undefined))?.code).toBe("address-not-trusted");
    // What every token may ask, and what is no cluster call, is for everybody.
    expect((await call("/scripts2/showversion?", "203.0.113.9")).status).toBe(200);
    expect((await call("/json-api/listzones?api.version=1", "203.0.113.9")).status).toBe(200);
  });

  it("records who was refused, once a token and address, and lets it in with one step", async () => {
    await list("203.0.113.9");
    await list("203.0.113.9");
    const [caller] = await refused();
    expect(await refused()).toHaveLength(1);
    expect(caller).toMatchObject({ address: "203.0.113.9", username: "root", tokenName: "cluster", count: 2 });
    expect(caller).toMatchObject({ reason: "untrusted", call: "getzonelist_local" });
    expect(await countRefused(server.ctx, server.ctx.root)).toBe(1);
    await trustRefused(server.ctx, server.ctx.root, { id: caller?.id ?? 0 });
    expect(await list("203.0.113.9")).toBe(200);
    expect(await getTrustedIps(server.ctx, server.ctx.root)).toMatchObject({ manual: ["203.0.113.9"], refused: [] });
    await expect(trustRefused(server.ctx, server.ctx.root, { id: caller?.id ?? 0 })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("holds a token with addresses of its own to those, and adds to them", async () => {
    const name = `limited-${provider}`;
    const allowedIps = ["203.0.113.20"];
    const { token } = await createToken(server.ctx, server.ctx.root, { name, acls: ["clustering"], allowedIps });
    expect(await list("203.0.113.20", token)).toBe(200);
    expect(await list("198.51.100.1", token)).toBe(401);
    const [caller] = await refused();
    expect(caller).toMatchObject({ address: "198.51.100.1", tokenName: name, reason: "token" });
    await trustRefused(server.ctx, server.ctx.root, { id: caller?.id ?? 0 });
    expect(await list("198.51.100.1", token)).toBe(200);
    expect((await getTrustedIps(server.ctx, server.ctx.root)).manual).toEqual([]);
    const tokens = await listTokens(server.ctx, server.ctx.root);
    expect(tokens.find((entry) => entry.name === name)?.allowedIps).toEqual(["203.0.113.20", "198.51.100.1"]);
    await list("203.0.113.30", token);
    expect(await refused()).toHaveLength(1);
    await revokeTokens(server.ctx, server.ctx.root, { names: [name] });
    expect(await refused()).toEqual([]);
  });

  it("trusts no address for everybody because of a token that is gone", async () => {
    const { token } = await createToken(server.ctx, server.ctx.root, {
      name: `gone-${provider}`,
      acls: ["clustering"],
    });
    await list("203.0.113.9", token);
    const [caller] = await refused();
    // As a call does that is recorded while its token is revoked.
    await server.ctx.db.client.apiToken.deleteMany({ where: { name: `gone-${provider}` } });
    await expect(trustRefused(server.ctx, server.ctx.root, { id: caller?.id ?? 0 })).rejects.toMatchObject({
      code: "not-found",
    });
    expect((await getTrustedIps(server.ctx, server.ctx.root)).manual).toEqual([]);
  });

  it.each(["127.0.0.1", "::1", "192.0.2.53"])(
    "trusts nothing that a proxy at %s handed on which is not named",
    async (proxy) => {
      const through = (token?: string) =>
        call("/scripts2/getzonelist_local?", proxy, token, { [FORWARDED_HEADER]: "1" });
      // Not even when its address was listed, as that would let the whole world in.
      for (const manual of [[], [proxy]]) {
        await set(manual, true);
        expect((await call("/scripts2/getzonelist_local?", proxy)).status).toBe(200);
        const answer = await through();
        expect(answer).toMatchObject({
          status: 403,
          text: expect.stringMatching(/^Error: The call came through a proxy at .*ZONEFLEET_TRUSTED_PROXIES/),
        });
        expect(answer.headers.get("x-zonefleet-problem")).toBe("address-not-trusted");
      }
      const [caller] = await refused();
      expect(caller).toMatchObject({ address: proxy, reason: "proxy", call: "getzonelist_local" });
      await expect(trustRefused(server.ctx, server.ctx.root, { id: caller?.id ?? 0 })).rejects.toMatchObject({
        code: "invalid-input",
        message: expect.stringContaining("ZONEFLEET_TRUSTED_PROXIES"),
      });
      await set([], false);
      expect((await through()).status).toBe(200);
    },
  );

  it("holds a token of loopback's to this machine's own calls", async () => {
    const input = { name: `loopback-${provider}`, acls: ["clustering" as const], allowedIps: ["127.0.0.0/8"] };
    const { token } = await createToken(server.ctx, server.ctx.root, input);
    expect(await list("127.0.0.1", token)).toBe(200);
    const through = await call("/scripts2/getzonelist_local?", "127.0.0.1", token, { [FORWARDED_HEADER]: "1" });
    expect(through.status).toBe(401);
    expect(await refused()).toMatchObject([{ reason: "proxy", tokenName: input.name }]);
    // A proxy elsewhere speaks for itself: its address was listed, or it was not.
    const elsewhere = { [FORWARDED_HEADER]: "1" };
    expect((await call("/scripts2/getzonelist_local?", "198.51.100.1", undefined, elsewhere)).status).toBe(200);
    await revokeTokens(server.ctx, server.ctx.root, { names: [input.name] });
  });

  it("takes every caller until it is turned on, which a new server is", async () => {
    await set([], false);
    expect(await list("203.0.113.9")).toBe(200);
    const setUp = { password: "correct horse battery", hostname: "ns1.example.net", addresses: ["192.0.2.53"] };
    await server.ctx.db.client.setting.deleteMany({ where: { key: { in: ["trustedIps", "server"] } } });
    await completeSetup(server.ctx, { ...setUp, kind: "dns-only" });
    expect(await list("203.0.113.9")).toBe(403);
  });

  it("lets a reseller's members in with the reseller's token", async () => {
    const { token } = await createToken(server.ctx, reseller, { name: "own" });
    const actor = await authenticateToken(server.ctx, { username: "studio", token, address: "198.51.100.2" });
    await assertTrusted(server.ctx, actor, "test");
    await expect(assertTrusted(server.ctx, { ...actor, address: "203.0.113.9" }, "test")).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(getTrustedIps(server.ctx, reseller)).rejects.toMatchObject({ code: "forbidden" });
    expect(await countRefused(server.ctx, reseller)).toBe(0);
  });

  it("keeps no endless list", async () => {
    const known = {
      userId: server.ctx.root.userId,
      tokenId: 1,
      tokenName: "many",
      call: "x",
      reason: "untrusted" as const,
    };
    for (let host = 0; host < 205; host++)
      await recordRefusedCall(server.ctx, { ...known, address: `2001:db8:9::${host.toString(16)}` });
    expect((await refused()).length).toBeLessThanOrEqual(200);
    const [first] = await refused();
    await forgetRefused(server.ctx, server.ctx.root, { id: first?.id ?? 0 });
    await expect(forgetRefused(server.ctx, server.ctx.root, { id: first?.id ?? 0 })).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("warns of a new domain whose nameservers or addresses are not among them", async () => {
    const resolve = async (hostname: string) =>
      ({ "ns1.example.net": ["192.0.2.53"], "ns.elsewhere.example": ["203.0.113.99"] })[hostname] ?? [];
    const add = async (name: string, records: string) => {
      const head = "$TTL 300\n@ IN SOA ns1.example.net. h.example.net. 1 3600 600 604800 300\n";
      await createZone(server.ctx, server.ctx.root, { name, text: `${head}${records}` });
      return checkDomain(server.ctx, server.ctx.root, name, resolve);
    };
    const fine =
      "@ IN NS ns1.example.net.\n@ IN NS ns2\nns2 IN A 203.0.113.53\n@ IN NS unknown.example.\n@ IN A 198.51.100.1\n";
    expect(await add("fine.example.", fine)).toEqual([]);
    const doubtful = await add("doubtful.example.", "@ IN NS ns.elsewhere.example.\n@ IN A 203.0.113.7\n");
    expect(doubtful).toEqual([
      expect.stringContaining("nameserver ns.elsewhere.example has the address 203.0.113.99"),
      expect.stringContaining("doubtful.example points to 203.0.113.7"),
    ]);
    await set(["203.0.113.0/24"], true);
    expect(await checkDomain(server.ctx, server.ctx.root, "doubtful.example.", resolve)).toEqual([]);
    await expect(checkDomain(server.ctx, reseller, "fine.example.", resolve)).rejects.toMatchObject({
      code: "not-found",
    });
  });

  it("tells a reseller nothing of others' addresses by the check of a domain", async () => {
    const { ctx } = server;
    const other = await ctx.addReseller("atelier");
    await addMember("198.51.100.3", other, "203.0.113.54");
    await set(["203.0.113.200"], true);
    const name = "asks.example.";
    const asked = [
      ["192.0.2.53", "this server"],
      ["198.51.100.1", "root's member"],
      ["203.0.113.53", "the nameserver of root's member"],
      ["198.51.100.2", "the reseller's member"],
      ["198.51.100.3", "another's member"],
      ["203.0.113.54", "the nameserver of another's member"],
      ["203.0.113.200", "root's list"],
    ] as const;
    const head = "$TTL 300\n@ IN SOA ns1.example.net. h.example.net. 1 3600 600 604800 300\n";
    const records = asked.map(([address], at) => `@ IN A ${address}\n@ IN NS n${at}\nn${at} IN A ${address}\n`);
    // One of those that root gives new zones, wherever it is.
    const text = `${head}${records.join("")}@ IN NS ns2.example.net.\n`;
    await createZone(ctx, reseller, { name, text });
    const words = (await checkDomain(ctx, reseller, name, async () => ["203.0.113.200"])).join("\n");
    const doubted = asked.filter(([address]) => words.includes(`${address}, `)).map(([, whose]) => whose);
    expect(doubted).toEqual(["another's member", "the nameserver of another's member", "root's list"]);
    expect(words).not.toMatch(/ns2\.example\.net|root can add/);
    expect(await checkDomain(ctx, ctx.root, name, async () => ["203.0.113.200"])).toEqual([]);
  });
});
