import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import path from "node:path";
import { setClusterEnabled } from "@/lib/cluster/settings";
import { encodeFields, ZONE_FIELD } from "@/lib/drivers/whm/form-fields";
import { MODE_HEADER, SERVER_HEADER, wireName } from "@/lib/drivers/whm/protocol";
import { randomAlphanumeric } from "@/lib/ids";
import { newMemberSchema } from "@/lib/members/schemas";
import { addMember } from "@/lib/members/service";
import { freePort } from "@/lib/server/testing/free-port";
import { openContext } from "@/lib/server/testing/open-context";
import { type ServerProcess, startServer } from "@/lib/server/testing/start-server";
import { createToken } from "@/lib/tokens/service";
import { type LightMember, startLightMember } from "./light-member";
import { type BenchZone, benchZone } from "./zones";

const ADDRESS = "127.0.0.2";
const MEMBER_ADDRESS = "127.0.0.5";
/** The first ones run code that was never run before. */
const WARM_UP = 50;
/** Single edits are what is measured: what the last one left to do is over. */
const BETWEEN_MS = 30;
const now = () => performance.timeOrigin + performance.now();

/** Milliseconds, one an edit: until the member has it, and until the sender has the answer that it is kept. */
export interface HeldEdits {
  readonly direct: readonly number[];
  readonly relayed: readonly number[];
  readonly acknowledged: readonly number[];
}

/**
 * How long an intermediary holds an edit: one server alone, between a sender and a member of this process. In turns with it the same edit goes to the member directly.
 * @param folder for its data
 */
export async function heldEdits(folder: string, tries: number): Promise<HeldEdits> {
  const member = await startLightMember(MEMBER_ADDRESS);
  const { server, token } = await startIntermediary(path.join(folder, "intermediary"), member);
  // The certificate was made a moment ago by a server of this run.
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const direct: number[] = [];
  const relayed: number[] = [];
  const acknowledged: number[] = [];
  try {
    for (let done = 1; done <= WARM_UP + tries; done++) {
      const zone = benchZone(1, done);
      const ways: readonly [string, number[], number[]][] = [
        [server.url, relayed, acknowledged],
        [`https://${member.address}:${member.port}`, direct, []],
      ];
      for (const [url, arrivals, answers] of ways) {
        const started = now();
        const [arrivedAt] = await Promise.all([
          member.nextPush(),
          send(agent, url, token, zone).then(() => answers.push(now() - started)),
        ]);
        arrivals.push(arrivedAt - started);
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
      }
    }
  } finally {
    agent.destroy();
    await server.stop();
    member.close();
  }
  const warm = (samples: readonly number[]) => samples.slice(WARM_UP);
  return { direct: warm(direct), relayed: warm(relayed), acknowledged: warm(acknowledged) };
}

async function startIntermediary(
  dataDir: string,
  member: LightMember,
): Promise<{ server: ServerProcess; token: string }> {
  const variables = {
    ZONEFLEET_DATA_DIR: dataDir,
    ZONEFLEET_HOSTNAME: "ns1.example.net",
    ZONEFLEET_ADDRESSES: ADDRESS,
    ZONEFLEET_KIND: "dns-only",
    ZONEFLEET_ROOT_PASSWORD: "bench-of-one-server",
    ZONEFLEET_DNS_LISTEN: `${ADDRESS}@${await freePort(ADDRESS)}`,
    ZONEFLEET_ALLOWED_MEMBER_NETWORKS: "127.0.0.0/8",
  };
  const ctx = await openContext(variables);
  try {
    const host = `${member.address}:${member.port}`;
    const form = {
      backend: "whm",
      host,
      username: "root",
      token: randomAlphanumeric(32),
      role: "sync",
      pin: member.pin,
    };
    await addMember(ctx, ctx.root, newMemberSchema.parse(form));
    await setClusterEnabled(ctx, ctx.root, true);
    const { token } = await createToken(ctx, ctx.root, { name: "bench" });
    return { server: await startServer({ dataDir, address: ADDRESS, env: variables }), token };
  } finally {
    await ctx.close();
  }
}

/** As another Zonefleet server sends one zone. */
async function send(agent: https.Agent, url: string, token: string, { name, text }: BenchZone): Promise<void> {
  const headers = {
    authorization: `whm root:${token}`,
    "content-type": "application/octet-stream",
    [SERVER_HEADER]: "bench",
    [MODE_HEADER]: "newest",
  };
  const request = https.request(`${url}/scripts2/synczones_local`, { method: "POST", agent, headers });
  request.end(encodeFields([[`${ZONE_FIELD}${wireName(name)}`, text]]));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  let answer = "";
  for await (const chunk of response) answer += chunk;
  if (response.statusCode !== 200 || !/"(created|updated)"/.test(answer))
    throw new Error(`${url} answered ${response.statusCode}: ${answer.slice(0, 500)}`);
}
