import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket as TcpSocket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "@/lib/server/testing/free-port";
import type { DnsAddress } from "@/lib/wire/dns-address";
import { querySoa, querySoaMany } from "@/lib/wire/query";
import { startTestKnot, type TestKnot } from "@/lib/wire/testing/test-knot";

const soa = (apex: string, serial: number) =>
  `${apex}. 3600 IN SOA ns1.${apex}. hostmaster.${apex}. ${serial} 7200 3600 1209600 3600\n${apex}. 3600 IN NS ns1.${apex}.\nns1.${apex}. 3600 IN A 192.0.2.1\n`;

describe("against Knot", () => {
  let knot: TestKnot;
  beforeAll(async () => {
    const zones: Record<string, string> = {};
    for (let i = 0; i < 500; i++) zones[`z${i}.example`] = soa(`z${i}.example`, i + 1);
    zones["broken.example"] = "no zone at all\n";
    zones["example.net"] = `${soa("example.net", 4_294_967_295)}sub.example.net. 60 IN NS ns.example.org.\n`;
    knot = await startTestKnot(zones);
  });
  afterAll(() => knot.stop());

  it.each([
    ["example.net.", "answered"],
    ["example.org.", "refused"],
    ["broken.example.", "servfail"],
    ["nothing.example.net.", "nxdomain"],
    ["ns1.example.net.", "not-authoritative"],
    ["sub.example.net.", "not-authoritative"],
  ])("%s is %s, over UDP and TCP", async (zone, status) => {
    for (const tcp of [false, true]) {
      expect(await querySoa(knot.server, zone, { timeoutMs: 2000, tcp })).toMatchObject({ status });
    }
  });

  it("reads the largest serial", async () => {
    const answer = await querySoa(knot.server, "example.net.", { timeoutMs: 2000 });
    expect(answer).toEqual({ status: "answered", serial: 4_294_967_295, authoritative: true });
  });

  it("asks for many zones in order, thousands a second", async () => {
    const asked = Array.from({ length: 10_000 }, (_, i) => i % 500);
    const zones = asked.map((i) => `z${i}.example.`);
    const start = performance.now();
    const answers = await querySoaMany(knot.server, zones, { timeoutMs: 5000 });
    const rate = Math.round(zones.length / ((performance.now() - start) / 1000));
    process.stdout.write(`querySoaMany: ${rate} questions a second\n`);
    expect(answers.map((answer) => answer.status === "answered" && answer.serial)).toEqual(asked.map((i) => i + 1));
  });

  it("stops when told to", async () => {
    const controller = new AbortController();
    const zones = Array.from({ length: 50_000 }, (_, i) => `z${i % 500}.example.`);
    const asking = querySoaMany(knot.server, zones, { timeoutMs: 2000, signal: controller.signal });
    setTimeout(() => controller.abort(), 10);
    await expect(asking).rejects.toMatchObject({ kind: "aborted" });
    await expect(
      querySoa(knot.server, "z1.example.", { timeoutMs: 10, signal: controller.signal }),
    ).rejects.toMatchObject({
      kind: "aborted",
    });
  });
});

describe("against servers that misbehave", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function udpServer(
    answer: (query: Buffer, from: RemoteInfo, socket: Socket) => void,
    port = 0,
  ): Promise<DnsAddress> {
    const socket = createSocket("udp4");
    socket.on("message", (query, from) => answer(query, from, socket));
    socket.bind(port, "127.0.0.1");
    await once(socket, "listening");
    closers.push(() => socket.close());
    return { address: "127.0.0.1", port: socket.address().port };
  }

  async function tcpServer(port: number, answer: (socket: TcpSocket) => void): Promise<void> {
    const server: Server = createServer((socket) => {
      socket.on("error", () => socket.destroy());
      closers.push(() => socket.destroy());
      socket.once("data", () => answer(socket));
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    closers.push(() => server.close());
  }

  /** The query turned into an authoritative answer with no records. */
  const reply = (query: Buffer, flags = 0x8400) => {
    const message = Buffer.from(query);
    message.writeUInt16BE(flags, 2);
    return message;
  };
  const ask = (server: DnsAddress, options = {}) => querySoa(server, "example.com.", { timeoutMs: 200, ...options });

  it.each<[string, (query: Buffer) => Buffer]>([
    ["another id", (query) => reply(query).fill(query.readUInt8(0) ^ 1, 0, 1)],
    ["another question", (query) => reply(query).fill(0x66, 13, 14)],
    ["the query itself", (query) => query],
    ["rubbish", () => Buffer.from("\xff\xff")],
    ["nothing", () => Buffer.alloc(0)],
  ])("does not take an answer with %s", async (_what, answer) => {
    const server = await udpServer((query, from, socket) => socket.send(answer(query), from.port, from.address));
    expect(await ask(server)).toMatchObject({ status: "timeout" });
  });

  it("does not take an answer from another port", async () => {
    const other = createSocket("udp4");
    closers.push(() => other.close());
    const server = await udpServer((query, from) => other.send(reply(query), from.port, from.address));
    expect(await ask(server)).toMatchObject({ status: "timeout" });
  });

  it("repeats a question that was lost", async () => {
    let seen = 0;
    const server = await udpServer((query, from, socket) => {
      if (++seen > 1) socket.send(reply(query, 0x8405), from.port, from.address);
    });
    expect(await ask(server, { timeoutMs: 2000 })).toMatchObject({ status: "refused" });
    expect(seen).toBe(2);
  });

  it("says at once that a port is closed", async () => {
    const server = { address: "127.0.0.1", port: await freePort() };
    expect(await ask(server, { timeoutMs: 60_000 })).toMatchObject({ status: "unreachable" });
    expect(await ask(server, { timeoutMs: 60_000, tcp: true })).toMatchObject({ status: "unreachable" });
  });

  it.each<[string, string, (socket: TcpSocket) => void]>([
    ["says nothing", "timeout", () => {}],
    ["closes", "malformed", (socket) => socket.end()],
    ["ends inside a message", "malformed", (socket) => socket.end(Buffer.from([0, 50, 1, 2]))],
    [
      "answers another id",
      "malformed",
      (socket) => socket.end(Buffer.concat([Buffer.from([0, 12]), Buffer.alloc(12)])),
    ],
    ["sends rubbish", "malformed", (socket) => socket.end(Buffer.from("GET / HTTP/1.1\r\n".repeat(5000)))],
    ["resets", "unreachable", (socket) => socket.resetAndDestroy()],
  ])("after a truncated answer, a TCP server that %s is %s", async (_what, status, answer) => {
    const port = await freePort();
    await tcpServer(port, answer);
    const truncated = (query: Buffer, from: RemoteInfo, socket: Socket) =>
      socket.send(reply(query, 0x8600), from.port, from.address);
    const server = await udpServer(truncated, port);
    expect(await ask(server, { timeoutMs: status === "timeout" ? 200 : 10_000 })).toMatchObject({ status });
  });

  it("does not wait for a server that drips", async () => {
    const server = { address: "127.0.0.1", port: await freePort() };
    await tcpServer(server.port, (socket) => {
      const drip = setInterval(() => socket.write(Buffer.of(0)), 20);
      closers.push(() => clearInterval(drip));
      socket.write(Buffer.of(0xff));
    });
    const start = performance.now();
    expect(await ask(server, { tcp: true })).toMatchObject({ status: "timeout" });
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
