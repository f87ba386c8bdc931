import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createControlSocket } from "@/lib/drivers/knot/control-socket";
import { startTestKnot, type TestKnot } from "@/lib/wire/testing/test-knot";

const ZONE =
  "example. 60 IN SOA ns.example. root.example. 1 2 3 4 5\nexample. 60 IN NS ns.example.\nns.example. 60 IN A 192.0.2.1\n";
const VERSION = { command: "status", type: "version" };

describe("against Knot", () => {
  let knot: TestKnot;
  beforeAll(async () => {
    knot = await startTestKnot({ example: ZONE });
  });
  afterAll(() => knot.stop());
  const control = () => createControlSocket({ path: knot.controlSocket, timeoutMs: 5000 });

  it("gets replies of many units", async () => {
    const units = await control().session(undefined, (session) =>
      session.command({ command: "zone-read", zone: "example." }),
    );
    expect(units.map(({ owner, ttl, type, data }) => `${owner} ${ttl} ${type} ${data}`)).toEqual([
      "example. 60 NS ns.example.",
      "example. 60 SOA ns.example. root.example. 1 2 3 4 5",
      "ns.example. 60 A 192.0.2.1",
    ]);
  });

  it("answers pipelined requests in order, refusals among them", async () => {
    await control().session(undefined, async (session) => {
      const zones = Array.from({ length: 3000 }, (_, i) => (i % 2 ? "example." : `missing${i}.example.`));
      const replies = await Promise.all(zones.map((zone) => session.request({ command: "zone-status", zone })));
      replies.forEach((reply, i) => {
        if (i % 2) expect(reply.units[0]?.zone).toBe("example.");
        else expect(reply.errors).toEqual([{ zone: zones[i], message: "no such zone found" }]);
      });
      await expect(session.command({ command: "zone-begin", zone: "missing." })).rejects.toMatchObject({
        kind: "rejected",
      });
      expect(await session.command(VERSION)).toHaveLength(1);
    });
  });

  it("queues sessions of every client of the path", async () => {
    const order: string[] = [];
    const visit = (name: string) =>
      control().session(undefined, async (session) => {
        order.push(`${name} in`);
        await session.command(VERSION);
        order.push(`${name} out`);
      });
    await Promise.all([visit("a"), visit("b"), visit("c")]);
    expect(order).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("gives up a place in the queue when aborted, and lets the next one wait its turn", async () => {
    const controller = new AbortController();
    let leave = () => {};
    const mayLeave = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const first = control().session(undefined, () => mayLeave);
    const second = control().session(controller.signal, (session) => session.command(VERSION));
    const third = control().session(undefined, (session) => session.command(VERSION));
    controller.abort();
    await expect(second).rejects.toMatchObject({ kind: "aborted" });
    leave();
    await first;
    expect(await third).toHaveLength(1);
  });
});

describe("against something else", () => {
  let dir: string;
  let server: Server | undefined;
  const clients: Socket[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), "zf-control-"));
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    server?.close();
    server = undefined;
    await rm(dir, { recursive: true });
  });

  async function ask(behaviour: (client: Socket) => void, timeoutMs: number, signal?: AbortSignal): Promise<unknown> {
    server = createServer((client) => {
      clients.push(client);
      client.on("error", () => client.destroy());
      client.once("data", () => behaviour(client));
    });
    server.listen(path.join(dir, "k"));
    await once(server, "listening");
    const control = createControlSocket({ path: path.join(dir, "k"), timeoutMs });
    return control.session(signal, (session) => session.command(VERSION));
  }

  it("has no socket", async () => {
    const control = createControlSocket({ path: path.join(dir, "none"), timeoutMs: 100 });
    await expect(control.session(undefined, async () => 1)).rejects.toMatchObject({ kind: "unreachable" });
  });

  it.each<[string, string, (client: Socket) => void]>([
    ["stays silent", "timeout", () => {}],
    ["closes", "unreachable", (client) => client.end()],
    ["says goodbye", "unreachable", (client) => client.end(Buffer.of(0))],
    ["speaks another protocol", "bad-response", (client) => client.end("HTTP/1.1 400 Bad Request\r\n")],
  ])("which %s is %s", async (_what, kind, behaviour) => {
    await expect(ask(behaviour, kind === "timeout" ? 100 : 10_000)).rejects.toMatchObject({ kind });
  });

  it("is cut off when the signal aborts", async () => {
    const controller = new AbortController();
    await expect(ask(() => controller.abort(), 10_000, controller.signal)).rejects.toMatchObject({ kind: "aborted" });
  });
});
