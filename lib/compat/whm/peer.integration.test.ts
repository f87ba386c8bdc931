import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import { conformanceWork, describeDriverConformance } from "@/lib/drivers/conformance";
import type { Driver, RemoteZone, ZoneWork } from "@/lib/drivers/driver";
import { connectionProblem } from "@/lib/drivers/http/connection-problem";
import type { Transaction } from "@/lib/drivers/http/transaction";
import { createWhmDriver, type WhmDriverConfig } from "@/lib/drivers/whm/driver";
import { setLogLevel } from "@/lib/logger";
import { createToken } from "@/lib/tokens/service";
import { getZone } from "@/lib/zones/queries";

const signal = () => AbortSignal.timeout(20_000);

function openDriver(peer: WireServer, config: Partial<WhmDriverConfig> = {}): Driver {
  return createWhmDriver({
    host: "localhost",
    address: "127.0.0.1",
    port: peer.port,
    username: "root",
    token: peer.token,
    pin: peer.pin,
    role: "sync",
    self: { serverId: "own-server", hostname: "web1.example.net" },
    ...config,
  });
}

describeDriverConformance("the WHM driver (Write-only) at a Zonefleet server", async () => {
  const peer = await startWireServer("sqlite");
  const driver = openDriver(peer, { role: "write-only" });
  return {
    driver,
    addresses: [],
    refused: (apex) => [
      { owner: `www.${apex}`, ttl: 60, type: "CNAME", rdata: "a.example.net." },
      { owner: `www.${apex}`, ttl: 60, type: "A", rdata: "192.0.2.1" },
    ],
    stop: async () => {
      await driver.close();
      await peer.close();
    },
  };
});

