import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SoftlayerEmulator, startSoftlayerEmulator } from "@/e2e/emulators/softlayer/softlayer-emulator";
import { startVpsnetEmulator, type VpsnetEmulator } from "@/e2e/emulators/vpsnet/vpsnet-emulator";
import { checkMembers } from "@/lib/cluster/check-members";
import { setClusterEnabled } from "@/lib/cluster/settings";
import type { Context } from "@/lib/context";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import type { Engine } from "@/lib/engine/engine";
import { createServerEngine } from "@/lib/engine/server-engine";
import { memberProof } from "@/lib/proof/queries-problems";
import { problemListQuery } from "@/lib/proof/schemas";
import { writeSettings } from "@/lib/settings/settings";
import { automaticIps } from "@/lib/trusted-ips/trusted-addresses";
import { startTestKnot, type TestKnot } from "@/lib/wire/testing/test-knot";
import { previewChanges } from "@/lib/zones/queries-preview";
import { zoneDeliveries } from "@/lib/zones/queries-state";
import { zoneReceipts } from "@/lib/zones/receipts";
import { createZone, deleteZone, editZone } from "@/lib/zones/service";
import { findZone } from "@/lib/zones/zone-row";
import type { MemberForm } from "./connection-request";
import { debugTransactions } from "./debug-service";
import { closeMemberDrivers } from "./open-driver";
import { findMember, getMember, listMembers } from "./queries";
import { addMember, deleteMember, setMemberRoles, testConnection, updateMember } from "./service";

const ZONE = "example.com.";
const TEXT = [
  "$TTL 300",
  "@ SOA ns1.example.net. hostmaster.example.net. 5 7200 3600 1209600 3600",
  "@ NS ns1.example.net.",
  "@ A 192.0.2.1",
  '@ CAA 0 issue "ca.example.net"',
].join("\n");

/** What the service's own nameserver serves: the zone, under a serial that it gave itself. */
const SERVED = "@ 300 SOA ns1.softlayer.com. root.example.com. 2026112009 1 1 1 1\n@ NS ns1.softlayer.com.\n";

