import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import type { UserActor } from "@/lib/access/actor";
import { answerWhm } from "@/lib/compat/whm/http";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { syncNow } from "@/lib/engine/sync-now";
import { AppError } from "@/lib/errors";
import { setLogLevel } from "@/lib/logger";
import { credentialPurpose } from "@/lib/members/credential";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { addMember, deleteMember, setMemberRoles } from "@/lib/members/service";
import { RUNNING } from "@/lib/nameserver/testing/running";
import { CLIENT_HEADER } from "@/lib/net/client-header";
import { writeSettings } from "@/lib/settings/settings";
import { createToken } from "@/lib/tokens/service";
import { getZone } from "@/lib/zones/queries";
import { createZone, deleteZone, purgeZone } from "@/lib/zones/service";
import { addZone } from "./add-zone";
import { importZones } from "./import-zones";

/** A real Zonefleet server as the member, and one that takes connections and says nothing. */

const text = (name: string, serial = 7, address = "192.0.2.1") =>
  `$ORIGIN ${name}\n$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n@ A ${address}\n`;

describe("a zone that is added, and a member that is added", () => {
  let base: TestContext;
  let ctx: Context;
  let peer: WireServer;
  /** Takes connections and never says a word. */
  let dead: Server;
  const held = new Set<Socket>();
  let reseller: UserActor;
  let memberId: number;

  beforeAll(async () => {
    setLogLevel("error");
    base = await testContext("sqlite");
    ctx = { ...base, env: { ...base.env, allowedMemberNetworks: ["127.0.0.0/8"] } };
    peer = await startWireServer("sqlite");
    await writeSettings(base.db.client, "server", { serverId: "own-server", hostname: "web1.example.net" });
    await writeSettings(base.db.client, "cluster", { isEnabled: true });
    reseller = await base.addReseller("reseller");
    const connection = { hostname: "localhost", port: peer.port, username: "root", token: peer.token, pin: peer.pin };
    ({ id: memberId } = await addMember(ctx, base.root, { backend: "whm", ...connection, debug: false, role: "sync" }));
    await createZone(peer.ctx, peer.ctx.root, { name: "there.example.", text: text("there.example.") });
    dead = createServer((socket) => {
      held.add(socket);
      // Whoever gives up waiting may reset it.
      socket.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => dead.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await closeMemberDrivers(ctx);
    for (const socket of held) socket.destroy();
    await new Promise((resolve) => dead.close(resolve));
    await peer.close();
    await base.close();
  });

  const add = (actor: UserActor, name: string, isAnyway = false) =>
    addZone(ctx, actor, { name, isAnyway }, () => createZone(ctx, actor, { name, text: text(name) }));
  const refusal = async (attempt: Promise<unknown>) => {
    const error = await attempt.catch((thrown: unknown) => thrown);
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, message: error.message, details: error.extra.details };
  };

  it("is refused when a member has it, which is named to root and not to a reseller", async () => {
    expect(await refusal(add(base.root, "there.example."))).toMatchObject({
      code: "conflict",
      message: expect.stringContaining("there.example exists already on localhost"),
      details: { heldBy: ["localhost"] },
    });
  });

  it("is not added for a reseller when a member of root's has it, whoever wants it anyway", async () => {
    for (const isAnyway of [false, true])
      expect(await refusal(add(reseller, "there.example.", isAnyway))).toEqual({
        code: "conflict",
        message:
          "there.example exists already on another server of the cluster, where this account has no say. Ask root.",
        details: undefined,
      });
    await expect(getZone(ctx, base.root, "there.example.")).rejects.toMatchObject({ code: "not-found" });
    expect(await add(reseller, "resellers-new.example.", true)).toMatchObject({ silent: [] });
  });

  it("is added for a reseller over a copy at a member of the reseller's own, when wanted anyway", async () => {
    const own = await base.addReseller("own", ["clustering", "create-dns"]);
    await base.db.client.user.update({ where: { id: own.userId }, data: { uniqueCluster: true } });
    const connection = { hostname: "localhost", port: peer.port, username: "root", token: peer.token, pin: peer.pin };
    const { id } = await addMember(ctx, own, { backend: "whm", ...connection, debug: false, role: "sync" });
    for (const name of ["owns.example.", "owns2.example."])
      await createZone(peer.ctx, peer.ctx.root, { name, text: text(name) });
    expect(await refusal(add(own, "owns.example."))).toMatchObject({ details: { heldBy: ["localhost"] } });
    expect(await add(own, "owns.example.", true)).toMatchObject({ name: "owns.example." });
    expect(await take(own, ["owns2.example."])).toMatchObject([{ status: "held" }]);
    expect(await take(own, ["owns2.example."], true)).toMatchObject([{ status: "created" }]);
    await deleteMember(ctx, own, { id });
  });

  it("is somebody else's at a member that acknowledged its deletion, and ours until then", async () => {
    const target = await base.db.client.target.findUniqueOrThrow({ where: { memberId } });
    const gone = async (name: string, ackDigest: string | null) => {
      await createZone(peer.ctx, peer.ctx.root, { name, text: text(name) });
      await createZone(ctx, base.root, { name, text: text(name) });
      await deleteZone(ctx, base.root, { name });
      await purgeZone(ctx, base.root, { name });
      const { id: zoneId } = await base.db.client.zone.findUniqueOrThrow({ where: { name } });
      await base.db.client.zoneTarget.create({ data: { zoneId, targetId: target.id, ackDigest, verifyAttempts: 0 } });
    };
    await gone("leaving.example.", "a".repeat(64));
    await gone("sending.example.", null);
    await gone("left.example.", "");
    expect(await add(base.root, "leaving.example.")).toMatchObject({ name: "leaving.example." });
    expect(await add(base.root, "sending.example.")).toMatchObject({ name: "sending.example." });
    expect(await refusal(add(base.root, "left.example."))).toMatchObject({ details: { heldBy: ["localhost"] } });
  });

  it("is added when no member has it, or when somebody wants it anyway", async () => {
    expect(await add(base.root, "new.example.")).toMatchObject({ name: "new.example.", silent: [] });
    expect(await add(base.root, "there.example.", true)).toMatchObject({ name: "there.example." });
  });

  it("asks no Write-only member, and none while clustering is disabled", async () => {
    await createZone(peer.ctx, peer.ctx.root, { name: "quiet.example.", text: text("quiet.example.") });
    await createZone(peer.ctx, peer.ctx.root, { name: "quiet2.example.", text: text("quiet2.example.") });
    await setMemberRoles(ctx, base.root, { ids: [memberId], role: "write-only" });
    expect(await add(base.root, "quiet.example.")).toMatchObject({ silent: [] });
    await setMemberRoles(ctx, base.root, { ids: [memberId], role: "sync" });
    await writeSettings(base.db.client, "cluster", { isEnabled: false });
    expect(await add(base.root, "quiet2.example.")).toMatchObject({ silent: [] });
    await writeSettings(base.db.client, "cluster", { isEnabled: true });
  });

  const resolve = async () => ["203.0.113.99"];
  const take = (actor: UserActor, names: readonly string[], isAnyway = false, isPart = false) =>
    importZones(
      ctx,
      actor,
      names.map((name) => ({ fileName: `${name}db`, text: text(name), onExisting: "skip", isAnyway })),
      { resolve, isPart },
    );

  it.each([false, true])(
    "of many files adds those that no member has, and says who has the others (a part: %s)",
    async (isPart) => {
      const [one, two, free] = ["held1", "held2", "free"].map((name) => `${name}${isPart ? "-part" : ""}.example.`) as [
        string,
        string,
        string,
      ];
      for (const name of [one, two]) await createZone(peer.ctx, peer.ctx.root, { name, text: text(name) });
      const outcomes = await take(base.root, [one, free, "there.example.", two], false, isPart);
      expect(outcomes.map(({ name, status }) => [name, status])).toEqual([
        [one, "held"],
        [free, "created"],
        ["there.example.", "skipped"],
        [two, "held"],
      ]);
      expect(outcomes[0]?.message).toContain("example exists already on localhost");
      await expect(getZone(ctx, base.root, one)).rejects.toMatchObject({ code: "not-found" });
      const [theirs] = await take(reseller, [two], false, isPart);
      expect(theirs).toMatchObject({
        status: "refused",
        message: expect.stringContaining("exists already on another server of the cluster"),
      });
      expect(await take(reseller, [two], true, isPart)).toEqual([theirs]);
      await expect(getZone(ctx, base.root, two)).rejects.toMatchObject({ code: "not-found" });
      expect(await take(base.root, [one], true, isPart)).toMatchObject([{ status: "created" }]);
    },
  );

  it("looks at the nameservers and addresses of what was imported", async () => {
    const [outcome] = await take(base.root, ["doubtful.example."]);
    expect(outcome?.warnings).toEqual([
      expect.stringContaining("nameserver ns1.example.net has the address 203.0.113.99"),
      expect.stringContaining("doubtful.example points to 192.0.2.1"),
    ]);
    const again = { fileName: "x", name: "doubtful.example.", text: "nonsense", isAnyway: false } as const;
    const [refused] = await importZones(ctx, base.root, [{ ...again, onExisting: "replace" }], { resolve });
    expect(refused).toMatchObject({ status: "refused", warnings: [] });
  });

  it("waits for a dead member no longer than its time, and says that it did not answer", async () => {
    const { port } = dead.address() as { port: number };
    const endpoint = { hostname: "dead.example.net", address: "127.0.0.1", port, username: "root", backend: "whm" };
    const { id } = await base.db.client.member.create({
      data: { ownerId: base.root.userId, ...endpoint, role: "sync", sealedCredential: "", createdAt: 0n },
    });
    const sealedCredential = ctx.secrets.seal("TOKEN", credentialPurpose(id));
    await base.db.client.member.update({ where: { id }, data: { sealedCredential } });
    const began = performance.now();
    expect(await add(base.root, "patient.example.")).toMatchObject({ silent: ["dead.example.net"] });
    const waited = performance.now() - began;
    expect(waited).toBeGreaterThan(3_000);
    expect(waited).toBeLessThan(8_000);
    const [imported] = await take(base.root, ["patient2.example."]);
    expect(imported).toMatchObject({ status: "created" });
    expect(imported?.warnings.at(-1)).toContain("dead.example.net did not answer");
    await deleteMember(ctx, base.root, { id });
  });

  it("Synchronize Zones Immediately fetches what is newer there, and leaves alone what is only there", async () => {
    await createZone(peer.ctx, peer.ctx.root, { name: "only-there.example.", text: text("only-there.example.") });
    await createZone(ctx, base.root, { name: "both.example.", text: text("both.example.", 7) });
    await createZone(peer.ctx, peer.ctx.root, {
      name: "both.example.",
      text: text("both.example.", 2026112050, "192.0.2.50"),
    });
    expect(await syncNow(ctx, base.root, { id: memberId })).toMatchObject({ fetched: 1, problem: null });
    expect((await getZone(ctx, base.root, "both.example.")).text).toContain("192.0.2.50");
    await expect(getZone(ctx, base.root, "only-there.example.")).rejects.toMatchObject({ code: "not-found" });
    await expect(syncNow(ctx, await base.addReseller("other", ["clustering"]), { id: memberId })).rejects.toMatchObject(
      {
        code: "not-found",
      },
    );
  });

  describe("sent by a reseller's server", () => {
    let sender: UserActor;
    let token: string;
    const address = "192.0.2.9";
    beforeAll(async () => {
      sender = await base.addReseller("sender", ["clustering", "manage-api-tokens"]);
      ({ token } = await createToken(ctx, sender, { name: "cluster", acls: ["clustering"] }));
      for (const name of ["victim1.example.", "victim2.example.", "victim3.example."])
        await createZone(peer.ctx, peer.ctx.root, { name, text: text(name) });
    });
    const send = async (command: string, fields: Record<string, string>, from = address) => {
      const body = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
      const request = new Request(`https://web1.example.net/scripts2/${command}`, {
        headers: { authorization: `whm sender:${token}`, [CLIENT_HEADER]: from },
        ...{ method: "POST", body: body.join("&") },
      });
      return (await answerWhm({ ...ctx, nameserver: () => RUNNING }, request))?.text();
    };
    const zone = (name: string, serial?: number) => ({
      zone: name.slice(0, -1),
      zonedata: text(name, serial),
    });
    const words = (name: string) =>
      `${name} => refused: ${name} exists already on another server of the cluster, where this account has no say. Ask root.\n`;
    const ownerOf = async (name: string) =>
      (await base.db.client.zone.findUnique({ where: { name } }))?.ownerId ?? null;

    it.each(["savezone_local", "quickzoneadd_local"])(
      "is refused when a member of root's has it: %s",
      async (command) => {
        expect(await send(command, zone("victim1.example.", 1))).toContain(words("victim1.example"));
        expect(await ownerOf("victim1.example.")).toBeNull();
      },
    );

    it.each([3, 20])("is refused among others, which are taken in (%s zones)", async (count) => {
      const fresh = Array.from({ length: count - 1 }, (_, index) => `fresh${index}-${count}.example.`);
      const fields = [...fresh, "victim2.example."].map((name) => [`cpdnszone-${name.slice(0, -1)}`, text(name)]);
      const answer = await send("synczones_local", Object.fromEntries(fields));
      expect(answer).toBe(`${count - 1} zones synchronized\n${words("victim2.example")}`);
      expect(await ownerOf(fresh[0] ?? "")).toBe(sender.userId);
      expect(await ownerOf("victim2.example.")).toBeNull();
    });

    it("is taken in from the very member that has it, as it is there", async () => {
      const there = await getZone(peer.ctx, peer.ctx.root, "victim3.example.");
      const own = { zone: "victim3.example", zonedata: there.text };
      expect(await send("savezone_local", own)).toContain(words("victim3.example"));
      expect(await send("savezone_local", zone("victim3.example.", 1), "127.0.0.1")).toContain(
        words("victim3.example"),
      );
      expect(await send("savezone_local", own, "127.0.0.1")).toBe("1 zones synchronized\n");
      expect(await ownerOf("victim3.example.")).toBe(sender.userId);
      // What is here is nobody's question any more.
      expect(await send("savezone_local", zone("victim3.example.", 2_000_000_000))).toBe("1 zones synchronized\n");
    });
  });
});
