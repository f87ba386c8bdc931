import { appendFile } from "node:fs/promises";
import { createServer } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkMembers } from "@/lib/cluster/check-members";
import { setClusterEnabled } from "@/lib/cluster/settings";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { AppError } from "@/lib/errors";
import { writeSettings } from "@/lib/settings/settings";
import { makeTrustToken } from "@/lib/trust/trust-token";
import type { MemberForm } from "./connection-request";
import { credentialPurpose } from "./credential";
import { debugLogPath, recordedTransactions, recordTransaction } from "./debug-log";
import { clearDebugLog, debugQuery, debugTransactions, exportDebugLog } from "./debug-service";
import { closeMemberDrivers, openMemberDriver } from "./open-driver";
import { findMember, getMember, listMembers } from "./queries";
import { addMember, deleteMember, setMemberRoles, testConnection, updateMember } from "./service";
import { type MemberServer, startMemberServer } from "./testing/member-server";

describe.each(["sqlite", "postgresql"] as const)("members on %s", (provider) => {
  let base: TestContext;
  let ctx: Context;
  let wakes = 0;
  const servers: MemberServer[] = [];

  beforeAll(async () => {
    base = await testContext(provider);
    ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] }, wake: () => wakes++ };
    await base.db.transaction((tx) =>
      writeSettings(tx, "server", { serverId: "OURSELVES", hostname: "web1.example.com" }),
    );
    await setClusterEnabled(ctx, base.root, true);
  });
  afterAll(async () => {
    await closeMemberDrivers(ctx);
    await base.close();
  });
  beforeEach(() => {
    wakes = 0;
  });
  afterEach(async () => {
    const { rows } = await listMembers(ctx, base.root);
    for (const { id } of rows) await deleteMember(ctx, base.root, { id });
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  const start = async (...given: Parameters<typeof startMemberServer>) => {
    const server = await startMemberServer(...given);
    servers.push(server);
    return server;
  };
  const formFor = (server: MemberServer, changes: Partial<MemberForm> = {}): MemberForm => ({
    backend: "whm",
    hostname: "127.0.0.1",
    port: server.port,
    username: "root",
    token: server.behaviour.token,
    debug: false,
    role: "sync",
    pin: server.pin(),
    ...changes,
  });
  const test = (form: MemberForm) => testConnection(ctx, base.root, form);
  const problemOf = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).extra.details;
  };
  const targets = () => ctx.db.client.target.findMany({ where: { NOT: { memberId: null } } });

  describe("Test connection", () => {
    it("says what answers when all is well", async () => {
      const server = await start({ serverId: "NS1" });
      expect(await test(formFor(server))).toMatchObject({
        ok: true,
        address: "127.0.0.1",
        status: { software: "Zonefleet", version: "0.1.0", hostname: "ns1.example.com", serverId: "NS1" },
      });
    });

    it("takes a WHM server by its own words", async () => {
      const server = await start();
      expect(await test(formFor(server))).toMatchObject({ ok: true, status: { version: "11.110.0.5" } });
    });

    it("names a host that does not resolve", async () => {
      const server = await start();
      const result = await test(formFor(server, { hostname: "ns1.example.invalid" }));
      expect(result).toMatchObject({ ok: false, problem: { code: "name-not-resolved" } });
    });

    it("names an address that members may not have, before anything is sent", async () => {
      const server = await start();
      const strict = { ...ctx, env: base.env };
      const result = await testConnection(strict, base.root, formFor(server));
      expect(result).toMatchObject({ ok: false, problem: { code: "address-refused" } });
      expect(server.requests).toEqual([]);
    });

    it("names a refused connection", async () => {
      const server = await start();
      await server.close();
      expect(await test(formFor(server))).toMatchObject({ ok: false, problem: { code: "connection-refused" } });
    });

    it("names a port that does not speak TLS", async () => {
      const plain = createServer((socket) => socket.end("220 mail.example.com\r\n"));
      await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
      const { port } = plain.address() as { port: number };
      const result = await test({ ...formFor(await start()), port });
      plain.close();
      expect(result).toMatchObject({ ok: false, problem: { code: "tls-failed" } });
    });

    it("shows an untrusted certificate with its pin, and sends no token to it", async () => {
      const server = await start();
      const result = await test(formFor(server, { pin: null }));
      expect(result).toMatchObject({
        ok: false,
        problem: {
          code: "certificate-untrusted",
          certificate: { pin: server.pin(), subject: expect.stringContaining("ns1.example.com"), isTrusted: false },
        },
      });
      expect(server.requests).toEqual([]);
    });

    it("shows old and new pin when the certificate changed, and sends no token to it", async () => {
      const server = await start();
      const form = formFor(server);
      await server.replaceCertificate();
      expect(await test(form)).toMatchObject({
        ok: false,
        problem: { code: "certificate-changed", acceptedPin: form.pin, certificate: { pin: server.pin() } },
      });
      expect(server.requests).toEqual([]);
    });

    it.each<[string, Parameters<typeof startMemberServer>[0], Partial<MemberForm>, string]>([
      ["a refused token", {}, { token: "WRONG" }, "token-refused"],
      ["a user without such a token", {}, { username: "somebody" }, "token-refused"],
      ["a WHM token without the privilege", { acls: ["list-zones"] }, {}, "missing-privilege"],
      ["a Zonefleet token without the privilege", { acls: ["list-zones"], serverId: "NS1" }, {}, "missing-privilege"],
      ["another kind of server", { mode: "rubbish" }, {}, "not-a-member-server"],
      ["a version that is too old", { version: "10.9.0" }, {}, "version-too-old"],
      ["ourselves", { serverId: "OURSELVES" }, {}, "ourselves"],
    ])("names %s", async (_, behaviour, changes, code) => {
      const result = await test(formFor(await start(behaviour), changes));
      expect(result).toMatchObject({ ok: false, problem: { code, advice: expect.stringMatching(/\.$/) } });
    });
  });

  describe("adding", () => {
    it("stores the member with its target and its token sealed, in one go", async () => {
      const server = await start({ serverId: "NS1" });
      const { id } = await addMember(ctx, base.root, formFor(server));
      const member = await findMember(ctx, base.root, id);
      expect(member).toMatchObject({ hostname: "127.0.0.1", pin: server.pin(), serverId: "NS1", version: "0.1.0" });
      expect(member.sealedCredential).not.toContain(server.behaviour.token);
      expect(ctx.secrets.open(member.sealedCredential, credentialPurpose(id))).toBe(server.behaviour.token);
      expect(await targets()).toMatchObject([{ memberId: id, needsCompare: true, seenSeq: 0n }]);
      expect(wakes).toBe(1);
      const [audit] = await ctx.db.client.auditEvent.findMany({
        where: { action: "member.add" },
        orderBy: { id: "desc" },
      });
      expect(audit).toMatchObject({ subject: "127.0.0.1", actorName: "root" });
      expect(audit?.detail).not.toContain(server.behaviour.token);
    });

    it("gives pages no credential", async () => {
      const server = await start();
      await addMember(ctx, base.root, formFor(server));
      const { rows } = await listMembers(ctx, base.root);
      expect(rows).toMatchObject([
        { hasCredential: true, status: { state: "online" }, host: `127.0.0.1:${server.port}` },
      ]);
      expect(JSON.stringify(rows)).not.toMatch(/sealed|v1\.|TOKEN0123/);
    });

    it("adds nothing when the test finds something wrong", async () => {
      const server = await start();
      const details = await problemOf(addMember(ctx, base.root, formFor(server, { token: "WRONG" })));
      expect(details).toMatchObject({ problem: { code: "token-refused" } });
      expect(await listMembers(ctx, base.root)).toMatchObject({ total: 0 });
    });

    it("refuses a second server with the same hostname", async () => {
      const [one, two] = [await start({ serverId: "NS1" }), await start({ serverId: "NS2" })];
      await addMember(ctx, base.root, formFor(one));
      expect(await problemOf(addMember(ctx, base.root, formFor(two)))).toMatchObject({
        problem: { code: "duplicate", advice: expect.stringContaining("same hostname") },
      });
    });

    it("refuses the same server under another name", async () => {
      const server = await start({ serverId: "NS1" });
      await addMember(ctx, base.root, formFor(server));
      const again = formFor(server, { hostname: "127.0.0.2" });
      const twin = await start({ serverId: "NS1" });
      expect(await problemOf(addMember(ctx, base.root, { ...again, port: twin.port, pin: twin.pin() }))).toMatchObject({
        problem: { code: "connection-refused" },
      });
      const local = { ...again, hostname: "localhost", port: twin.port, pin: twin.pin() };
      expect(await problemOf(addMember(ctx, base.root, local))).toMatchObject({
        problem: { code: "duplicate", title: expect.stringContaining("as 127.0.0.1") },
      });
    });

    it("keeps one of two that are added at once", async () => {
      const server = await start({ serverId: "NS1" });
      const results = await Promise.allSettled([1, 2].map(() => addMember(ctx, base.root, formFor(server))));
      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      const [lost] = results.filter((result) => result.status === "rejected");
      expect(lost?.reason).toMatchObject({ code: "conflict" });
      expect(await listMembers(ctx, base.root)).toMatchObject({ total: 1 });
    });
  });

  it.each([
    ["sync", "write-only", 1],
    ["sync", "standalone", 0],
    ["standalone", "sync", 1],
    ["standalone", "standalone", 0],
  ] as const)("a role change from %s to %s leaves %i targets", async (from, to, count) => {
    const { id } = await addMember(ctx, base.root, formFor(await start(), { role: from }));
    await setMemberRoles(ctx, base.root, { ids: [id], role: to });
    expect(await targets()).toHaveLength(count);
    expect(await getMember(ctx, base.root, id)).toMatchObject({ role: to });
  });

  it("changes the role of several members together, or of none when one is somebody else's", async () => {
    const reseller = await base.addReseller("roles", ["clustering"]);
    const own: number[] = [];
    for (const hostname of ["127.0.0.1", "localhost"]) {
      const server = await start({ hostname: `${hostname}.example.com` });
      own.push((await addMember(ctx, base.root, formFor(server, { hostname }))).id);
    }
    const theirs = await addMember(ctx, reseller, formFor(await start({ hostname: "ns3.example.com" })));
    expect(await setMemberRoles(ctx, base.root, { ids: own, role: "write-only" })).toEqual({ changed: 2 });
    expect(await setMemberRoles(ctx, base.root, { ids: own, role: "write-only" })).toEqual({ changed: 0 });
    const foreign = setMemberRoles(ctx, reseller, { ids: [theirs.id, ...own], role: "standalone" });
    await expect(foreign).rejects.toMatchObject({ code: "not-found" });
    const roles = await ctx.db.client.member.findMany({ select: { role: true }, orderBy: { id: "asc" } });
    expect(roles.map(({ role }) => role)).toEqual(["write-only", "write-only", "sync"]);
    await deleteMember(ctx, base.root, theirs);
  });

  it("holds a reseller to the limit of members, also when root adds them as that account", async () => {
    const reseller = await base.addReseller("limited", ["clustering"]);
    const accountId = reseller.userId;
    await ctx.db.client.user.update({ where: { id: accountId }, data: { memberLimit: 1 } });
    const first = await addMember(ctx, base.root, { ...formFor(await start()), accountId });
    expect(await listMembers(ctx, reseller)).toMatchObject({ total: 1, rows: [{ id: first.id }] });
    expect(await listMembers(ctx, base.root)).toMatchObject({ total: 0 });
    const second = formFor(await start({ hostname: "ns2.example.com" }), { hostname: "localhost" });
    for (const actor of [reseller, base.root])
      await expect(addMember(ctx, actor, { ...second, accountId })).rejects.toThrow(
        "limited may have at most 1 server in a DNS cluster. Delete one, or ask root to raise the limit.",
      );
    const other = await base.addReseller("other", ["clustering"]);
    await expect(addMember(ctx, other, { ...second, accountId })).rejects.toMatchObject({ code: "not-found" });
    await deleteMember(ctx, reseller, first);
  });

  it("deletes a member with its target and everything acknowledged there", async () => {
    const { id } = await addMember(ctx, base.root, formFor(await start()));
    const [target] = await targets();
    const targetId = target?.id ?? 0;
    await ctx.db.client.zoneTarget.create({ data: { zoneId: 1, targetId, ackSeq: 1n } });
    await ctx.db.client.delivery.create({ data: { seq: 1n, targetId, acceptedAt: 1n } });
    await deleteMember(ctx, base.root, { id });
    expect(await targets()).toEqual([]);
    expect(await ctx.db.client.zoneTarget.count({ where: { targetId } })).toBe(0);
    expect(await ctx.db.client.delivery.count({ where: { targetId } })).toBe(0);
    await expect(getMember(ctx, base.root, id)).rejects.toMatchObject({ code: "not-found" });
  });

  describe("editing", () => {
    it("keeps the stored token when the field is left empty", async () => {
      const server = await start();
      const form = formFor(server);
      const { id } = await addMember(ctx, base.root, form);
      await updateMember(ctx, base.root, { ...form, id, token: "", debug: true, role: "write-only" });
      const member = await findMember(ctx, base.root, id);
      expect(member).toMatchObject({ debug: true, role: "write-only" });
      expect(ctx.secrets.open(member.sealedCredential, credentialPurpose(id))).toBe(form.token);
    });

    it("asks for the token again when the host changes, so that it is never sent to another server", async () => {
      const server = await start({ serverId: "NS1" });
      const other = await start({ serverId: "NS2" });
      const { id } = await addMember(ctx, base.root, formFor(server));
      const moved = { ...formFor(other), id, token: "" };
      await expect(updateMember(ctx, base.root, moved)).rejects.toMatchObject({
        code: "invalid-input",
        extra: { fields: { token: expect.stringContaining("again") } },
      });
      expect(other.requests).toEqual([]);
    });

    it.each<[string, string | undefined, string | undefined, boolean]>([
      ["ends the token that it was given when it becomes another server", "NS1", "NS2", true],
      ["keeps the token that it was given when it is the same server at another port", "NS1", "NS1", false],
      ["ends the token of a WHM at another port, which may be another one", undefined, undefined, true],
      ["ends the token that it was given when it becomes a WHM", "NS1", undefined, true],
    ])("%s", async (_, from, to, isEnded) => {
      const [server, other] = [await start(from ? { serverId: from } : {}), await start(to ? { serverId: to } : {})];
      const { id } = await addMember(ctx, base.root, formFor(server));
      const member = await findMember(ctx, base.root, id);
      const token = await makeTrustToken(ctx, base.root, member, ["127.0.0.1"]);
      const trust = { trustTokenId: token.id, trustThere: "works", trustDetail: "It does.", trustAt: 5n };
      const nameserver = "PowerDNS 4.4.1";
      await ctx.db.client.member.update({ where: { id }, data: { ...trust, nameserver } });
      const row = () => ctx.db.client.member.findUniqueOrThrow({ where: { id } });
      await updateMember(ctx, base.root, { ...formFor(server), id, token: "", debug: true });
      expect(await row()).toMatchObject({ ...trust, nameserver });
      await updateMember(ctx, base.root, { ...formFor(other), id });
      expect((await row()).nameserver).toBe(isEnded ? "" : nameserver);
      const none = { trustTokenId: null, trustThere: null, trustDetail: null, trustAt: null };
      expect(await row()).toMatchObject({ ...(isEnded ? none : trust), trustDueAt: 0n });
      expect(await ctx.db.client.apiToken.count({ where: { memberId: id } })).toBe(isEnded ? 0 : 1);
    });

    it("changes role and debug mode of a member that is down", async () => {
      const server = await start();
      const form = formFor(server);
      const { id } = await addMember(ctx, base.root, form);
      await server.close();
      await updateMember(ctx, base.root, { ...form, id, token: "", role: "standalone" });
      expect(await getMember(ctx, base.root, id)).toMatchObject({ role: "standalone", target: null });
    });

    it("takes a new certificate once its pin is accepted, and does not wait for the next try", async () => {
      const server = await start();
      const form = formFor(server);
      const { id } = await addMember(ctx, base.root, form);
      await ctx.db.client.target.updateMany({ data: { retryAt: 9_000_000_000_000n, attempts: 3 } });
      await server.replaceCertificate();
      await checkMembers(ctx);
      expect(await getMember(ctx, base.root, id)).toMatchObject({
        status: { state: "certificate-changed" },
        failures: 1,
      });
      await updateMember(ctx, base.root, { ...form, id, token: "", pin: server.pin() });
      expect(await getMember(ctx, base.root, id)).toMatchObject({ status: { state: "online" }, failures: 0 });
      expect(await targets()).toMatchObject([{ retryAt: 0n, attempts: 0 }]);
      await checkMembers(ctx);
      expect(await getMember(ctx, base.root, id)).toMatchObject({ status: { state: "online" } });
    });

    it("ends no episode of a member that is disabled, or enabled by itself and catching up", async () => {
      const server = await start();
      const form = formFor(server);
      const { id } = await addMember(ctx, base.root, form);
      const row = () => ctx.db.client.member.findUniqueOrThrow({ where: { id } });
      const episode = { failures: 3, firstFailureAt: 5n, lastFailureAt: 6n, episodeDisabledAt: 6n };
      for (const held of [{ disabledAt: 6n }, { disabledAt: null, recoveringAt: 7n }]) {
        await ctx.db.client.member.update({ where: { id }, data: { ...episode, ...held } });
        await updateMember(ctx, base.root, { ...form, id });
        expect(await row()).toMatchObject({ ...episode, ...held });
      }
      await ctx.db.client.member.update({ where: { id }, data: { recoveringAt: null } });
      await updateMember(ctx, base.root, { ...form, id });
      expect(await row()).toMatchObject({ failures: 0, firstFailureAt: null, lastFailureAt: null });
    });
  });

  describe("status checks", () => {
    it("count failures in a row and start again at an answer", async () => {
      const server = await start();
      const { id } = await addMember(ctx, base.root, formFor(server));
      const { token } = server.behaviour;
      server.behaviour.token = "CHANGED";
      await checkMembers(ctx);
      await checkMembers(ctx);
      expect(await getMember(ctx, base.root, id)).toMatchObject({
        failures: 2,
        failureWords: "2 of 10 failed commands",
        status: { state: "failing", label: "Access refused" },
      });
      server.behaviour.token = token;
      await checkMembers(ctx);
      expect(await getMember(ctx, base.root, id)).toMatchObject({ failures: 0, status: { state: "online" } });
    });

    it("do nothing while clustering is disabled", async () => {
      const server = await start();
      const { id } = await addMember(ctx, base.root, formFor(server));
      await setClusterEnabled(ctx, base.root, false);
      const before = server.requests.length;
      await checkMembers(ctx);
      expect(server.requests).toHaveLength(before);
      expect(await getMember(ctx, base.root, id)).toMatchObject({ status: { state: "paused" } });
      expect(await targets()).toHaveLength(1);
      await setClusterEnabled(ctx, base.root, true);
    });

    it("see that another server answers at the member's address", async () => {
      const server = await start({ serverId: "NS1" });
      const { id } = await addMember(ctx, base.root, formFor(server));
      server.behaviour.serverId = "SOMEBODY-ELSE";
      await checkMembers(ctx);
      expect(await getMember(ctx, base.root, id)).toMatchObject({
        status: { state: "failing", reason: expect.stringContaining("Another server answers") },
      });
    });
  });

  it("records transactions in debug mode, without secrets", async () => {
    const server = await start();
    const { id } = await addMember(ctx, base.root, formFor(server, { debug: true }));
    await checkMembers(ctx);
    const transactions = await recordedTransactions(ctx, id);
    expect(transactions.map(({ operation }) => operation)).toContain("version");
    expect(JSON.stringify(transactions)).not.toContain(server.behaviour.token);
    expect(debugLogPath(ctx, id)).toContain(base.env.dataDir);
  });

  describe("recorded transactions", () => {
    const record = (id: number, operation: string, error: string | null, reply = "OK") =>
      recordTransaction(ctx, id, {
        operation,
        method: "POST",
        sent: 10,
        received: 2,
        durationMs: 1.5,
        error,
        request: `POST /scripts2/${operation}`,
        reply,
      });
    const read = (id: number, query: object = {}) =>
      debugTransactions(ctx, base.root, { id, ...debugQuery.parse(query) });

    it("are found by command, outcome and text, newest first and by the page", async () => {
      const { id } = await addMember(ctx, base.root, formFor(await start()));
      for (let index = 0; index < 60; index++) record(id, "savezone_local", null);
      record(id, "getzones_local", "the line was cut");
      record(id, "getzones_local", null, "Example.com");
      await read(id);
      await appendFile(debugLogPath(ctx, id), '{"at":"half');
      const all = await read(id);
      expect(all).toMatchObject({ isOn: false, total: 62, recorded: 62, pageSize: 50 });
      expect(all.commands).toEqual(["getzones_local", "savezone_local"]);
      expect(all.rows.slice(0, 3).map(({ operation, error }) => [operation, error])).toEqual([
        ["getzones_local", null],
        ["getzones_local", "the line was cut"],
        ["savezone_local", null],
      ]);
      expect((await read(id, { page: "2" })).rows).toHaveLength(12);
      expect((await read(id, { command: "getzones_local" })).total).toBe(2);
      expect((await read(id, { outcome: "failed" })).rows.map(({ error }) => error)).toEqual(["the line was cut"]);
      expect((await read(id, { outcome: "done", q: "EXAMPLE.com" })).total).toBe(1);
      expect((await read(id, { q: "nothing like it", outcome: "nonsense" })).total).toBe(0);
      const { fileName, text } = await exportDebugLog(ctx, base.root, id);
      expect(fileName).toMatch(/^transactions-[\w.-]+\.jsonl$/);
      expect(text.toString().split("\n")).toHaveLength(63);
    });

    it("are put aside by size, and never take more than two files", async () => {
      const { id } = await addMember(ctx, base.root, formFor(await start()));
      for (let index = 0; index < 12; index++) record(id, `command${index}`, null, "x".repeat(1_000_000));
      const { commands } = await read(id);
      expect(commands).not.toContain("command0");
      expect(commands).toContain("command11");
      expect((await exportDebugLog(ctx, base.root, id)).text.length).toBeLessThan(8_000_001);
    });

    it("are cleared on request and when the member goes, and are nobody else's", async () => {
      const { id } = await addMember(ctx, base.root, formFor(await start()));
      record(id, "version", null);
      const reseller = await base.addReseller("curious");
      for (const work of [
        debugTransactions(ctx, reseller, { id, ...debugQuery.parse({}) }),
        exportDebugLog(ctx, reseller, id),
        clearDebugLog(ctx, reseller, { id }),
      ])
        await expect(work).rejects.toMatchObject({ code: "forbidden" });
      expect((await read(id)).recorded).toBe(1);
      await clearDebugLog(ctx, base.root, { id });
      expect((await read(id)).recorded).toBe(0);
      expect(await ctx.db.client.auditEvent.count({ where: { action: "member.debug-clear" } })).toBe(1);
      record(id, "version", null);
      await deleteMember(ctx, base.root, { id });
      expect(await recordedTransactions(ctx, id)).toEqual([]);
    });
  });

  it("keeps one open driver a member, and makes a new one when the member changes", async () => {
    const { id } = await addMember(ctx, base.root, formFor(await start()));
    const first = await openMemberDriver(ctx, await findMember(ctx, base.root, id));
    expect(await openMemberDriver(ctx, await findMember(ctx, base.root, id))).toBe(first);
    await setMemberRoles(ctx, base.root, { ids: [id], role: "write-only" });
    expect(await openMemberDriver(ctx, await findMember(ctx, base.root, id))).not.toBe(first);
  });

  it("shows and does nothing for a reseller", async () => {
    const reseller = await base.addReseller("reseller");
    const form = formFor(await start());
    const { id } = await addMember(ctx, base.root, form);
    for (const work of [
      listMembers(ctx, reseller),
      getMember(ctx, reseller, id),
      testConnection(ctx, reseller, form),
      addMember(ctx, reseller, form),
      updateMember(ctx, reseller, { ...form, id }),
      setMemberRoles(ctx, reseller, { ids: [id], role: "standalone" }),
      deleteMember(ctx, reseller, { id }),
      setClusterEnabled(ctx, reseller, false),
    ])
      await expect(work).rejects.toMatchObject({ code: "forbidden" });
  });
});
