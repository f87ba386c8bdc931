import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { afterEach, expect, it } from "vitest";
import { selfSigned } from "@/e2e/emulators/self-signed";
import { callWebhook } from "./webhook";

interface Heard {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function receiver(status: number, headers: Record<string, string> = {}, says = "") {
  const heard: Heard[] = [];
  const port = await listen(
    createServer(async (request, response) => {
      const body = (await request.toArray()).join("");
      heard.push({ url: request.url, headers: request.headers, body });
      response.writeHead(status, headers).end(says);
    }),
  );
  return { heard, url: `http://127.0.0.1:${port}/hooks/T0pSecret?room=1` };
}

const SECRET = "0123456789abcdef";
const CALL = { id: "<1@panel.example.com>", body: '{"event":"member-disabled"}', at: 1_763_650_000_999 };
const call = (url: string, allowedNetworks = ["127.0.0.0/8"]) =>
  callWebhook({ url, secret: SECRET, allowedNetworks }, CALL, new AbortController().signal);

it("posts JSON whose sender and time can be checked", async () => {
  const { heard, url } = await receiver(204);
  expect(await call(url)).toMatchObject({
    outcome: "sent",
    reply: expect.stringMatching(/^127\.0\.0\.1:\d+ answered with HTTP 204\.$/),
  });
  const [request] = heard;
  expect(request).toMatchObject({ url: "/hooks/T0pSecret?room=1", body: CALL.body });
  expect(request?.headers).toMatchObject({
    "content-type": "application/json",
    "zonefleet-id": CALL.id,
    "zonefleet-timestamp": "1763650000",
    "zonefleet-signature": `v1=${createHmac("sha256", SECRET).update(`1763650000.${CALL.body}`).digest("hex")}`,
  });
  expect(JSON.stringify(request)).not.toContain(SECRET);
});

it("does not follow a redirect", async () => {
  const other = await receiver(204);
  const { url } = await receiver(307, { location: other.url });
  expect(await call(url)).toMatchObject({ outcome: "later", reply: expect.stringContaining("redirect") });
  expect(other.heard).toEqual([]);
});

it("comes back after an error, whose words are shown without the path", async () => {
  const { url } = await receiver(500, {}, "broken at /hooks/T0pSecret?room=1 (/hooks/T0pSecret)");
  const result = await call(url);
  expect(result).toMatchObject({ outcome: "later", reply: expect.stringContaining("broken at /…") });
  expect(result.reply).not.toContain("T0pSecret");
});

it("calls no address that members may not have", async () => {
  const { heard, url } = await receiver(204);
  expect(await call(url, [])).toMatchObject({ outcome: "later", reply: expect.stringContaining("a loopback address") });
  expect(heard).toEqual([]);
});

it("gives nothing to a server whose certificate nobody vouches for", async () => {
  const { key, cert } = await selfSigned(["127.0.0.1"]);
  let calls = 0;
  const port = await listen(createHttpsServer({ key, cert }, () => calls++));
  expect(await call(`https://127.0.0.1:${port}/`)).toMatchObject({
    outcome: "later",
    reply: expect.stringContaining("self-signed"),
  });
  expect(calls).toBe(0);
});
