import { mkdirSync, writeFileSync } from "node:fs";
import { answerWhm } from "@/lib/compat/whm/http";
import type { Provider } from "@/lib/db/database";
import { type TestContext, testContext } from "@/lib/db/testing/test-context";
import { certificateFiles } from "@/lib/net/certificate-files";
import type { AnyAnswer, WireRequest } from "@/lib/net/exchange";
import { writeSettings } from "@/lib/settings/settings";
import { createToken } from "@/lib/tokens/service";
import { serveFetch } from "./serve-fetch";

/** A server's wire endpoints on a socket of their own: real database, real HTTPS, no pages and no engine. */
export interface WireServer {
  readonly ctx: TestContext;
  readonly port: number;
  readonly pin: string;
  /** Of root, with the ACL clustering only. */
  readonly token: string;
  /** Answers a request without a socket. */
  answer(request: WireRequest): Promise<AnyAnswer> | undefined;
  /** How often the engine would have been woken. */
  readonly wakes: () => number;
  close(): Promise<void>;
}

export async function startWireServer(
  provider: Provider,
  {
    serverId = "peer-server",
    hostname = "ns1.example.net",
    addresses = ["192.0.2.53", "2001:db8::53"],
    onWake = () => {},
  } = {},
): Promise<WireServer> {
  let wakes = 0;
  const wake = () => {
    wakes++;
    onWake();
  };
  const opened = await testContext(provider, { wake });
  let ctx: TestContext = opened;
  await writeSettings(ctx.db.client, "server", {
    serverId,
    hostname,
    addresses,
    isSetUp: true,
  });
  await writeSettings(ctx.db.client, "zones", { nameservers: ["ns1.example.net.", "ns2.example.net."] });
  const { token } = await createToken(ctx, ctx.root, { name: "cluster", acls: ["clustering"] });
  const nameserver = () => ({
    state: "running" as const,
    reason: null,
    since: 0,
    software: "Knot DNS" as const,
    version: "3.2.6",
    pid: null,
    restarts: 0,
    listen: [],
  });
  const answer = (request: WireRequest) => answerWhm({ ...ctx, nameserver }, request);
  const server = await serveFetch(answer);
  // What a server knows of how it is reached itself.
  const files = certificateFiles(opened.env.dataDir);
  mkdirSync(files.folder, { recursive: true });
  writeFileSync(files.cert, server.cert);
  ctx = { ...opened, env: { ...opened.env, port: server.port, allowedMemberNetworks: ["127.0.0.0/8"] } };
  return {
    ctx,
    port: server.port,
    pin: server.pin,
    token,
    answer,
    wakes: () => wakes,
    async close() {
      await server.close();
      await ctx.close();
    },
  };
}