async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Waited too long until ${what}.`);
}

describe.each(["sqlite", "postgresql"] as const)("hosted DNS services as members on %s", (provider) => {
  let base: TestContext;
  let ctx: Context;
  let engine: Engine;
  let softlayer: SoftlayerEmulator;
  let vpsnet: VpsnetEmulator;
  let nameserver: TestKnot;

  beforeAll(async () => {
    [base, softlayer, vpsnet, nameserver] = await Promise.all([
      testContext(provider),
      startSoftlayerEmulator(),
      startVpsnetEmulator(),
      startTestKnot({ "example.com": SERVED }),
    ]);
    const at = (port: number, nameservers: string[]) => ({ hostname: "127.0.0.1", port, nameservers });
    ctx = {
      ...base,
      env: {
        ...base.env,
        allowedMemberNetworks: ["127.0.0.0/8"],
        services: {
          softlayer: at(softlayer.port, [`127.0.0.1@${nameserver.server.port}`]),
          vpsnet: at(vpsnet.port, []),
        },
      },
      wake: () => engine?.wake(),
    };
    await base.db.transaction((tx) =>
      writeSettings(tx, "server", { serverId: "OURSELVES", hostname: "web1.example.net" }),
    );
    await setClusterEnabled(ctx, base.root, true);
  });
  afterAll(async () => {
    await closeMemberDrivers(ctx);
    await Promise.all([base.close(), softlayer.close(), vpsnet.close(), nameserver.stop()]);
  });
  beforeEach(() => {
    engine = createServerEngine(ctx, () => null);
    engine.start();
  });
  afterEach(async () => {
    await engine.stop();
    softlayer.fault = null;
  });

  const softlayerForm = (changes: Partial<MemberForm> = {}): MemberForm => ({
    backend: "softlayer",
    hostname: "",
    port: 443,
    username: "SL100001",
    token: "0123456789abcdef0123456789abcdef",
    debug: false,
    role: "write-only",
    pin: softlayer.pin,
    ...changes,
  });
  const vpsnetForm = (): MemberForm => ({
    ...softlayerForm(),
    backend: "vpsnet",
    username: "dns@example.com",
    token: "VPSKEY0123456789",
    pin: vpsnet.pin,
  });
  const receipts = async () => (await zoneReceipts(ctx, base.root, { name: ZONE })).targets;
  const state = async () => {
    const zone = await findZone(ctx.db.client, ZONE);
    return (await zoneDeliveries(ctx.db, [zone?.id ?? 0])).get(zone?.id ?? 0);
  };
  const settled = () =>
    until("every receipt is settled", async () => (await receipts()).every((one) => one.state === "unverified"));

  it("says exactly what is wrong, in the service's words", async () => {
    const test = (form: MemberForm) => testConnection(ctx, base.root, form);
    expect(await test(softlayerForm())).toMatchObject({ ok: true, status: { software: "SoftLayer", version: "v3.1" } });
    const wrong = await test(softlayerForm({ token: "f".repeat(32) }));
    expect(wrong).toMatchObject({ ok: false, problem: { code: "token-refused" } });
    expect(JSON.stringify(wrong)).toMatch(/The username or the key was refused.*The key may have been replaced/);
    expect(await test(softlayerForm({ pin: null }))).toMatchObject({ problem: { code: "certificate-untrusted" } });
  });

  it("goes where the service is, whatever a form says", async () => {
    const form = softlayerForm({ hostname: "192.0.2.66", port: 1 });
    expect(await testConnection(ctx, base.root, form)).toMatchObject({ ok: true, address: "127.0.0.1" });
  });

  it("sends zones, says what is left out, and claims nothing that DNS cannot tell", async () => {
    const { id } = await addMember(ctx, base.root, softlayerForm());
    await createZone(ctx, base.root, { name: ZONE, text: TEXT });
    await settled();
    expect(await receipts()).toMatchObject([
      {
        state: "unverified",
        servedMs: null,
        observedSerial: 2_026_112_009,
        detail: expect.stringContaining("with serial 2026112009 of its own"),
        notes: [
          "Left out, as SoftLayer holds no CAA records: example.com. CAA.",
          "The SOA record and the NS records of the zone itself are SoftLayer's own.",
        ],
      },
    ]);
    expect(await state()).toMatchObject({ state: "unverified", served: 0 });
    expect(softlayer.account.named("example.com")?.resourceRecords).toContainEqual(
      expect.objectContaining({ type: "a", host: "@", data: "192.0.2.1", ttl: 300 }),
    );
    expect(await getMember(ctx, base.root, id)).toMatchObject({
      isService: true,
      limits: expect.arrayContaining([expect.stringContaining("left out")]),
      target: { zones: 1, accepted: 1, served: 0, present: 1 },
    });
    expect((await memberProof(ctx, base.root, { memberId: id, ...problemListQuery.parse({}) })).total).toBe(0);
    // A service never calls: the address of its API is no door.
    expect((await automaticIps(ctx)).map(({ of }) => of)).not.toContain("127.0.0.1");
  });

  it("tells what would be left out before a change is saved", async () => {
    const zone = await findZone(ctx.db.client, ZONE);
    const srv = { owner: `_x._tcp.${ZONE}`, type: "HINFO", ttl: 300, rdata: '"a" "b"' };
    const changes = [{ kind: "add" as const, owner: srv.owner, type: srv.type, ttl: srv.ttl, rdata: srv.rdata }];
    const { targetNotes } = await previewChanges(ctx, base.root, { name: ZONE, changes, baseSeq: zone?.seq ?? 0 });
    expect(targetNotes).toEqual([
      {
        label: "SoftLayer (SL100001)",
        notes: [
          "Left out, as SoftLayer holds no CAA records: example.com. CAA.",
          "Left out, as SoftLayer holds no HINFO records: _x._tcp.example.com. HINFO.",
        ],
      },
    ]);
  });

  it("takes several accounts of one service, and each of them once", async () => {
    const key = "f".repeat(32);
    const second = softlayer.addAccount("sl200002@example.com", key);
    const form = softlayerForm({ username: "SL200002@example.com", token: key });
    await expect(addMember(ctx, base.root, softlayerForm({ username: "sl100001" }))).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        /SoftLayer \(SL100001\) is in your DNS cluster already.*another account of SoftLayer/,
      ),
    });
    const { id } = await addMember(ctx, base.root, { ...form, username: "sl200002@example.com" });
    await settled();
    expect(second.named("example.com")).toBeDefined();
    const { rows } = await listMembers(ctx, base.root);
    expect(rows.map(({ name }) => name)).toEqual(["SoftLayer (SL100001)", "SoftLayer (sl200002@example.com)"]);
    expect((await receipts()).map(({ label }) => label)).toEqual(rows.map(({ name }) => name));
    await expect(updateMember(ctx, base.root, { ...softlayerForm(), id })).rejects.toMatchObject({ code: "conflict" });
    await expect(
      ctx.db.client.member.update({ where: { id }, data: { account: "softlayer:sl100001" } }),
    ).rejects.toMatchObject({ code: "P2002" });
    await deleteMember(ctx, base.root, { id });
  });

  it("sends everything anew when a member becomes another account", async () => {
    const key = "e".repeat(32);
    const other = softlayer.addAccount("SL300003", key);
    const [member] = await ctx.db.client.member.findMany();
    const id = member?.id ?? 0;
    await updateMember(ctx, base.root, { ...softlayerForm({ username: "SL300003", token: key }), id });
    await until("it is there", async () => other.named("example.com") !== undefined);
    await updateMember(ctx, base.root, { ...softlayerForm(), id });
    await settled();
  });

  it("tells a reseller what is left out of their zone, and not where", async () => {
    const actor = await base.addReseller("alice");
    await createZone(ctx, actor, { name: "alice.example.", text: TEXT });
    const targets = async () => (await zoneReceipts(ctx, actor, { name: "alice.example." })).targets;
    await until("it was sent", async () => (await targets()).every(({ state }) => state === "accepted"));
    expect(await targets()).toMatchObject([
      {
        label: "Nameserver 1",
        notes: expect.arrayContaining(["Left out, as SoftLayer holds no CAA records: alice.example. CAA."]),
      },
    ]);
    const zone = await findZone(ctx.db.client, "alice.example.");
    const changes = [{ kind: "add" as const, owner: "www.alice.example.", type: "A", ttl: 300, rdata: "192.0.2.9" }];
    const { targetNotes } = await previewChanges(ctx, actor, {
      name: "alice.example.",
      changes,
      baseSeq: zone?.seq ?? 0,
    });
    expect(targetNotes).toEqual([
      { label: "SoftLayer", notes: ["Left out, as SoftLayer holds no CAA records: alice.example. CAA."] },
    ]);
    expect(JSON.stringify([await targets(), targetNotes])).not.toMatch(/SL100001|127\.0\.0\.1/);
  });

  it("records in debug mode what was asked and answered, without the key", async () => {
    const [member] = await ctx.db.client.member.findMany();
    const id = member?.id ?? 0;
    await updateMember(ctx, base.root, { ...softlayerForm({ debug: true }), id });
    const zone = await findZone(ctx.db.client, ZONE);
    await editZone(ctx, base.root, {
      name: ZONE,
      baseSeq: zone?.seq ?? 0,
      changes: [{ kind: "add", owner: `debug.${ZONE}`, type: "A", ttl: 300, rdata: "192.0.2.5" }],
    });
    await settled();
    const { rows } = await debugTransactions(ctx, base.root, { id, q: "debug", command: "", outcome: "all", page: 1 });
    expect(rows).toContainEqual(
      expect.objectContaining({
        operation: "createObject of debug A",
        request: expect.stringMatching(/^POST \/rest\/.*createObject\.json\n.*"host":"debug"/),
        reply: expect.stringContaining('"data":"192.0.2.5"'),
      }),
    );
    expect(JSON.stringify(rows)).not.toContain("0123456789abcdef");
    await updateMember(ctx, base.root, { ...softlayerForm(), id });
  });

  it("waits as long as the service asks to, for all zones and without setting one aside", async () => {
    softlayer.fault = { kind: "answers", status: 429, headers: { "retry-after": "3" }, on: /getDomains/ };
    const zone = await findZone(ctx.db.client, ZONE);
    await editZone(ctx, base.root, {
      name: ZONE,
      baseSeq: zone?.seq ?? 0,
      changes: [{ kind: "add", owner: `www.${ZONE}`, type: "A", ttl: 300, rdata: "192.0.2.2" }],
    });
    await until("the service asked to wait", async () => (await receipts())[0]?.error !== null);
    const [waiting] = await receipts();
    expect(waiting).toMatchObject({ state: "pending", error: expect.stringContaining("asks to wait") });
    const { errorAt } = await ctx.db.client.target.findFirstOrThrow({ where: { memberId: { not: null } } });
    expect((waiting?.retryAt ?? 0) - Number(errorAt)).toBeGreaterThanOrEqual(3_000);
    softlayer.fault = null;
    await settled();
    expect(softlayer.account.named("example.com")?.resourceRecords.some(({ host }) => host === "www")).toBe(true);
  });

  it("cannot be synchronized with, and gives nothing in Standalone", async () => {
    const [member] = await ctx.db.client.member.findMany();
    const id = member?.id ?? 0;
    await expect(setMemberRoles(ctx, base.root, { ids: [id], role: "sync" })).rejects.toMatchObject({
      code: "invalid-input",
    });
    await setMemberRoles(ctx, base.root, { ids: [id], role: "standalone" });
    await updateMember(
      ctx,
      base.root,
      softlayerForm({ id, token: "", role: "write-only" }) as MemberForm & { id: number },
    );
    expect((await getMember(ctx, base.root, id)).lastPullAt).toBeNull();
  });

  it("follows the service's name", async () => {
    const [member] = await ctx.db.client.member.findMany();
    const id = member?.id ?? 0;
    await settled();
    // The engine would go to that address too, and fail.
    await engine.stop();
    await ctx.db.client.member.update({ where: { id }, data: { address: "192.0.2.99" } });
    await checkMembers(ctx);
    expect(await findMember(ctx, base.root, id)).toMatchObject({ address: "127.0.0.1", failures: 0 });
  });

  it("deletes a zone that it was sent, and leaves others", async () => {
    softlayer.account.createZone({
      name: "by-hand.example",
      resourceRecords: [{ type: "a", host: "@", data: "192.0.2.7" }],
    });
    await createZone(ctx, base.root, { name: "passing.example.", text: TEXT });
    await until("it is there", async () => softlayer.account.named("passing.example") !== undefined);
    await deleteZone(ctx, base.root, { name: "passing.example." });
    await until("it is gone", async () => softlayer.account.named("passing.example") === undefined);
    expect(softlayer.account.named("by-hand.example")).toBeDefined();
  });

  it("takes VPS.NET as well", async () => {
    for (const { id } of await ctx.db.client.member.findMany()) await deleteMember(ctx, base.root, { id });
    const { id } = await addMember(ctx, base.root, vpsnetForm());
    await settled();
    expect(vpsnet.zones.get("example.com")?.records).toContainEqual(
      expect.objectContaining({ type: "a", host: "www", data: "192.0.2.2" }),
    );
    expect(await receipts()).toMatchObject([{ detail: expect.stringContaining("Its nameservers are not known here") }]);
    expect((await memberProof(ctx, base.root, { memberId: id, ...problemListQuery.parse({}) })).total).toBe(0);
  });
});
