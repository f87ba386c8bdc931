import type { PathMember, ServerPaths } from "@/lib/drivers/server-paths";
import { DriverError } from "@/lib/errors";
import { randomAlphanumeric } from "@/lib/ids";
import { parseJson, type WhmConnection } from "./connection";
import { pathsReply, SERVER_HEADER } from "./protocol";
import { replyProblem } from "./reply-text";

const HOSTNAME = /^[\w.:-]{1,253}$/;

/**
 * The links that a member knows of (`getpath_local`). A WHM answers with lines "ITSELF MEMBER", of its own members only and without their roles; a
 * Zonefleet server, told who asks, with JSON.
 * @throws DriverError
 */
export async function readPaths(
  connection: WhmConnection,
  ownServerId: string,
  signal: AbortSignal,
): Promise<ServerPaths[]> {
  const path = `/scripts2/getpath_local?dnsuniqid=${randomAlphanumeric(32)}`;
  const body = await connection.query(path, { signal, headers: { [SERVER_HEADER]: ownServerId } });
  const reply = pathsReply.safeParse(parseJson(body));
  if (reply.success) return reply.data.servers;
  const text = body.toString("utf8");
  const problem = replyProblem(text);
  if (!problem) return parsePathLines(text);
  const kind = problem.isForeign ? "bad-response" : "rejected";
  throw new DriverError(kind, connection.host, "getpath_local", `${connection.host}: ${problem.message}`);
}

/** WHM's lines, one a member. What is no such line is left out: the answer is for a picture, not for zones. */
export function parsePathLines(text: string): ServerPaths[] {
  const servers = new Map<string, PathMember[]>();
  for (const line of text.split(/[\r\n]+/)) {
    const [from, to, ...rest] = line.trim().toLowerCase().split(/\s+/);
    if (from === undefined || to === undefined || rest.length > 0) continue;
    if (!HOSTNAME.test(from) || !HOSTNAME.test(to)) continue;
    const members = servers.get(from) ?? [];
    members.push({ hostname: to, serverId: null, role: null, trust: null, port: null, acceptedMs: null });
    servers.set(from, members);
  }
  return [...servers].map(([hostname, members]) => ({
    ...{ hostname, serverId: null, kind: "unknown" as const, ageMs: 0, handedOn: 0 },
    members,
  }));
}
