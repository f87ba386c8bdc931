import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { startWireServer, type WireServer } from "@/e2e/wire/wire-server";
import { createMemoryDriver } from "@/lib/drivers/memory/driver";
import { setLogLevel } from "@/lib/logger";
import { credentialPurpose } from "@/lib/members/credential";
import type { DnsRole } from "@/lib/members/dns-role";
import { closeMemberDrivers } from "@/lib/members/open-driver";
import { fitTarget } from "@/lib/members/target-row";
import { writeSettings } from "@/lib/settings/settings";
import { getZone } from "@/lib/zones/queries";
import { zoneHistory } from "@/lib/zones/queries-history";
import { receiveZones } from "@/lib/zones/receive";
import { deleteZone, replaceZone, restoreRevision } from "@/lib/zones/service";
import type { Engine } from "./engine";
import { createServerEngine } from "./server-engine";

/** What the DNS roles do between real servers: databases, engines and member calls over TLS of their own. */

interface Server {
  readonly name: string;
  readonly wire: WireServer;
  start(): void;
  stop(): Promise<void>;
}

const started: Server[] = [];

async function startOne(name: string): Promise<Server> {
  let engine: Engine | null = null;
  const hostname = `${name}.example.net`;
  const wire = await startWireServer("sqlite", { serverId: `id-${name}`, hostname, onWake: () => engine?.wake() });
  await wire.ctx.db.transaction((tx) => writeSettings(tx, "cluster", { isEnabled: true }));
  const nameserver = { driver: createMemoryDriver(), addresses: [] };
  const server: Server = {
    name,
    wire,
    start() {
      engine = createServerEngine(wire.ctx, () => nameserver);
      engine.start();
    },
    async stop() {
      await engine?.stop();
      engine = null;
    },
  };
  started.push(server);
  return server;
}

beforeAll(() => setLogLevel("error"));
afterEach(async () => {
  for (const server of started) await server.stop();
  for (const { wire } of started.splice(0)) {
    await closeMemberDrivers(wire.ctx);
    await wire.close();
  }
});

/** Adds one server to the cluster table of another, as the form does after it asked who is there. */
async function link({ wire }: Server, to: Server, role: DnsRole): Promise<void> {
  const { ctx } = wire;
  await ctx.db.transaction(async (tx) => {
    const hostname = `${to.name}.example.net`;
    const { id } = await tx.member.create({
      data: {
        ...{ ownerId: ctx.root.userId, hostname, address: "127.0.0.1", port: to.wire.port, username: "root" },
        ...{ backend: "whm", role, pin: to.wire.pin, serverId: `id-${to.name}`, sealedCredential: "", createdAt: 0n },
        // Nobody asks for trust here, least of all while the servers are stopped.
        trustDueAt: BigInt(Date.now() + 3_600_000),
      },
    });
    const sealedCredential = ctx.secrets.seal(to.wire.token, credentialPurpose(id));
    await tx.member.update({ where: { id }, data: { sealedCredential } });
    await fitTarget(tx, { id, role }, 0);
  });
}

const zoneText = (serial: number, host: string) =>
  `$TTL 3600\n@ SOA ns1.example.net. hostmaster.example.net. ${serial} 3600 900 1209600 300\n@ NS ns1.example.net.\n${host} A 192.0.2.1\n`;

/** Puts a copy into a server, as if it always had been there. @param host the copy's only host, by which it is told. @param second when it was last changed */
async function hold(
  { wire: { ctx } }: Server,
  name: string,
  serial: number,
  host: string,
  second: number,
): Promise<void> {
  const items = [{ name, text: zoneText(serial, host), updatedAt: 1_700_000_000_000 + second * 1_000 }];
  await receiveZones(ctx, ctx.root, { items, mode: "overwrite", originMemberId: null });
}

/** The host of the copy that is there; null: none is. */
async function held({ wire: { ctx } }: Server, name: string): Promise<string | null> {
  const zone = await ctx.db.client.zone.findUnique({ where: { name } });
  if (!zone || zone.deletedAt !== null) return null;
  const { text } = await getZone(ctx, ctx.root, name);
  return /^(\w+)\.\S+ \d+ IN A /m.exec(text)?.[1] ?? /^(\S+?)\.?\S* .* A /m.exec(text)?.[1] ?? text;
}

