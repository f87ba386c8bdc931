import { mkdirSync, writeFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { selfSigned } from "@/e2e/emulators/self-signed";
import { addZone } from "@/lib/cluster/add-zone";
import { checkMembers, refreshMembers } from "@/lib/cluster/check-members";
import { askMembers } from "@/lib/cluster/map/ask-members";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { findMember } from "@/lib/members/member-row";
import { closeMemberDrivers, openMemberDriver } from "@/lib/members/open-driver";
import { addMember } from "@/lib/members/service";
import { type MemberServer, startMemberServer } from "@/lib/members/testing/member-server";
import { certificateFiles } from "@/lib/net/certificate-files";
import { writeSettings } from "@/lib/settings/settings";
import { startPlan } from "@/lib/sync-jobs/service";
import { checkDueTrusts, checkTrust } from "@/lib/trust/check";
import { setUpTrust } from "@/lib/trust/set-up";
import { createZone } from "@/lib/zones/service";
import { serverChores } from "./server-chores";
import { syncChores } from "./sync-jobs/chores";
import { syncNow } from "./sync-now";
import { loadTarget, loadTargets } from "./targets";

const signal = new AbortController().signal;
const text = (name: string) =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 300\n@ NS ns1.example.net.\n`;

describe.each(["sqlite", "postgresql"] as const)("a member that is held, on %s", (provider) => {
  let base: TestContext;
  let ctx: Context;
  let server: MemberServer;
  let id: number;

  beforeAll(async () => {
    base = await testContext(provider);
    const files = certificateFiles(base.env.dataDir);
    mkdirSync(files.folder);
    writeFileSync(files.cert, (await selfSigned(["web1.example.com"])).cert);
    ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] } };
    await base.db.transaction((tx) => writeSettings(tx, "server", { serverId: "OURSELVES", addresses: ["192.0.2.9"] }));
    await base.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
  });
  afterAll(() => base.close());
  beforeEach(async () => {
    server = await startMemberServer({ serverId: "NS1" });
    const { port, behaviour } = server;
    const form = { backend: "whm" as const, hostname: "127.0.0.1", port, username: "root", token: behaviour.token };
    id = (await addMember(ctx, base.root, { ...form, debug: false, role: "sync", pin: server.pin() })).id;
  });
  afterEach(async () => {
    await closeMemberDrivers(ctx);
    await server.close();
    await base.db.client.member.deleteMany();
    await base.db.client.target.deleteMany();
    await base.db.client.syncJob.deleteMany();
  });

  /** Everything that talks to members, the engine's targets apart. @returns what could not be done, in words */
  async function everything(zone: string): Promise<string[]> {
    const words: string[] = [];
    const asked = (work: Promise<unknown>) => work.catch((error: Error) => words.push(error.message));
    await ctx.db.client.member.updateMany({ data: { lastPullAt: null, trustDueAt: 0n } });
    await checkMembers(ctx);
    await asked(refreshMembers(ctx, base.root, { id }));
    await askMembers(ctx);
    await checkDueTrusts(ctx, signal);
    await asked(checkTrust(ctx, base.root, { id }));
    words.push(...(await setUpTrust(ctx, base.root, { id })).steps.map((step) => step.words));
    words.push((await syncNow(ctx, base.root, { id })).problem ?? "");
    const pull = serverChores(ctx).find(({ name }) => name === "member-pull");
    await pull?.run(signal);
    const add = () => createZone(ctx, base.root, { name: zone, text: text(zone) });
    words.push(...(await addZone(ctx, base.root, { name: zone }, add)).silent);
    const job = await startPlan(ctx, base.root, {
      ...{ choice: "all-everywhere", zone: null, memberId: id, accountId: null, addMissing: false },
    });
    await syncChores(ctx)[0]?.run(signal);
    const { members } = await ctx.db.client.syncJob.findUniqueOrThrow({ where: { id: job.id } });
    return [...words, members];
  }

  it("gets no command of any kind, and whoever asks for one is told why", async () => {
    server.requests.length = 0;
    await everything("working.example.");
    const kinds = new Set(server.requests.map(({ path }) => path.split("?")[0]));
    expect(kinds.size).toBeGreaterThan(3);
    for (const held of [{ disabledAt: 1n }, { disabledAt: null, pausedAt: 1n, pausedUntil: 9_000_000_000_000n }]) {
      await ctx.db.client.member.update({ where: { id }, data: held });
      const before = await findMember(ctx.db.client, id);
      server.requests.length = 0;
      const words = await everything(`held${held.pausedAt ?? 0}.example.`);
      expect(server.requests).toEqual([]);
      const reason = held.disabledAt ? "is disabled" : "is paused for maintenance";
      expect(words.filter((line) => line.includes(reason))).toHaveLength(5);
      expect(words).toContain("ns1.example.com");
      expect(await findMember(ctx.db.client, id)).toMatchObject({ failures: before?.failures, lastErrorAt: null });
    }
  });

  it("is no target that the engine works on, and its zones are behind all the same", async () => {
    const target = await ctx.db.client.target.findUniqueOrThrow({ where: { memberId: id } });
    const listed = async () => (await loadTargets(ctx)).targets.map((loaded) => loaded.target.memberId);
    expect(await listed()).toEqual([id]);
    await ctx.db.client.member.update({ where: { id }, data: { disabledAt: 1n } });
    expect(await listed()).toEqual([]);
    expect(await loadTarget(ctx, target.id)).toBeNull();
    const { seq } = await createZone(ctx, base.root, { name: "behind.example.", text: text("behind.example.") });
    await ctx.db.client.member.update({ where: { id }, data: { disabledAt: null } });
    expect((await loadTarget(ctx, target.id))?.cursor.seen).toBeLessThan(seq);
    expect(await listed()).toEqual([id]);
  });

  it("is let go of by a driver that was open, also for whoever looked at the member before", async () => {
    const member = await findMember(ctx.db.client, id);
    if (!member) throw new Error("no member");
    await openMemberDriver(ctx, member);
    await ctx.db.client.member.update({ where: { id }, data: { disabledAt: 1n } });
    await expect(openMemberDriver(ctx, member)).rejects.toMatchObject({ kind: "held" });
    await ctx.db.client.member.delete({ where: { id } });
    await expect(openMemberDriver(ctx, member)).rejects.toMatchObject({ kind: "held" });
  });
});
