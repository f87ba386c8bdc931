import { once } from "node:events";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { selfSigned } from "@/e2e/emulators/self-signed";
import { decodeFields, ZONE_FIELD } from "@/lib/drivers/whm/form-fields";
import type { DigestPage, PushReply, ZonefleetInfo } from "@/lib/drivers/whm/protocol";

/** A cluster member in this process that takes everything and keeps nothing: what a server in front of it does is seen without another server's work. */
export interface LightMember {
  readonly address: string;
  readonly port: number;
  /** SHA-256 of its certificate's key, base64. */
  readonly pin: string;
  /** When the next push of zones has come in whole, as epoch milliseconds with fractions. */
  nextPush(): Promise<number>;
  /** well: as it should; lying: says 200 and rubbish; silent: takes every request and never answers. */
  state: "well" | "lying" | "silent";
  close(): void;
}

/** It answers as a Zonefleet server does (lib/drivers/whm/protocol), and everybody. */
export async function startLightMember(address: string): Promise<LightMember> {
  const { key, cert, pin } = await selfSigned([address]);
  const waiting: ((at: number) => void)[] = [];
  const info: ZonefleetInfo = {
    ...{
      protocol: 1,
      version: "0",
      serverId: `light-${address}`,
      hostname: `light-${address.replaceAll(".", "-")}.example.net`,
      kind: "dns-only",
    },
    ...{ addresses: [address], dnsAddresses: [] },
  };
  const nothing: DigestPage = { zones: [], next: null };
  const take = (body: Buffer): PushReply => {
    const at = performance.timeOrigin + performance.now();
    for (const resolve of waiting.splice(0)) resolve(at);
    const names = decodeFields(body, { plusIsSpace: false }).map(({ name }) => name);
    const zones = names.filter((name) => name.startsWith(ZONE_FIELD)).map((name) => name.slice(ZONE_FIELD.length));
    return { zones: zones.map((zone) => ({ zone, status: "updated" })) };
  };
  const answers: Readonly<Record<string, (body: Buffer) => unknown>> = {
    "/json-api/version": () => ({ version: "11.110.0.0", zonefleet: 1 }),
    "/json-api/zonefleet_info": () => ({ data: info, metadata: { result: 1, reason: "OK" } }),
    "/scripts2/getzones_local": () => "",
    "/scripts2/getzonedigests_local": () => nothing,
    "/scripts2/synczones_local": take,
  };
  const server = https.createServer({ key, cert }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (member.state === "silent") return;
    if (member.state === "lying") return void response.end("<p>It works!</p>");
    const sent = Buffer.concat(chunks);
    const body = request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    const answer = answers[(request.url ?? "").replace(/\?.*/, "")]?.(body);
    if (answer === undefined) response.statusCode = 404;
    response.end(typeof answer === "string" ? answer : JSON.stringify(answer ?? "Not found"));
  });
  server.listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const member: LightMember = {
    ...{ address, port, pin, state: "well" },
    nextPush: () => new Promise((resolve) => waiting.push(resolve)),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return member;
}
