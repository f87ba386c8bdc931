import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { TLSSocket } from "node:tls";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addressSet } from "@/lib/net/address-set";
import { type Certificate, loadCertificate } from "./certificate";
import { type Listener, listen, type RequestHandler } from "./listener";
import { answerWire } from "./wire";

const folder = mkdtempSync(path.join(os.tmpdir(), "zonefleet-listener-"));
let certificate: Certificate;
let listener: Listener | undefined;

beforeAll(async () => {
  certificate = await loadCertificate(folder, ["panel.example.com", "192.0.2.1"]);
  return () => rmSync(folder, { recursive: true });
});
afterEach(() => listener?.close(100));

async function start(handle: RequestHandler, tls = true): Promise<number> {
  const trustedProxies = addressSet([]);
  listener = await listen(
    { host: "127.0.0.1", port: 0, certificate: tls ? certificate : null, trustedProxies },
    handle,
  );
  return listener.port;
}

async function get(
  url: string,
  options: https.RequestOptions = {},
): Promise<{ status: number; body: string; peer?: string }> {
  const client = url.startsWith("https:") ? https : http;
  // The certificate was made a moment ago by a server of this test.
  const request = client.get(url, { rejectUnauthorized: false, agent: false, ...options });
  const [response] = (await once(request, "response")) as [http.IncomingMessage];
  const { socket } = response;
  const peer = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.fingerprint256 : undefined;
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode ?? 0, body, peer };
}

const echo: RequestHandler = async (request, response) => {
  response.end(JSON.stringify(request.headers));
};

describe("listen", () => {
  it("serves HTTPS with headers that can be believed", async () => {
    const port = await start(echo);
    const answer = await get(`https://127.0.0.1:${port}/`, {
      headers: { "x-zonefleet-client": "192.0.2.9", "x-forwarded-for": "192.0.2.9" },
    });
    expect(JSON.parse(answer.body)).toMatchObject({ "x-zonefleet-client": "127.0.0.1", "x-forwarded-proto": "https" });
  });

  it("tells a plain HTTP request to use https", async () => {
    const port = await start(echo);
    const answer = await get(`http://127.0.0.1:${port}/`);
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining("https://") });
  });

  it("serves plain HTTP when TLS is off", async () => {
    const port = await start(echo, false);
    expect(JSON.parse((await get(`http://127.0.0.1:${port}/`)).body)).toMatchObject({ "x-forwarded-proto": "http" });
  });

  it("answers 500 when a handler throws, without its message", async () => {
    const port = await start(async () => {
      throw new Error("inner detail");
    });
    const answer = await get(`https://127.0.0.1:${port}/`);
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain("inner detail");
  });

  it("takes a caller that hangs up for no failure of its own", async () => {
    const lines: string[] = [];
    const stderr = vi.spyOn(process.stderr, "write").mockImplementation((line) => lines.push(String(line)) > 0);
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
    const handled = new EventEmitter();
    const port = await start(async (request, response) => {
      const answered = answerWire(request, response, async () => new Response(endless));
      answered.catch((error) => setImmediate(() => handled.emit("failed", error)));
      return answered;
    });
    const failed = once(handled, "failed");
    const request = https.get(`https://127.0.0.1:${port}/json-api/version`, {
      // The certificate was made a moment ago by a server of this test.
      rejectUnauthorized: false,
      agent: false,
    });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    await once(response, "data");
    request.on("error", () => undefined).destroy();
    response.on("error", () => undefined);
    await failed;
    stderr.mockRestore();
    expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it("changes the certificate without a restart", async () => {
    const port = await start(echo);
    const before = (await get(`https://127.0.0.1:${port}/`)).peer;
    const other = mkdtempSync(path.join(os.tmpdir(), "zonefleet-listener-"));
    listener?.useCertificate(await loadCertificate(other, ["other.example.com"]));
    rmSync(other, { recursive: true });
    const after = (await get(`https://127.0.0.1:${port}/`)).peer;
    expect(before).toBeTruthy();
    expect(after).toBeTruthy();
    expect(after).not.toBe(before);
  });

  it("finishes requests when it closes, and ends live events at once", async () => {
    const entered = new EventEmitter();
    const port = await start(async (request, response) => {
      if (request.url === "/events")
        response.writeHead(200, { "content-type": "text/event-stream" }).write("data: x\n\n");
      else setTimeout(() => response.end("done"), 200);
      entered.emit(request.url ?? "");
    });
    const bothEntered = Promise.all([once(entered, "/events"), once(entered, "/slow")]);
    const events = get(`https://127.0.0.1:${port}/events`, { headers: { accept: "text/event-stream" } }).catch(
      (error: Error) => error,
    );
    const slow = get(`https://127.0.0.1:${port}/slow`, { agent: new https.Agent({ keepAlive: true }) });
    await bothEntered;
    const started = performance.now();
    await listener?.close(5_000);
    expect(performance.now() - started).toBeLessThan(3_000);
    expect((await slow).body).toBe("done");
    expect(await events).toBeInstanceOf(Error);
  });
});
