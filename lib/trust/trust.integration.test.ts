import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import { type FetchServer, serveFetch } from "@/e2e/wire/serve-fetch";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import { getCluster, setClusterEnabled } from "@/lib/cluster/settings";
import type { Context } from "@/lib/context";
import { setLogLevel } from "@/lib/logger";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { listMembers } from "@/lib/members/queries";
import { addMember, deleteMember, setMemberRoles, updateMember } from "@/lib/members/service";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { freePort } from "@/lib/server/testing/free-port";
import { authenticateToken } from "@/lib/tokens/authenticate";
import { createToken, listTokens, revokeTokens, updateToken } from "@/lib/tokens/service";
import { acceptTrust } from "./accept";
import { checkDueTrusts, checkTrust, TRUST_EVERY_MS } from "./check";
import { takeBackInterrupted } from "./interrupted";
import { addToCluster, setUpTrust } from "./set-up";
import { tellTrust } from "./tell-trust";
import { makeTrustToken } from "./trust-token";

const never = new AbortController().signal;

describe.each(["sqlite", "postgresql"] as const)("the trust of two servers on %s", (provider) => {
  let web: WireServer;
  let ns: WireServer;

  beforeAll(async () => {
    setLogLevel("error");
    const options = { addresses: ["127.0.0.1"] };
    web = await startWireServer(provider, { ...options, serverId: "WEB", hostname: "web1.example.net" });
    ns = await startWireServer(provider, { ...options, serverId: "NS", hostname: "ns1.example.net" });
  });
  afterAll(async () => {
    for (const server of [web, ns]) {
      await closeMemberDrivers(server.ctx);
      await server.close();
    }
  });
  afterEach(async () => {
    for (const { ctx } of [web, ns]) {
      for (const { id } of (await listMembers(ctx, ctx.root)).rows) await deleteMember(ctx, ctx.root, { id });
      await setClusterEnabled(ctx, ctx.root, false);
    }
  });

  /** The remote server as the form takes it. */
  const formFor = (remote: WireServer) => ({
    ...{ backend: "whm" as const, hostname: "127.0.0.1", port: remote.port, username: "root", debug: false },
    ...{ token: remote.token, role: "sync" as const, pin: remote.pin },
  });
  const add = ({ ctx }: WireServer, remote: WireServer, reverseTrust: boolean) =>
    addToCluster(ctx, ctx.root, { ...formFor(remote), reverseTrust });
  const trustTokens = async ({ ctx }: WireServer) =>
    (await listTokens(ctx, ctx.root)).filter(({ memberId }) => memberId !== null);
  const only = async ({ ctx }: WireServer) => {
    const { rows } = await listMembers(ctx, ctx.root);
    expect(rows).toHaveLength(1);
    return rows[0] as (typeof rows)[number];
  };
  const later = (ctx: Context, ms: number): Context => ({
    ...ctx,
    clock: { now: () => ctx.clock.now() + ms, monotonic: ctx.clock.monotonic },
  });

  it("is set up on both sides in one step", async () => {
    const { id, trust } = await add(web, ns, true);
    expect(trust).toMatchObject({ isEstablished: true, name: "ns1.example.net", memberId: id });
    expect(trust?.steps.map(({ outcome }) => outcome)).toEqual(["done", "done"]);
    const [token] = await trustTokens(web);
    expect(token).toMatchObject({ acls: ["clustering"], allowedIps: ["127.0.0.0/8", "::1"], expiresAt: null });
    expect(token?.name).toMatch(/^reverse-trust-127-0-0-1-\w{6}$/);
    const stored = await only(ns);
    expect(stored).toMatchObject({ role: "standalone", pin: web.pin, port: web.port, hostname: "127.0.0.1" });
    expect(stored).toMatchObject({ name: "web1.example.net", status: { state: "online" } });
    // A cluster that had no member was not disabled by anybody.
    expect(await getCluster(ns.ctx, ns.ctx.root)).toMatchObject({ isEnabled: true });
    await checkTrust(ns.ctx, ns.ctx.root, { id: stored.id });
    expect(await only(ns)).toMatchObject({ trust: { state: "whole" } });
    expect(await only(web)).toMatchObject({ trust: { state: "whole", ours: { state: "works" } } });
    await checkTrust(web.ctx, web.ctx.root, { id });
    expect(await only(web)).toMatchObject({ trust: { state: "whole", theirs: { state: "works" } } });
    const audit = await web.ctx.db.client.auditEvent.findMany({ where: { action: "trust.set-up" } });
    expect(audit).toHaveLength(1);
  });

  it("is set up again with a new token, and keeps the role that was chosen there", async () => {
    const { id } = await add(web, ns, true);
    const [before] = await trustTokens(web);
    const stored = await only(ns);
    await setMemberRoles(ns.ctx, ns.ctx.root, { ids: [stored.id], role: "sync" });
    expect(await setUpTrust(web.ctx, web.ctx.root, { id })).toMatchObject({ isEstablished: true });
    const tokens = await trustTokens(web);
    expect(tokens).toHaveLength(1);
    expect(tokens[0]?.name).not.toBe(before?.name);
    expect(await only(ns)).toMatchObject({ id: stored.id, role: "sync", pin: web.pin });
    await checkTrust(web.ctx, web.ctx.root, { id });
    expect(await only(web)).toMatchObject({ trust: { state: "whole" } });
  });

  it("takes back the half that is here when the other one fails, and names it", async () => {
    const unreachable = { ...web.ctx, env: { ...web.ctx.env, port: await freePort() } };
    const { id, trust } = await addToCluster(unreachable, web.ctx.root, { ...formFor(ns), reverseTrust: true });
    expect(trust).toMatchObject({
      isEstablished: false,
      steps: [
        { where: "This server", outcome: "undone", words: expect.stringContaining("revoked again") },
        { where: "ns1.example.net", outcome: "failed", words: expect.stringContaining("refused the connection") },
      ],
    });
    expect(await trustTokens(web)).toEqual([]);
    expect((await listMembers(ns.ctx, ns.ctx.root)).total).toBe(0);
    await checkTrust(web.ctx, web.ctx.root, { id });
    expect(await only(web)).toMatchObject({ trust: { state: "one-way", remedy: "set-up" } });
    expect(await setUpTrust(web.ctx, web.ctx.root, { id })).toMatchObject({ isEstablished: true });
  });

  it("does nothing on either side while the member is down", async () => {
    const { id } = await add(web, ns, false);
    await web.ctx.db.client.member.update({ where: { id }, data: { port: await freePort() } });
    const trust = await setUpTrust(web.ctx, web.ctx.root, { id });
    expect(trust).toMatchObject({ isEstablished: false, steps: [{ outcome: "failed" }] });
    expect(await trustTokens(web)).toEqual([]);
  });

  it("is broken by revoking the token, at both ends, and mended from here", async () => {
    const { id } = await add(web, ns, true);
    const stored = await only(ns);
    await setClusterEnabled(web.ctx, web.ctx.root, true);
    await checkDueTrusts(web.ctx, never);
    const [token] = await trustTokens(web);
    await revokeTokens(web.ctx, web.ctx.root, { names: [token?.name ?? ""] });
    expect(await only(web)).toMatchObject({
      trust: { state: "broken", remedy: "set-up", theirs: { reason: expect.stringContaining("revoked") } },
    });
    // The other end notices when it is asked: it calls to find out.
    await checkDueTrusts(web.ctx, never);
    const row = await web.ctx.db.client.member.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ trustThere: "broken", trustDetail: expect.stringContaining("Access refused") });
    expect(await only(ns)).toMatchObject({ id: stored.id, trust: { state: "broken", remedy: "enter-token" } });
    await setUpTrust(web.ctx, web.ctx.root, { id });
    expect(await only(web)).toMatchObject({ trust: { state: "whole" } });
    expect(await only(ns)).toMatchObject({ trust: { ours: { state: "works" } } });
  });

  it("is told as broken when the member has this server no more, also when it was silent in between", async () => {
    const { id } = await add(web, ns, true);
    const notices = () =>
      web.ctx.db.client.notice.findMany({ where: { memberId: id }, select: { event: true }, orderBy: { id: "asc" } });
    await checkTrust(web.ctx, web.ctx.root, { id });
    await web.ctx.db.client.member.update({ where: { id }, data: { port: await freePort() } });
    await checkTrust(web.ctx, web.ctx.root, { id });
    await web.ctx.db.client.member.update({ where: { id }, data: { port: ns.port } });
    expect(await notices()).toEqual([]);
    const stored = await only(ns);
    await deleteMember(ns.ctx, ns.ctx.root, { id: stored.id });
    await checkTrust(web.ctx, web.ctx.root, { id });
    expect(await notices()).toEqual([{ event: "trust-broken" }]);
    expect(await setUpTrust(web.ctx, web.ctx.root, { id })).toMatchObject({ isEstablished: true });
    await checkTrust(web.ctx, web.ctx.root, { id });
    expect(await notices()).toEqual([{ event: "trust-broken" }, { event: "trust-mended" }]);
  });

  it("is told as working again when the half that broke does, whatever there is to the other one", async () => {
    const { id } = await add(web, ns, false);
    await checkTrust(web.ctx, web.ctx.root, { id });
    const { client } = web.ctx.db;
    const tell = (failures: number, lastErrorKind: string | null) =>
      web.ctx.db.transaction(async (tx) => {
        const lastErrorAt = failures > 0 ? BigInt(web.ctx.clock.now() + 1_000) : null;
        await tx.member.update({ where: { id }, data: { failures, lastErrorKind, lastErrorAt } });
        await tellTrust(tx, web.ctx, id);
      });
    const told = async () =>
      (await client.notice.findMany({ where: { memberId: id }, orderBy: { id: "asc" } })).map(({ event }) => event);
    await tell(1, "auth");
    await tell(0, null);
    expect(await told()).toEqual(["trust-broken", "trust-mended"]);
    await tell(1, "auth");
    expect(await told()).toEqual(["trust-broken", "trust-mended", "trust-broken"]);
  });

  it("is looked at when a token expires", async () => {
    const { id } = await add(web, ns, true);
    await setClusterEnabled(web.ctx, web.ctx.root, true);
    await checkDueTrusts(web.ctx, never);
    const asked = async () => (await web.ctx.db.client.member.findUniqueOrThrow({ where: { id } })).trustAt ?? 0n;
    const before = await asked();
    const now = web.ctx.clock.now();
    const at = (time: number) => ({ ...web.ctx, clock: { ...web.ctx.clock, now: () => time } });
    await createToken(web.ctx, web.ctx.root, { name: `day-${provider}`, expiresAt: now + 60_000 });
    await checkDueTrusts(at(now + 59_000), never);
    expect(await asked()).toBe(before);
    await checkDueTrusts(at(now + 61_000), never);
    expect(await asked()).toBeGreaterThan(before);
    await revokeTokens(web.ctx, web.ctx.root, { names: [`day-${provider}`] });
  });

  describe("is looked at", () => {
    const asked = async (id: number) => {
      const row = await web.ctx.db.client.member.findUniqueOrThrow({ where: { id } });
      return Number(row.trustAt);
    };
    /** Whether the members are asked when so much time went by since they were. */
    const isAskedAfter = async (id: number, ms: number) => {
      const before = await asked(id);
      await checkDueTrusts(later(web.ctx, ms), never);
      return (await asked(id)) > before;
    };
    const settled = async () => {
      const { id } = await add(web, ns, true);
      await setClusterEnabled(web.ctx, web.ctx.root, true);
      await checkDueTrusts(web.ctx, never);
      expect(await isAskedAfter(id, 1_000)).toBe(false);
      return id;
    };

    it("when the member was edited", async () => {
      const id = await settled();
      await updateMember(web.ctx, web.ctx.root, { ...formFor(ns), id, token: "", debug: true });
      expect(await isAskedAfter(id, 2_000)).toBe(true);
    });

    it("when a token was revoked or changed, also one that the member was not known to use", async () => {
      const id = await settled();
      const name = `by-hand-${provider}`;
      await createToken(web.ctx, web.ctx.root, { name });
      expect(await isAskedAfter(id, 2_000)).toBe(false);
      await updateToken(web.ctx, web.ctx.root, { name, allowedIps: ["192.0.2.1"] });
      expect(await isAskedAfter(id, 2_000)).toBe(true);
      await revokeTokens(web.ctx, web.ctx.root, { names: [name] });
      expect(await isAskedAfter(id, 4_000)).toBe(true);
    });

    it("when nothing happened for half an hour, and sooner while the member is down", async () => {
      const id = await settled();
      expect(await isAskedAfter(id, TRUST_EVERY_MS - 60_000)).toBe(false);
      await web.ctx.db.client.member.update({ where: { id }, data: { port: await freePort() } });
      expect(await isAskedAfter(id, TRUST_EVERY_MS + 1_000)).toBe(true);
      expect(await only(web)).toMatchObject({ trust: { state: "unknown", theirs: { state: "unknown" } } });
      expect(await isAskedAfter(id, TRUST_EVERY_MS + 4 * 60_000)).toBe(false);
      expect(await isAskedAfter(id, TRUST_EVERY_MS + 6 * 60_000)).toBe(true);
    });

    it("not while clustering is disabled", async () => {
      const id = await settled();
      await setClusterEnabled(web.ctx, web.ctx.root, false);
      expect(await isAskedAfter(id, TRUST_EVERY_MS + 1_000)).toBe(false);
    });
  });

  describe("when something happens while the member answers", () => {
    let meanwhile: () => Promise<unknown> = async () => undefined;
    let slow: FetchServer;
    beforeAll(async () => {
      slow = await serveFetch(async (request) => {
        if (request.url.includes("cluster_member_has_trust_with")) await meanwhile();
        return (await ns.answer(request)) ?? new Response(null, { status: 404 });
      });
    });
    afterAll(() => slow.close());
    const addSlow = async () => {
      const form = { ...formFor(ns), port: slow.port, pin: slow.pin };
      return addMember(web.ctx, web.ctx.root, form);
    };

    it("does not forget that the token was revoked", async () => {
      const { id } = await addSlow();
      await setUpTrust(web.ctx, web.ctx.root, { id });
      const [token] = await trustTokens(web);
      meanwhile = () => revokeTokens(web.ctx, web.ctx.root, { names: [token?.name ?? ""] });
      await checkTrust(web.ctx, web.ctx.root, { id });
      meanwhile = async () => undefined;
      expect(await only(web)).toMatchObject({ trust: { state: "broken", remedy: "set-up" } });
      const row = await web.ctx.db.client.member.findUniqueOrThrow({ where: { id } });
      expect(row).toMatchObject({ trustDueAt: 0n, trustTokenId: expect.any(Number) });
    });

    it("does not take an older answer for the trust that was set up", async () => {
      const { id } = await addSlow();
      meanwhile = async () => {
        meanwhile = async () => undefined;
        await ns.ctx.db.client.member.deleteMany();
        await setUpTrust(web.ctx, web.ctx.root, { id });
        // What the answer is made of was read before.
        await ns.ctx.db.client.member.deleteMany();
      };
      await checkTrust(web.ctx, web.ctx.root, { id });
      expect(await only(web)).toMatchObject({ trust: { state: "whole" } });
    });
  });

  it("leaves no token of a server that was killed in the middle", async () => {
    const { id } = await add(web, ns, true);
    const member = await web.ctx.db.client.member.findUniqueOrThrow({ where: { id } });
    const orphan = await makeTrustToken(web.ctx, web.ctx.root, member, ["127.0.0.1"]);
    expect(await takeBackInterrupted(web.ctx)).toBe(0);
    expect(await takeBackInterrupted(later(web.ctx, 180_000))).toBe(1);
    const names = (await trustTokens(web)).map(({ name }) => name);
    expect(names).toHaveLength(1);
    expect(names).not.toContain(orphan.name);
    const [audit] = await web.ctx.db.client.auditEvent.findMany({ orderBy: { id: "desc" }, take: 1 });
    expect(audit).toMatchObject({ action: "token.revoke", subject: orphan.name, actorName: "engine" });
  });

  it("is asked for again, and finished, when the member was down after a set-up that was interrupted", async () => {
    const { id } = await add(web, ns, true);
    await web.ctx.db.client.member.update({ where: { id }, data: { trustTokenId: null, port: await freePort() } });
    expect(await takeBackInterrupted(later(web.ctx, 180_000))).toBe(1);
    const reason = expect.stringContaining("was interrupted when this server stopped");
    expect(await only(web)).toMatchObject({ trust: { state: "unknown", theirs: { state: "unknown", reason } } });
    await web.ctx.db.client.member.update({ where: { id }, data: { port: ns.port } });
    expect(await takeBackInterrupted(web.ctx)).toBe(0);
    expect(await only(web)).toMatchObject({ trust: { state: "unknown" } });
    // Not before it is its turn again.
    await takeBackInterrupted(later(web.ctx, 10 * 60_000));
    expect(await only(web)).toMatchObject({ trust: { theirs: { state: "works" } } });
    expect(await trustTokens(web)).toHaveLength(1);
  });

  it("ends with the member", async () => {
    const { id } = await add(web, ns, true);
    expect(await trustTokens(web)).toHaveLength(1);
    await deleteMember(web.ctx, web.ctx.root, { id });
    expect(await trustTokens(web)).toEqual([]);
  });

  describe("with a WHM", () => {
    let whm: WhmEmulator;
    beforeAll(async () => {
      whm = await startWhmEmulator({ hostname: "whm.example.net" });
    });
    afterAll(() => whm.close());
    const onPort = (port: number): Context => ({ ...web.ctx, env: { ...web.ctx.env, port } });
    const addWhm = (ctx: Context) => {
      const form = { ...formFor(ns), port: whm.port, pin: whm.pin, token: "WHMTOKEN0123456789" };
      return addToCluster(ctx, web.ctx.root, { ...form, reverseTrust: true });
    };

    it("gives it a token that works for a member, and for nothing else", async () => {
      const { id, trust } = await addWhm(onPort(2087));
      expect(trust).toMatchObject({ isEstablished: true, name: "whm.example.net" });
      const given = whm.trusted.get("127.0.0.1");
      const caller = { username: given?.user ?? "", token: given?.pass ?? "" };
      expect(await authenticateToken(web.ctx, { ...caller, address: "127.0.0.1" })).toMatchObject({
        username: "root",
        acls: ["clustering"],
      });
      const elsewhere = authenticateToken(web.ctx, { ...caller, address: "192.0.2.7" });
      await expect(elsewhere).rejects.toMatchObject({ code: "unauthenticated" });
      await checkTrust(web.ctx, web.ctx.root, { id });
      expect(await only(web)).toMatchObject({ trust: { state: "whole" } });
      whm.trusted.clear();
      await checkTrust(web.ctx, web.ctx.root, { id });
      expect(await only(web)).toMatchObject({ trust: { state: "one-way", remedy: "set-up" } });
      expect(await web.ctx.db.client.notice.count({ where: { memberId: id, event: "trust-broken" } })).toBe(1);
    });

    it("says that it could not call back on another port, and leaves no token", async () => {
      const { trust } = await addWhm(onPort(3087));
      expect(trust).toMatchObject({ isEstablished: false, steps: [{ outcome: "undone" }, { outcome: "failed" }] });
      expect(trust?.steps[1]?.words).toContain("on port 2087");
      expect(whm.trusted.size).toBe(0);
      expect(await trustTokens(web)).toEqual([]);
    });
  });

  describe("renewed by a WHM that is stored already", () => {
    const FORMER = "WHMTOKEN0123456789";
    let whm: WhmEmulator;
    beforeAll(async () => {
      whm = await startWhmEmulator({ hostname: "whm.example.net" });
    });
    afterAll(() => whm.close());
    const stored = (hostname: string) =>
      addMember(ns.ctx, ns.ctx.root, { ...formFor(web), hostname, port: whm.port, pin: whm.pin, token: FORMER });
    const accept = (host: string, port = whm.port) =>
      acceptTrust(ns.ctx, ns.ctx.root, {
        ...{ host: `${host}:${port}`, username: "root", token: FORMER, address: "127.0.0.1" },
      });
    const credentials = () =>
      ns.ctx.db.client.member.findMany({ orderBy: { id: "asc" }, select: { sealedCredential: true } });

    it.each([
      ["by its name, and names its address", "localhost", "127.0.0.1"],
      ["by its address, and names its own name", "127.0.0.1", "whm.example.net"],
    ])("%s", async (_, hostname, host) => {
      const { id } = await stored(hostname);
      const [before] = await credentials();
      expect(await accept(host)).toBe(hostname);
      expect(await only(ns)).toMatchObject({ id, hostname, role: "sync", pin: whm.pin });
      expect(await credentials()).not.toEqual([before]);
    });

    it("not where two are stored that it may be, nor where another port is named", async () => {
      const { id } = await stored("localhost");
      const { id: _, ...row } = await ns.ctx.db.client.member.findUniqueOrThrow({ where: { id } });
      const second = { hostname: "second.example.net", remoteHostname: "second.example.net" };
      await ns.ctx.db.client.member.create({ data: { ...row, ...second } });
      const before = await credentials();
      await expect(accept("127.0.0.1")).rejects.toMatchObject({ code: "conflict" });
      await ns.ctx.db.client.member.updateMany({ where: { id }, data: { port: await freePort() } });
      await expect(accept("127.0.0.1", await freePort())).rejects.toMatchObject({ code: "invalid-input" });
      expect(await credentials()).toEqual(before);
    });
  });

  describe("asked for by another server", () => {
    const request = (changes: object = {}) => ({
      ...{ host: `127.0.0.1:${web.port}`, username: "root", token: web.token, address: "127.0.0.1" },
      ...changes,
    });
    const accept = (changes: object = {}) => acceptTrust(ns.ctx, ns.ctx.root, request(changes));

    it("stores it with the certificate that it names, and with no other", async () => {
      const another = Buffer.alloc(32, 1).toString("base64");
      await expect(accept({ pin: another })).rejects.toMatchObject({ code: "invalid-input" });
      expect((await listMembers(ns.ctx, ns.ctx.root)).total).toBe(0);
      await accept({ pin: web.pin });
      expect(await only(ns)).toMatchObject({ role: "standalone", pin: web.pin });
    });

    it("accepts what it sees when none is named, at the address of the call only", async () => {
      await expect(accept({ address: "192.0.2.7" })).rejects.toThrow(/came from 192\.0\.2\.7/);
      await accept();
      expect(await only(ns)).toMatchObject({ pin: web.pin });
    });

    it("promises nothing before the token was tried", async () => {
      await expect(accept({ token: "WRONG", pin: web.pin })).rejects.toThrow(/token/);
      await expect(accept({ host: "127.0.0.1/x" })).rejects.toMatchObject({ code: "invalid-input" });
      expect((await listMembers(ns.ctx, ns.ctx.root)).total).toBe(0);
    });

    it("changes neither host nor certificate of a member that is stored", async () => {
      await accept({ pin: web.pin });
      await addMember(web.ctx, web.ctx.root, formFor(ns));
      await accept({ host: "192.0.2.99", pin: Buffer.alloc(32, 2).toString("base64"), serverId: "WEB" });
      expect(await only(ns)).toMatchObject({ hostname: "127.0.0.1", port: web.port, pin: web.pin });
    });

    it("does not resume a cluster that somebody disabled", async () => {
      await addMember(ns.ctx, ns.ctx.root, { ...formFor(web), role: "write-only" });
      await ns.ctx.db.client.member.updateMany({ data: { serverId: "OTHER", hostname: "other.example.net" } });
      await accept({ pin: web.pin });
      expect(await listMembers(ns.ctx, ns.ctx.root)).toMatchObject({ total: 2 });
      expect(await getCluster(ns.ctx, ns.ctx.root)).toMatchObject({ isEnabled: false });
    });
  });

  describe("over the wire", () => {
    const fields = (changes: Record<string, string> = {}) =>
      new URLSearchParams({
        ...{ recurse: "0", user: "root", clustermaster: `127.0.0.1:${web.port}`, pass: web.token },
        ...{ version: "11.110.0.5", ...changes },
      }).toString();

    /** As WHM sends it: form text under another type, and no header of ours. */
    const post = async (body: string, init: { token?: string; method?: string; query?: string } = {}) => {
      const { token = ns.token, method = "POST", query = "" } = init;
      const response = await ns.answer(
        new Request(`https://127.0.0.1/cgi/trustclustermaster.cgi${query}`, {
          method,
          headers: {
            authorization: `whm root:${token}`,
            "content-type": "application/octet-stream",
            [CLIENT_HEADER]: "127.0.0.1",
          },
          ...(method === "POST" ? { body } : {}),
        }),
      );
      if (!response) throw new Error("There is no such page.");
      return { status: response.status, text: await response.text() };
    };

    it("stores a WHM that posts its form", async () => {
      expect(await post(fields())).toMatchObject({
        status: 200,
        text: expect.stringContaining("has been established"),
      });
      expect(await only(ns)).toMatchObject({ role: "standalone" });
      expect(await post(fields())).toMatchObject({ status: 200 });
      await only(ns);
    });

    it("sets nothing up in the other direction, whatever it is asked", async () => {
      await post(fields({ recurse: "1" }));
      expect((await listMembers(web.ctx, web.ctx.root)).total).toBe(0);
    });

    it("refuses what lacks the privilege, a field, or hides a token in an address", async () => {
      const { token } = await createToken(ns.ctx, ns.ctx.root, { name: `lists-${provider}`, acls: ["list-zones"] });
      expect(await post(fields(), { token })).toMatchObject({ status: 403 });
      expect(await post(fields(), { token: "WRONG" })).toMatchObject({ status: 401 });
      expect(await post("recurse=0")).toMatchObject({ status: 400, text: expect.stringContaining("clustermaster") });
      expect(await post("", { query: `?${fields()}` })).toMatchObject({ status: 400 });
      expect(await post("", { method: "GET", query: `?${fields()}` })).toMatchObject({ status: 400 });
      const wrong = await post(fields({ pass: "NOTATOKEN12345" }));
      expect(wrong.status).toBe(400);
      expect(wrong.text).not.toContain("has been established");
      expect(wrong.text).not.toContain("NOTATOKEN12345");
      expect((await listMembers(ns.ctx, ns.ctx.root)).total).toBe(0);
    });
  });
});
