import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { WireAnswer, type WireRequest } from "@/lib/net/exchange";
import { answerRestWire, answerWire, type FetchHandler, isWireRequest } from "./wire";

let server: http.Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const serve = (answer: FetchHandler) => listen((incoming, outgoing) => answerWire(incoming, outgoing, answer));

async function listen(
  handle: (incoming: http.IncomingMessage, outgoing: http.ServerResponse) => Promise<void>,
): Promise<string> {
  server = http.createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A response as it is on the wire: fetch would decompress it. */
async function raw(url: string, method = "GET"): Promise<{ headers: http.IncomingHttpHeaders; body: Buffer }> {
  const [response] = (await once(http.request(url, { method, agent: false }).end(), "response")) as [
    http.IncomingMessage,
  ];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { headers: response.headers, body: Buffer.concat(chunks) };
}

async function bodyText({ body }: WireRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe("isWireRequest", () => {
  it.each<[string, boolean]>([
    ["/json-api/version", true],
    ["/json-api/version?api.version=1", true],
    ["/scripts2/synczones_local?", true],
    ["/cgi/trustclustermaster.cgi", true],
    ["/cgi/another.cgi", false],
    ["/json-api/", false],
    ["/json-api/../api/auth/callback/credentials", false],
    ["/scripts2/%2e%2e/sign-in", false],
    ["/scripts2/a/b", false],
    ["/api/v1/zones/a.example/rrsets", true],
    ["/api/v1/changes?zone=a.example", true],
    ["/api/v1", true],
    ["/api/v10/zones", false],
    ["/api/zones/a.example/file", false],
    ["/zones", false],
    ["/", false],
  ])("%s: %s", (url, expected) => {
    expect(isWireRequest({ url })).toBe(expected);
  });
});

describe("answerWire", () => {
  it("hands over method, path, query, headers and body", async () => {
    const base = await serve(async (request) => {
      const { pathname, search } = new URL(request.url);
      return Response.json([request.method, pathname, search, request.headers.get("x-a"), await bodyText(request)]);
    });
    const answer = await fetch(`${base}/json-api/version?a=%2B`, {
      method: "POST",
      headers: { "x-a": "1" },
      body: "b",
    });
    expect(await answer.json()).toEqual(["POST", "/json-api/version", "?a=%2B", "1", "b"]);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("says how long an answer is that is all there, and nothing more of it to HEAD", async () => {
    const base = await serve(async () => WireAnswer.json(["ü"], { status: 403, headers: { "x-a": "1" } }));
    const { headers, body } = await raw(`${base}/json-api/version`);
    expect(headers).toMatchObject({ "content-type": "application/json", "content-length": "6", "x-a": "1" });
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(body.toString()).toBe('["ü"]');
    const head = await raw(`${base}/json-api/version`, "HEAD");
    expect([head.headers["content-length"], head.body.length]).toEqual(["6", 0]);
  });

  it("hands over other methods of the REST API, and tells when its caller has hung up", async () => {
    let isGone = false;
    const base = await listen((incoming, outgoing) =>
      answerRestWire(incoming, outgoing, async (request) => {
        if (request.method === "PATCH") return new Response(await request.text());
        await once(request.signal, "abort");
        isGone = true;
        return new Response();
      }),
    );
    const answer = await fetch(`${base}/api/v1/zones/a.example/rrsets`, { method: "PATCH", body: "b" });
    expect(await answer.text()).toBe("b");
    const caller = new AbortController();
    const asked = fetch(`${base}/api/v1/changes/1?wait=all`, { signal: caller.signal });
    await new Promise((resolve) => server?.once("request", resolve));
    caller.abort();
    await expect(asked).rejects.toThrow(/abort/);
    await expect.poll(() => isGone).toBe(true);
  });

  it("takes a Host that is none", async () => {
    const base = await serve(async (request) => new Response(new URL(request.url).pathname));
    const request = http.get(`${base}/json-api/version`, { headers: { host: "a b/c" }, agent: false });
    const [response] = (await once(request, "response")) as [http.IncomingMessage];
    expect(response.resume().statusCode).toBe(200);
  });

  it("keeps what is compressed as it is", async () => {
    const base = await serve(async () => new Response(gzipSync("packed"), { headers: { "content-encoding": "gzip" } }));
    const { headers, body } = await raw(`${base}/scripts2/getallzones_local`);
    expect(headers["content-encoding"]).toBe("gzip");
    expect(gunzipSync(body).toString()).toBe("packed");
  });

  it("answers HEAD without a body, and refuses other methods", async () => {
    const base = await serve(async () => new Response("body"));
    expect((await raw(`${base}/json-api/version`, "HEAD")).body).toHaveLength(0);
    expect((await fetch(`${base}/json-api/version`, { method: "DELETE" })).status).toBe(405);
  });

  it.each<[string, FetchHandler]>([
    ["none", async () => new Response("no", { status: 401 })],
    [
      "a part",
      async (request) => {
        await request.body?.[Symbol.asyncIterator]().next();
        return new Response("no", { status: 413 });
      },
    ],
    [
      "a part, cancelled,",
      async (request) => {
        const chunks = request.body?.[Symbol.asyncIterator]();
        await chunks?.next();
        await chunks?.return?.();
        return new Response("no", { status: 413 });
      },
    ],
  ])(
    "answers a caller that sends its whole body first, and its next request, when %s of the body was read",
    async (_, answer) => {
      const base = await serve(answer);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      const send = async (body: Buffer) => {
        const request = http.request(`${base}/json-api/version`, {
          method: "POST",
          agent,
          headers: { "content-length": body.length },
        });
        const answered = once(request, "response", { signal: AbortSignal.timeout(5_000) }) as Promise<
          [http.IncomingMessage]
        >;
        request.end(body);
        await once(request, "finish", { signal: AbortSignal.timeout(5_000) });
        const [response] = await answered;
        await once(response.resume(), "end");
        return [response.statusCode, request.reusedSocket];
      };
      const [status] = await send(Buffer.alloc(8_000_000, "a"));
      expect(await send(Buffer.from("b"))).toEqual([status, true]);
      agent.destroy();
    },
  );

  it("lets go of what HEAD does not get", async () => {
    let isLetGo = false;
    const cancel = () => {
      isLetGo = true;
    };
    const pull = (controller: ReadableStreamDefaultController) => controller.enqueue(new Uint8Array(1));
    const base = await serve(async () => new Response(new ReadableStream({ pull, cancel })));
    await raw(`${base}/scripts2/getallzones_local`, "HEAD");
    await expect.poll(() => isLetGo).toBe(true);
  });

  it("ends a body that breaks off so that the caller notices", async () => {
    const base = await serve(async () => {
      const stream = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode("half")),
        pull: (controller) => controller.error(new Error("inner detail")),
      });
      return new Response(stream);
    });
    await expect(raw(`${base}/scripts2/getallzones_local`)).rejects.toThrow(/aborted|hang up/);
  });
});
