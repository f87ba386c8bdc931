import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWhmEmulator, type WhmEmulator } from "@/e2e/emulators/whm/whm-emulator";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import type { UserActor } from "@/lib/access/actor";
import { getCluster, setClusterEnabled } from "@/lib/cluster/settings";
import { setLogLevel } from "@/lib/logger";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { listMembers } from "@/lib/members/queries";
import { addMember, deleteMember } from "@/lib/members/service";
import { DEFAULT_RESELLER_ACLS } from "@/lib/tokens/acls";
import { authenticateToken } from "@/lib/tokens/authenticate";
import { createToken, listTokens } from "@/lib/tokens/service";
import { checkTrust } from "./check";
import { setUpObstacle } from "./obstacle";
import { addToCluster, setUpTrust } from "./set-up";

const FULL = ["clustering", ...DEFAULT_RESELLER_ACLS];

/** A reseller of one server and a reseller of another one, each with members of their own. */
describe.each(["sqlite", "postgresql"] as const)("a reseller's reverse trust on %s", (provider) => {
  let web: WireServer;
  let ns: WireServer;
  let alice: UserActor;
  let bob: UserActor;
  let bobsToken: string;

  beforeAll(async () => {
    setLogLevel("error");
    const options = { addresses: ["127.0.0.1"] };
    web = await startWireServer(provider, { ...options, serverId: "WEB", hostname: "web1.example.net" });
    ns = await startWireServer(provider, { ...options, serverId: "NS", hostname: "ns1.example.net" });
    alice = await web.ctx.addReseller("alice", FULL);
    bob = await ns.ctx.addReseller("bob", ["clustering"]);
    // A member's token needs nothing but `clustering`, and its account nothing else either.
    bobsToken = (await createToken(ns.ctx, ns.ctx.root, { name: "alice", acls: ["clustering"], userId: bob.userId }))
      .token;
  });
  afterAll(async () => {
    for (const server of [web, ns]) {
      await closeMemberDrivers(server.ctx);
      await server.close();
    }
  });
  afterEach(async () => {
    for (const { ctx } of [web, ns]) {
      const members = await ctx.db.client.member.findMany({ select: { id: true } });
      for (const { id } of members) await deleteMember(ctx, ctx.root, { id });
      await setClusterEnabled(ctx, ctx.root, false);
    }
    await web.ctx.db.client.user.update({
      where: { id: alice.userId },
      data: { acls: JSON.stringify(FULL), suspendedAt: null },
    });
  });

  const form = () => ({
    ...{ backend: "whm" as const, hostname: "127.0.0.1", port: ns.port, username: "bob", debug: false },
    ...{ token: bobsToken, role: "sync" as const, pin: ns.pin },
  });
  const only = async ({ ctx }: WireServer, owner: UserActor) => {
    const { rows } = await listMembers(ctx, owner);
    expect(rows).toHaveLength(1);
    return rows[0] as (typeof rows)[number];
  };

  it("is set up between the accounts of both, with a token of the reseller's own", async () => {
    const { id, trust } = await addToCluster(web.ctx, alice, { ...form(), reverseTrust: true });
    expect(trust).toMatchObject({ isEstablished: true });
    const [token] = await listTokens(web.ctx, alice);
    expect(token).toMatchObject({ acls: ["clustering"], allowedIps: ["127.0.0.0/8", "::1"], memberId: id });
    expect(await only(ns, bob)).toMatchObject({ role: "standalone", username: "alice", pin: web.pin });
    await checkTrust(web.ctx, alice, { id });
    expect(await only(web, alice)).toMatchObject({ trust: { state: "whole" } });
    // Neither root sees it among its own, nor was the other server's cluster enabled by somebody who is not its root.
    for (const { ctx } of [web, ns]) {
      expect((await listMembers(ctx, ctx.root)).total).toBe(0);
      expect(await listTokens(ctx, ctx.root)).toMatchObject([{ name: "cluster" }]);
      expect(await getCluster(ctx, ctx.root)).toMatchObject({ isEnabled: false });
    }
  });

  it("does nothing without the privilege for tokens, and says what root must grant", async () => {
    const narrow = { ...alice, privileges: ["clustering"] };
    const { id, trust } = await addToCluster(web.ctx, narrow, { ...form(), reverseTrust: true });
    expect(trust).toMatchObject({
      isEstablished: false,
      steps: [{ outcome: "failed", words: expect.stringMatching(/Nothing was done.*root.*manage-api-tokens/) }],
    });
    expect(await listTokens(web.ctx, alice)).toEqual([]);
    expect((await listMembers(ns.ctx, bob)).total).toBe(0);
    // Root sets it up for the account: the token is the account's all the same.
    expect(await setUpTrust(web.ctx, web.ctx.root, { id })).toMatchObject({ isEstablished: true });
    expect(await listTokens(web.ctx, alice)).toMatchObject([{ acls: ["clustering"], memberId: id }]);
    const rows = (await listMembers(web.ctx, web.ctx.root, { accountId: alice.userId })).rows;
    expect(rows).toMatchObject([{ id, trust: { theirs: { state: "works" } } }]);
  });

  it.each([
    ["lacks the privilege that the token has to carry", { acls: '["list-zones"]' }, /DNS Clustering/],
    ["is suspended", { suspendedAt: 1n }, /suspended/],
  ])("is not set up by root for an account that %s", async (_, data, words) => {
    const { id } = await addMember(web.ctx, alice, form());
    await web.ctx.db.client.user.update({ where: { id: alice.userId }, data });
    expect(await setUpObstacle(web.ctx, web.ctx.root, alice.userId)).toMatch(words);
    const trust = await setUpTrust(web.ctx, web.ctx.root, { id });
    expect(trust).toMatchObject({ isEstablished: false, steps: [{ words: expect.stringMatching(words) }] });
    expect(await web.ctx.db.client.apiToken.count({ where: { userId: alice.userId } })).toBe(0);
  });

  it("is refused there without the privilege `clustering`, and leaves nothing at either end", async () => {
    const { id } = await addMember(web.ctx, alice, form());
    await ns.ctx.db.client.user.update({ where: { id: bob.userId }, data: { acls: '["list-zones"]' } });
    const trust = await setUpTrust(web.ctx, alice, { id });
    await ns.ctx.db.client.user.update({ where: { id: bob.userId }, data: { acls: '["clustering"]' } });
    expect(trust.isEstablished).toBe(false);
    expect(trust.steps.at(-1)).toMatchObject({ outcome: "failed" });
    expect(await listTokens(web.ctx, alice)).toEqual([]);
    expect((await listMembers(ns.ctx, bob)).total).toBe(0);
  });

  it("is nobody else's: another reseller cannot set it up or look at it", async () => {
    const { id } = await addMember(web.ctx, alice, form());
    const carol = { ...alice, userId: alice.userId + 1_000, username: "carol" };
    await expect(setUpTrust(web.ctx, carol, { id })).rejects.toMatchObject({ code: "not-found" });
    await expect(checkTrust(web.ctx, carol, { id })).rejects.toMatchObject({ code: "not-found" });
    await expect(setUpObstacle(web.ctx, carol, alice.userId)).rejects.toMatchObject({ code: "not-found" });
  });

  describe("with a WHM", () => {
    let whm: WhmEmulator;
    beforeAll(async () => {
      whm = await startWhmEmulator({ hostname: "whm.example.net" });
    });
    afterAll(() => whm.close());

    it("gives it the reseller's name and a token that works as the reseller's member", async () => {
      const ctx = { ...web.ctx, env: { ...web.ctx.env, port: 2087 } };
      const whmForm = { ...form(), username: "root", port: whm.port, pin: whm.pin, token: "WHMTOKEN0123456789" };
      const { trust } = await addToCluster(ctx, alice, { ...whmForm, reverseTrust: true });
      expect(trust).toMatchObject({ isEstablished: true });
      const given = whm.trusted.get("127.0.0.1");
      expect(given?.user).toBe("alice");
      const caller = { username: "alice", token: given?.pass ?? "" };
      const actor = await authenticateToken(web.ctx, { ...caller, address: "127.0.0.1" });
      expect(actor).toMatchObject({ userId: alice.userId, role: "reseller", acls: ["clustering"] });
      await expect(authenticateToken(web.ctx, { ...caller, address: "192.0.2.7" })).rejects.toMatchObject({
        code: "unauthenticated",
      });
    });
  });
});