/** Until everything that is here was sent, and nothing waits to be tried again. */
async function settled(...servers: Server[]): Promise<void> {
  const isIdle = async ({ wire: { ctx } }: Server) => {
    const [newest, targets, retries] = await Promise.all([
      ctx.db.client.zone.aggregate({ _max: { changeSeq: true } }),
      ctx.db.client.target.findMany(),
      ctx.db.client.zoneTarget.count({ where: { retryAt: { not: null } } }),
    ]);
    const head = newest._max.changeSeq ?? 0n;
    return (
      retries === 0 &&
      targets.every((target) => !target.needsCompare && target.seenSeq >= head && target.backlogSeq <= target.floorSeq)
    );
  };
  await expect
    .poll(async () => (await Promise.all(servers.map(isIdle))).every(Boolean), { timeout: 30_000 })
    .toBe(true);
}

const writersAt = async ({ wire: { ctx } }: Server, name: string) =>
  (await getZone(ctx, ctx.root, name)).contest?.writers ?? null;

describe("what a role does with a zone", () => {
  type Copies = readonly [web1: string | null, ns1: string | null];
  /** How web1 and ns1 stand before they are linked, and what becomes of it with each of web1's roles for ns1. */
  const TABLE: Readonly<
    Record<string, { before: [web1: [number, number] | null, ns1: [number, number] | null] } & Record<DnsRole, Copies>>
  > = {
    "only.here.example.": {
      before: [[5, 1], null],
      sync: ["web1", "web1"],
      "write-only": ["web1", "web1"],
      standalone: ["web1", null],
    },
    "only.there.example.": {
      before: [null, [5, 1]],
      sync: [null, "ns1"],
      "write-only": [null, "ns1"],
      standalone: [null, "ns1"],
    },
    "newer.here.example.": {
      before: [
        [6, 1],
        [5, 1],
      ],
      sync: ["web1", "web1"],
      "write-only": ["web1", "web1"],
      standalone: ["web1", "ns1"],
    },
    "newer.there.example.": {
      before: [
        [5, 1],
        [6, 1],
      ],
      sync: ["ns1", "ns1"],
      "write-only": ["web1", "web1"],
      standalone: ["ns1", "ns1"],
    },
    // Nothing but the instant of the last change tells them apart.
    "later.here.example.": {
      before: [
        [5, 2],
        [5, 1],
      ],
      sync: ["web1", "web1"],
      "write-only": ["web1", "web1"],
      standalone: ["web1", "ns1"],
    },
    "later.there.example.": {
      before: [
        [5, 1],
        [5, 2],
      ],
      sync: ["ns1", "ns1"],
      "write-only": ["web1", "web1"],
      standalone: ["ns1", "ns1"],
    },
  };

  /** Zones that both have, and that web1 deletes while ns1 changes the second one. */
  const DELETED: Readonly<Record<string, Record<DnsRole, Copies>>> = {
    "deleted.example.": { sync: [null, null], "write-only": [null, null], standalone: [null, "old"] },
    "changed.example.": { sync: ["new", "new"], "write-only": [null, null], standalone: [null, "new"] },
  };

  it.each<DnsRole>(["sync", "write-only", "standalone"])("%s", { timeout: 120_000 }, async (role) => {
    const [web1, ns1] = [await startOne("web1"), await startOne("ns1")];
    for (const [name, { before }] of Object.entries(TABLE))
      for (const [server, copy] of [
        [web1, before[0]],
        [ns1, before[1]],
      ] as const)
        if (copy) await hold(server, name, copy[0], server.name, copy[1]);
    for (const name of Object.keys(DELETED)) for (const server of [web1, ns1]) await hold(server, name, 5, "old", 1);
    await link(web1, ns1, role);
    for (const server of [web1, ns1]) server.start();
    const copies = (name: string) => Promise.all([held(web1, name), held(ns1, name)]);
    for (const [name, row] of Object.entries(TABLE))
      await expect.poll(() => copies(name), { timeout: 30_000, message: name }).toEqual(row[role]);
    await settled(web1, ns1);
    for (const [name, row] of Object.entries(TABLE)) expect(await copies(name), name).toEqual(row[role]);

    await web1.stop();
    await replaceZone(ns1.wire.ctx, ns1.wire.ctx.root, { name: "changed.example.", text: zoneText(6, "new") });
    for (const name of Object.keys(DELETED)) await deleteZone(web1.wire.ctx, web1.wire.ctx.root, { name });
    web1.start();
    for (const [name, row] of Object.entries(DELETED))
      await expect.poll(() => copies(name), { timeout: 30_000, message: name }).toEqual(row[role]);
    await settled(web1, ns1);
    for (const [name, row] of Object.entries(DELETED)) expect(await copies(name), name).toEqual(row[role]);
  });
});

