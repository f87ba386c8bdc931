import { createServer as createPlainServer } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { selfSigned } from "@/e2e/emulators/self-signed";
import { DriverError } from "@/lib/errors";
import { connectionProblem } from "./connection-problem";
import { createHttpClient, type HttpClientOptions, type HttpRequest } from "./http-client";
import { probeCertificate } from "./probe-certificate";
import { resolveMember } from "./resolve-member";

type Handler = Parameters<typeof createPlainServer>[1];

describe("the HTTP client", () => {
  let server: Server;
  let port: number;
  let pin: string;
  let handler: NonNullable<Handler>;
  let requests = 0;
  let connections = 0;
  const clients: { close(): void }[] = [];

  beforeAll(async () => {
    const certificate = await selfSigned(["member.example.net"]);
    pin = certificate.pin;
    server = createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
      requests++;
      handler(request, response);
    });
    server.on("secureConnection", () => connections++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = (server.address() as AddressInfo).port;
  });
  beforeEach(() => {
    requests = 0;
    connections = 0;
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(() => {
    for (const client of clients) client.close();
    server.closeAllConnections();
    server.close();
  });

  const client = (options: Partial<HttpClientOptions> = {}) => {
    const made = createHttpClient({ address: "127.0.0.1", port, serverName: "member.example.net", pin, ...options });
    clients.push(made);
    return made;
  };
  const get = (extra: Partial<HttpRequest> = {}): HttpRequest => ({
    method: "GET",
    path: "/",
    operation: "test",
    signal: AbortSignal.timeout(10_000),
    ...extra,
  });
  it("opens no other connection once it was closed, not for what was under way either", async () => {
    handler = (_, response) => void response.end("ok");
    const closing = client();
    await closing.request(get());
    const arrived = new Promise<void>((resolve) => {
      handler = () => resolve();
    });
    const underWay = failure(closing.request(get()));
    await arrived;
    closing.close();
    expect(await underWay).toMatchObject({ kind: "held" });
    expect(await failure(closing.request(get()))).toMatchObject({ kind: "held" });
    expect({ requests, connections }).toEqual({ requests: 2, connections: 1 });
  });

  const failure = async (attempt: Promise<unknown>): Promise<DriverError> => {
    const error = await attempt.then(
      () => new Error("it did not fail"),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof DriverError)) throw error;
    return error;
  };

  it("keeps one connection for many requests", async () => {
    handler = (request, response) => response.end(`${request.headers.host} ${request.headers["x-one"]}`);
    const http = client({ headers: { "x-one": "1" } });
    for (let n = 0; n < 20; n++)
      expect((await http.request(get())).body.toString()).toBe(`member.example.net:${port} 1`);
    expect([requests, connections]).toEqual([20, 1]);
  });

  it("sends nothing to a server with another key", async () => {
    const error = await failure(client({ pin: `${"A".repeat(43)}=` }).request(get()));
    expect(error).toMatchObject({ kind: "tls" });
    expect(connectionProblem(error)).toMatchObject({
      code: "certificate-changed",
      certificate: { pin, isTrusted: false },
    });
    expect(requests).toBe(0);
  });

  it("sends nothing to a server that the system does not trust, and says which certificate it showed", async () => {
    const error = await failure(client({ pin: null }).request(get()));
    expect(error).toMatchObject({ kind: "tls", message: expect.stringMatching(/not trusted: it is self-signed/) });
    expect(connectionProblem(error)).toMatchObject({
      code: "certificate-untrusted",
      certificate: { pin, names: ["member.example.net"], distrust: "it is self-signed" },
    });
    expect(requests).toBe(0);
  });

  it("probes a certificate without a request", async () => {
    const info = await probeCertificate({ address: "127.0.0.1", port, serverName: "member.example.net" });
    expect(info).toMatchObject({ pin, subject: "CN=member.example.net", isTrusted: false });
    expect(info.validTo).toBeGreaterThan(Date.now());
    expect(requests).toBe(0);
  });

  it.each([
    [302, "bad-response", "redirected"],
    [401, "auth", "token-refused"],
    [403, "auth", "missing-privilege"],
    [404, "not-found", undefined],
    [409, "conflict", undefined],
    [413, "rejected", undefined],
    [429, "rate-limited", undefined],
    [500, "bad-response", undefined],
    [503, "bad-response", undefined],
  ])("HTTP %i is %s", async (status, kind, code) => {
    handler = (_, response) =>
      response.writeHead(status, { location: "https://elsewhere.example/" }).end("Too <b>bad</b>\n");
    const error = await failure(client().request(get()));
    expect(error.kind).toBe(kind);
    expect(connectionProblem(error)?.code).toBe(code);
    if (status !== 302) expect(error.message).toContain("Too bad");
    expect(requests).toBe(1);
  });

  it("takes the time to wait from 429 and 503", async () => {
    for (const status of [429, 503]) {
      handler = (_, response) => response.writeHead(status, { "retry-after": "7" }).end();
      expect(await failure(client().request(get()))).toMatchObject({
        kind: "rate-limited",
        extra: { retryAfterMs: 7_000 },
      });
    }
  });

  it("never quotes its own credential", async () => {
    handler = (request, response) => response.writeHead(500).end(`echo ${request.headers.authorization}`);
    const error = await failure(client({ headers: { authorization: "whm root:SECRETTOKEN" } }).request(get()));
    expect(error.message).toContain("[removed]");
    expect(error.message).not.toContain("SECRETTOKEN");
  });

  it("takes no answer that holds its own credential", async () => {
    handler = (request, response) => response.end(JSON.stringify(request.headers));
    const error = await failure(client({ headers: { authorization: "whm root:SECRETTOKEN" } }).request(get()));
    expect(error.kind).toBe("bad-response");
    expect(error.message).not.toContain("SECRET");
    expect((await client().request(get())).status).toBe(200);
  });

  it("reads gzip, and refuses what is too long before or after unpacking", async () => {
    const body = Buffer.alloc(100_000, "x");
    handler = (request, response) => {
      if (request.url !== "/plain") response.setHeader("content-encoding", "gzip");
      response.end(request.url === "/plain" ? body : gzipSync(body));
    };
    expect((await client().request(get())).body.length).toBe(100_000);
    for (const path of ["/", "/plain"]) {
      const error = await failure(client().request(get({ path, maxResponseBytes: 50_000 })));
      expect(error).toMatchObject({ kind: "bad-response", message: expect.stringMatching(/more than/) });
    }
  });

  it("says damaged of an answer that does not unpack", async () => {
    handler = (_, response) => response.setHeader("content-encoding", "gzip").end("no gzip");
    expect(await failure(client().request(get()))).toMatchObject({ kind: "bad-response" });
  });

  it("gives up on slow heads, slow bodies, and when it is told to", async () => {
    handler = (request, response) => {
      if (request.url === "/stall") response.write("x");
    };
    expect(await failure(client().request(get({ firstByteTimeoutMs: 50 })))).toMatchObject({ kind: "timeout" });
    expect(await failure(client().request(get({ path: "/stall", totalTimeoutMs: 80 })))).toMatchObject({
      kind: "timeout",
    });
    expect(await failure(client().request(get({ signal: AbortSignal.timeout(50) })))).toMatchObject({
      kind: "aborted",
    });
    expect(await failure(client().request(get({ signal: AbortSignal.abort() })))).toMatchObject({ kind: "aborted" });
  });

  it("gives up waiting for a connection that another request has", async () => {
    handler = () => undefined;
    const busy = client({ maxSockets: 1 });
    const controller = new AbortController();
    const first = failure(busy.request(get({ signal: controller.signal, firstByteTimeoutMs: 600_000 })));
    expect(await failure(busy.request(get({ firstByteTimeoutMs: 100 })))).toMatchObject({ kind: "timeout" });
    controller.abort();
    expect(await first).toMatchObject({ kind: "aborted" });
  });

  it("gives up a connection that is still being made", async () => {
    const sockets: Socket[] = [];
    const silent = createTcpServer((socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const waiting = client({ port: (silent.address() as AddressInfo).port, connectTimeoutMs: 600_000 });
    const signal = AbortSignal.timeout(50);
    expect(await failure(waiting.request(get({ signal })))).toMatchObject({ kind: "aborted" });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it("notices an answer that is cut off", async () => {
    handler = (_, response) => {
      response.writeHead(200, { "content-length": 100 }).write("half");
      setTimeout(() => response.destroy(), 10);
    };
    const error = await failure(client().request(get()));
    expect(["unreachable", "bad-response"]).toContain(error.kind);
  });

  it("sends a request again that met a connection just closed, and only then", async () => {
    handler = (_, response) => response.end("ok");
    const http = client();
    await http.request(get());
    server.closeAllConnections();
    expect((await http.request(get())).body.toString()).toBe("ok");
    handler = (request) => request.socket.destroy();
    const error = await failure(client().request(get()));
    expect(connectionProblem(error)?.code).toBe("connection-lost");
  });

  it("names a refused connection, a silent one and one that speaks no TLS", async () => {
    const silent = createTcpServer();
    const sockets: Socket[] = [];
    silent.on("connection", (socket) => sockets.push(socket));
    const plain = createPlainServer((_, response) => response.end());
    for (const listener of [silent, plain])
      await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const portOf = (listener: { address(): unknown }) => (listener.address() as AddressInfo).port;
    const silentPort = portOf(silent);
    const refused = await failure(client({ port: 1 }).request(get()));
    expect([refused.kind, connectionProblem(refused)?.code]).toEqual(["unreachable", "connection-refused"]);
    const slow = await failure(client({ port: silentPort, connectTimeoutMs: 100 }).request(get()));
    expect([slow.kind, connectionProblem(slow)?.code]).toEqual(["timeout", "timeout"]);
    const noTls = await failure(client({ port: portOf(plain) }).request(get()));
    expect([noTls.kind, connectionProblem(noTls)?.code]).toEqual(["tls", "tls-failed"]);
    for (const socket of sockets) socket.destroy();
    silent.close();
    plain.close();
  });
});

describe("resolveMember", () => {
  const code = async (attempt: Promise<unknown>) =>
    connectionProblem(await attempt.catch((error: unknown) => error))?.code;

  it.each<[string, string[], string[], string]>([
    ["ns1.example.com", ["192.0.2.1"], [], "192.0.2.1"],
    ["ns1.example.com", ["127.0.0.1", "192.0.2.1"], [], "192.0.2.1"],
    ["ns1.example.com", ["127.0.0.1"], ["127.0.0.0/8"], "127.0.0.1"],
    ["192.0.2.7", [], [], "192.0.2.7"],
    ["2001:DB8::0:1", [], [], "2001:db8::1"],
  ])("%s with %j is called at its first usable address", async (host, addresses, allowed, expected) => {
    expect(await resolveMember(host, allowed, async () => addresses)).toBe(expected);
  });

  it("says why an address is refused, and that a name does not resolve", async () => {
    expect(await code(resolveMember("ns1.example.com", [], async () => ["169.254.169.254"]))).toBe("address-refused");
    expect(await code(resolveMember("::1", []))).toBe("address-refused");
    expect(await code(resolveMember("ns1.example.com", [], async () => []))).toBe("name-not-resolved");
    const noSuchName = async () => Promise.reject(new Error("ENOTFOUND"));
    expect(await code(resolveMember("ns1.invalid", [], noSuchName))).toBe("name-not-resolved");
  });
});
