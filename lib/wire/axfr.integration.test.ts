import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ZoneRecord } from "@/lib/dns/zone-build";
import { type AxfrOptions, axfr } from "@/lib/wire/axfr";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { startTestKnot, type TestKnot } from "@/lib/wire/testing/test-knot";

const SOA = "example.com. 3600 IN SOA ns1.example.com. hostmaster.example.com. 7 7200 3600 1209600 3600";

async function collect(server: DnsAddress, zone: string, options: Partial<AxfrOptions> = {}): Promise<ZoneRecord[]> {
  const records: ZoneRecord[] = [];
  for await (const record of axfr(server, zone, { timeoutMs: 10_000, ...options })) records.push(record);
  return records;
}

describe("from Knot", () => {
  let knot: TestKnot;
  beforeAll(async () => {
    const hosts = Array.from({ length: 50_000 }, (_, i) => `h${i}.example.net. 300 IN A 192.0.2.${i % 256}`).join("\n");
    knot = await startTestKnot({
      "example.com": [
        SOA,
        "example.com. 3600 IN NS ns1.example.com.",
        "example.com. 3600 IN MX 10 mail.example.com.",
        'txt.example.com. 60 IN TXT "a \\"b\\"" "\\195\\164"',
        "ns1.example.com. 3600 IN AAAA 2001:db8::1",
        "odd\\.label.example.com. 3600 IN TYPE65400 \\# 2 abcd",
        "",
      ].join("\n"),
      "example.net": `${SOA.replaceAll("example.com", "example.net")}\nexample.net. 60 IN NS ns.example.org.\n${hosts}\n`,
    });
  });
  afterAll(() => knot.stop());

  it("takes a zone whole, the SOA once and first", async () => {
    const [first, ...records] = await collect(knot.server, "example.com.");
    expect(first).toEqual({
      owner: "example.com.",
      ttl: 3600,
      type: "SOA",
      rdata: "ns1.example.com. hostmaster.example.com. 7 7200 3600 1209600 3600",
    });
    expect(records.map(({ owner, ttl, type, rdata }) => `${owner} ${ttl} ${type} ${rdata}`).sort()).toEqual([
      "example.com. 3600 MX 10 mail.example.com.",
      "example.com. 3600 NS ns1.example.com.",
      "ns1.example.com. 3600 AAAA 2001:db8::1",
      "odd\\.label.example.com. 3600 TYPE65400 \\# 2 ABCD",
      'txt.example.com. 60 TXT "a \\"b\\"" "\\195\\164"',
    ]);
  });

  it("takes a large zone of many messages", async () => {
    expect(await collect(knot.server, "example.net.")).toHaveLength(50_002);
  });

  it.each<[string, string, Partial<AxfrOptions>]>([
    ["example.org.", "rejected", {}],
    ["example.net.", "bad-response", { maxBytes: 100_000 }],
    ["example.net.", "aborted", { signal: AbortSignal.abort() }],
  ])("fails on %s as %s", async (zone, kind, options) => {
    await expect(collect(knot.server, zone, options)).rejects.toMatchObject({ name: "DriverError", kind });
  });

  it("may be left early", async () => {
    for await (const record of axfr(knot.server, "example.net.", { timeoutMs: 10_000 })) {
      expect(record.type).toBe("SOA");
      break;
    }
  });
});

describe("from a server that misbehaves", () => {
  const sockets: Socket[] = [];
  let server: Server | undefined;
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.close();
  });

  const SOA_WIRE = (serial: number) => [
    0xc0,
    12,
    0,
    6,
    0,
    1,
    0,
    0,
    0,
    9,
    0,
    22,
    0,
    0,
    ...new Array(3).fill(0),
    serial,
    ...new Array(16).fill(9),
  ];
  const NS_WIRE = [0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 9, 0, 2, 0xc0, 12];

  /** A server that answers each query with messages of these records. */
  async function serving(...messages: (readonly number[])[]): Promise<DnsAddress> {
    server = createServer((socket) => {
      sockets.push(socket);
      socket.once("data", (framed) => {
        for (const records of messages) {
          const message = Buffer.concat([framed, Buffer.from(records)]);
          message.writeUInt16BE(message.length - 2, 0);
          message.writeUInt16BE(0x8400, 4);
          message.writeUInt16BE(records.length === 0 ? 0 : records.length > 40 ? 2 : 1, 8);
          socket.write(message);
        }
        socket.end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    return { address: "127.0.0.1", port: typeof address === "object" && address ? address.port : 0 };
  }

  it("is understood when it behaves", async () => {
    const address = await serving(SOA_WIRE(1), NS_WIRE, SOA_WIRE(1));
    expect(await collect(address, "example.com.")).toHaveLength(2);
  });

  it.each<[string, (readonly number[])[]]>([
    ["sends nothing", []],
    ["sends an empty answer", [[]]],
    ["does not start with the SOA", [NS_WIRE, SOA_WIRE(1)]],
    ["stops half-way", [SOA_WIRE(1), NS_WIRE]],
    ["changes the serial on the way", [SOA_WIRE(1), NS_WIRE, SOA_WIRE(2)]],
    ["sends broken data", [SOA_WIRE(1), [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 1, 9]]],
    ["sends another class", [SOA_WIRE(1), NS_WIRE.with(5, 3)]],
  ])("which %s gives no whole zone", async (_what, messages) => {
    await expect(collect(await serving(...messages), "example.com.")).rejects.toMatchObject({ kind: "bad-response" });
  });
});