describe.each(["sqlite", "postgresql"] as const)("two Zonefleet servers on %s", (provider) => {
  let peer: WireServer;
  let driver: Driver;
  const log: Transaction[] = [];
  const drivers: Driver[] = [];
  const open = (config: Partial<WhmDriverConfig> = {}) => {
    const made = openDriver(peer, config);
    drivers.push(made);
    return made;
  };

  beforeAll(async () => {
    setLogLevel("error");
    peer = await startWireServer(provider);
    driver = open({ onTransaction: (transaction) => log.push(transaction) });
    await peer.ctx.db.client.member.create({
      data: {
        ownerId: peer.ctx.root.userId,
        hostname: "web1.example.net",
        address: "203.0.113.1",
        username: "root",
        backend: "whm",
        role: "standalone",
        sealedCredential: "",
        serverId: "own-server",
        createdAt: 0n,
      },
    });
  });
  afterAll(async () => {
    for (const made of drivers) await made.close();
    await peer.close();
  });

  const statuses = async (using: Driver, ...work: ZoneWork[]) =>
    (await using.apply(work, signal())).map(({ status }) => status);
  const listed = async () => {
    const zones: RemoteZone[] = [];
    for await (const page of driver.list(signal())) zones.push(...page);
    return zones;
  };
  const codeOf = async (attempt: Promise<unknown>) =>
    connectionProblem(await attempt.catch((error: unknown) => error))?.code;

  it("know each other", async () => {
    expect(await driver.status(signal())).toMatchObject({
      software: "Zonefleet",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      hostname: "ns1.example.net",
      serverId: "peer-server",
      nameserver: { software: "Knot DNS 3.2.6", runs: true },
    });
    expect(driver.capabilities.batchSize).toBe(500);
  });

  it("tell where the nameserver answers", async () => {
    await peer.ctx.db.client.setting.upsert({
      where: { key: "nameserver" },
      create: {
        key: "nameserver",
        value: JSON.stringify({
          listen: [
            { address: "0.0.0.0", port: 5353 },
            { address: "2001:db8::9", port: 53 },
          ],
        }),
      },
      update: {},
    });
    expect((await driver.status(signal())).dnsAddresses).toEqual([
      { address: "192.0.2.53", port: 5353 },
      { address: "2001:db8::9", port: 53 },
    ]);
  });

  it("one edit is one small POST on an open connection", async () => {
    await driver.apply([conformanceWork("example.com.", 1)], signal());
    log.length = 0;
    expect(await statuses(driver, conformanceWork("example.com.", 2))).toEqual(["accepted"]);
    expect(log.map(({ operation, method }) => [operation, method])).toEqual([["synczones_local", "POST"]]);
    expect((await getZone(peer.ctx, peer.ctx.root, "example.com.")).serial).toBe(2);
  });

  it("a zone that changes nothing wakes nobody", async () => {
    const before = [peer.wakes(), await peer.ctx.db.client.revision.count()];
    expect(await statuses(driver, conformanceWork("example.com.", 2))).toEqual(["accepted"]);
    expect([peer.wakes(), await peer.ctx.db.client.revision.count()]).toEqual(before);
    await driver.apply([conformanceWork("example.com.", 3)], signal());
    expect(peer.wakes()).toBe((before[0] ?? 0) + 1);
  });

  it("a zone that its nameserver serves otherwise is loaded there once more, and only that one", async () => {
    const { db } = peer.ctx;
    const target = await db.client.target.create({ data: { memberId: null, createdAt: 0n } });
    const forced = () => db.client.zoneTarget.findMany({ where: { targetId: target.id }, select: { isForced: true } });
    await driver.apply([conformanceWork("again.example.", 3), conformanceWork("other.example.", 1)], signal());
    expect(await forced()).toEqual([]);
    expect(await statuses(driver, { ...conformanceWork("again.example.", 3), again: true })).toEqual(["accepted"]);
    expect(await forced()).toEqual([{ isForced: true }]);
    // What is changed by the same call is loaded anyway.
    await db.client.zoneTarget.deleteMany();
    await driver.apply([{ ...conformanceWork("again.example.", 4), again: true }], signal());
    expect(await forced()).toEqual([]);
    const gone = { name: "other.example.", seq: 2, desired: null, previous: null };
    for (const work of [gone, { ...gone, again: true as const }])
      expect(await statuses(driver, work)).toEqual(["accepted"]);
    expect(await forced()).toEqual([{ isForced: true }]);
    await driver.apply([{ ...gone, name: "again.example." }], signal());
    await db.client.target.delete({ where: { id: target.id } });
    await db.client.zoneTarget.deleteMany();
  });

  it("remembers which member a zone came from", async () => {
    const zone = await peer.ctx.db.client.zone.findUniqueOrThrow({ where: { name: "example.com." } });
    const member = await peer.ctx.db.client.member.findFirstOrThrow({ where: { serverId: "own-server" } });
    expect(zone.originMemberId).toBe(member.id);
  });

  it("in Synchronize the newer copy stays and comes back; in Write-only it is overwritten", async () => {
    await driver.apply([conformanceWork("newest.example.", 9)], signal());
    const [outcome] = await driver.apply([conformanceWork("newest.example.", 8)], signal());
    expect(outcome).toMatchObject({ status: "newer-there", text: conformanceWork("newest.example.", 9).desired?.text });
    expect(await statuses(open({ role: "write-only" }), conformanceWork("newest.example.", 8))).toEqual(["accepted"]);
    expect((await getZone(peer.ctx, peer.ctx.root, "newest.example.")).serial).toBe(8);
  });

  it("in Synchronize a deletion loses against a newer copy, which comes back; in Write-only it goes", async () => {
    const name = "deleted.example.";
    const at = (serial: number) => conformanceWork(name, serial);
    const removal = (serial: number): ZoneWork => {
      const { digest = "", updatedAt = 0 } = at(serial).desired ?? {};
      return { name, seq: 99, desired: null, previous: null, gone: { serial, digest, updatedAt } };
    };
    await driver.apply([at(9)], signal());
    const [outcome] = await driver.apply([removal(8)], signal());
    expect(outcome).toMatchObject({ status: "newer-there", seq: 99, text: at(9).desired?.text });
    expect((await getZone(peer.ctx, peer.ctx.root, name)).serial).toBe(9);
    expect(await statuses(driver, removal(9))).toEqual(["accepted"]);
    await driver.apply([at(11)], signal());
    expect(await statuses(open({ role: "write-only" }), removal(10))).toEqual(["accepted"]);
    await expect(getZone(peer.ctx, peer.ctx.root, name)).rejects.toMatchObject({ code: "not-found" });
  });

  it("a refused zone is its own outcome", async () => {
    const broken = { ...conformanceWork("broken.example.", 1) };
    const desired = { text: "broken.example. 60 IN A 192.0.2.1\n", serial: 1, digest: "", updatedAt: 0 };
    const [bad, good] = await driver.apply([{ ...broken, desired }, conformanceWork("fine.example.", 1)], signal());
    const outcomes = [bad, good].sort((a, b) => (a?.name ?? "").localeCompare(b?.name ?? ""));
    expect(outcomes[0]).toMatchObject({
      name: "broken.example.",
      status: "failed",
      error: { kind: "rejected", message: expect.stringMatching(/SOA/) },
    });
    expect(outcomes[1]).toMatchObject({ name: "fine.example.", status: "accepted" });
  });

  it("tell digests, so that equal zones need not move", async () => {
    const work = conformanceWork("example.com.", 3);
    expect((await listed()).find(({ name }) => name === "example.com.")).toEqual({
      name: "example.com.",
      serial: 3,
      digest: work.desired?.digest,
      updatedAt: work.desired?.updatedAt,
    });
  });

  it("take and give large batches compressed", async () => {
    const zones = Array.from({ length: 500 }, (_, index) => conformanceWork(`z${index}.bulk.example.`, 1));
    expect(new Set(await statuses(driver, ...zones))).toEqual(new Set(["accepted"]));
    const back = await driver.fetch(
      zones.map(({ name }) => name),
      signal(),
    );
    expect(back.length).toBe(500);
    expect(back.find(({ name }) => name === "z7.bulk.example.")?.text).toBe(zones[7]?.desired?.text);
    const gone = zones.map(({ name, seq }): ZoneWork => ({ name, seq, desired: null, previous: null }));
    expect(new Set(await statuses(driver, ...gone))).toEqual(new Set(["accepted"]));
  });

  it("refuse themselves, wrong tokens and tokens without clustering", async () => {
    expect(
      await codeOf(open({ self: { serverId: "peer-server", hostname: "ns1.example.net" } }).status(signal())),
    ).toBe("ourselves");
    expect(await codeOf(open({ token: "wrong".repeat(6) }).status(signal()))).toBe("token-refused");
    const { token } = await createToken(peer.ctx, peer.ctx.root, { name: "weak", acls: ["edit-dns"] });
    expect(await codeOf(open({ token }).status(signal()))).toBe("missing-privilege");
  });
});