describe("two servers that write one zone", () => {
  const name = "contested.example.";
  const replace = ({ wire: { ctx } }: Server, host: string) =>
    replaceZone(ctx, ctx.root, { name, text: zoneText(1, host) });

  it("to a third leave a mark there, and what was overwritten can be restored", { timeout: 120_000 }, async () => {
    const [web1, web2, ns1] = [await startOne("web1"), await startOne("web2"), await startOne("ns1")];
    await link(web1, ns1, "write-only");
    await link(web2, ns1, "write-only");
    for (const server of [web1, ns1]) server.start();
    await hold(web1, name, 5, "first", 1);
    await expect.poll(() => held(ns1, name), { timeout: 30_000 }).toBe("first");
    expect(await writersAt(ns1, name)).toBeNull();
    await replace(web1, "second");
    await expect.poll(() => held(ns1, name), { timeout: 30_000 }).toBe("second");
    expect(await writersAt(ns1, name)).toBeNull();

    await hold(web2, name, 5, "other", 1);
    web2.start();
    await expect.poll(() => held(ns1, name), { timeout: 30_000 }).toBe("other");
    expect(await writersAt(ns1, name)).toEqual(["web2.example.net", "web1.example.net"]);
    const { ctx } = ns1.wire;
    const { revisions } = await zoneHistory(ctx, ctx.root, { name, page: 1 });
    expect(revisions.map(({ kind }) => kind)).toEqual(["receive", "receive", "receive"]);
    await restoreRevision(ctx, ctx.root, { name, seq: revisions[1]?.seq ?? 0 });
    expect(await held(ns1, name)).toBe("second");
    // Restored here, and overwritten again: now this server is one of the two.
    await replace(web2, "again");
    await expect.poll(() => held(ns1, name), { timeout: 30_000 }).toBe("again");
    expect(await writersAt(ns1, name)).toEqual(["web2.example.net", "this server"]);
  });

  it("to each other end with the newer copy at both", { timeout: 120_000 }, async () => {
    const [web1, web2] = [await startOne("web1"), await startOne("web2")];
    await link(web1, web2, "write-only");
    await link(web2, web1, "write-only");
    await hold(web1, name, 5, "one", 1);
    await hold(web2, name, 5, "two", 2);
    for (const server of [web1, web2]) server.start();
    await expect
      .poll(() => Promise.all([held(web1, name), held(web2, name)]), { timeout: 30_000 })
      .toEqual(["two", "two"]);
    await settled(web1, web2);
    expect([await held(web1, name), await held(web2, name)]).toEqual(["two", "two"]);
    await replace(web1, "three");
    await expect.poll(() => held(web2, name), { timeout: 30_000 }).toBe("three");
  });

  it.each([
    ["edits", (server: Server) => replace(server, server.name)],
    [
      "a deletion and an edit",
      (server: Server) =>
        server.name === "web1"
          ? deleteZone(server.wire.ctx, server.wire.ctx.root, { name })
          : replace(server, server.name),
    ],
  ] as const)("in a circle end with one copy everywhere: %s", { timeout: 120_000 }, async (_what, change) => {
    const servers = [await startOne("web1"), await startOne("web2"), await startOne("ns1")] as const;
    const [web1, web2, ns1] = servers;
    await link(web1, web2, "write-only");
    await link(web2, ns1, "write-only");
    await link(ns1, web1, "write-only");
    for (const server of servers) await hold(server, name, 5, "old", 1);
    for (const server of servers) server.start();
    await settled(...servers);
    for (const server of servers) await server.stop();
    await change(web1);
    await change(ns1);
    for (const server of servers) server.start();
    const copies = () => Promise.all(servers.map((server) => held(server, name)));
    await expect.poll(async () => new Set(await copies()).size, { timeout: 30_000 }).toBe(1);
    await settled(...servers);
    expect(new Set(await copies()).size).toBe(1);
    for (const { wire } of servers) expect(await wire.ctx.db.client.revision.count()).toBeLessThan(8);
  });
});
