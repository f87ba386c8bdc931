import { z } from "zod";
import { connectionError, connectionProblem } from "@/lib/drivers/http/connection-problem";
import { excerpt } from "@/lib/drivers/http/status-error";
import { DriverError } from "@/lib/errors";
import { foreignServer, parseJson, type WhmConnection } from "./connection";
import { OLDEST_MAJOR_VERSION, PEER_PROTOCOL, type ZonefleetInfo, zonefleetInfo } from "./protocol";

/** What answers at the other end. Decides how zones travel. */
export type RemoteServer =
  | { readonly kind: "whm"; readonly version: string }
  | { readonly kind: "zonefleet"; readonly info: ZonefleetInfo };

const versionReply = z.object({ version: z.string().max(200), zonefleet: z.number().optional() });

/**
 * Finds out who a member is, as WHM does: the version by API 0 (older servers: `showversion`), which has to be 11 or higher. A Zonefleet server
 * says in the same answer that it is one, and is then asked who exactly.
 * @param ownServerId our identity: the same one there means that we called ourselves
 * @throws DriverError with a ConnectionProblem: token-refused, missing-privilege, not-a-member-server, version-too-old, ourselves, or of the connection
 */
export async function identify(
  connection: WhmConnection,
  ownServerId: string,
  signal: AbortSignal,
): Promise<RemoteServer> {
  const { host } = connection;
  const { version, zonefleet } = await askVersion(connection, signal);
  const major = Number.parseInt(version, 10);
  if (Number.isNaN(major)) throw foreignServer(host, "version", `It said: ${version.slice(0, 60)}`);
  if (major < OLDEST_MAJOR_VERSION) {
    const message = `${host} runs version ${version}, which is too old: version ${OLDEST_MAJOR_VERSION} or higher is needed.`;
    throw connectionError("unsupported", host, "version", message, { code: "version-too-old" });
  }
  if (zonefleet === undefined) return { kind: "whm", version };
  const info = await connection.api("zonefleet_info", zonefleetInfo, { signal });
  if (info.serverId === ownServerId) {
    const message = `${host} is this server itself.`;
    throw connectionError("conflict", host, "version", message, { code: "ourselves" });
  }
  // A server of a later protocol still understands WHM's commands.
  return info.protocol === PEER_PROTOCOL ? { kind: "zonefleet", info } : { kind: "whm", version };
}

async function askVersion(connection: WhmConnection, signal: AbortSignal): Promise<z.infer<typeof versionReply>> {
  const { host } = connection;
  try {
    const body = await connection.query("/json-api/version?", { signal });
    const reply = versionReply.safeParse(parseJson(body));
    if (reply.success) return reply.data;
    throw foreignServer(host, "version", `It said: ${excerpt(body, undefined)}`);
  } catch (error) {
    const problem = connectionProblem(error)?.code;
    // Everybody may ask for the version: who may not even do that is not known there. WHM answers a wrong token with 401 or 403.
    if (problem === "missing-privilege" && error instanceof DriverError)
      throw connectionError("auth", host, "version", error.message, { code: "token-refused" }, error);
    if (problem !== "not-a-member-server") throw error;
    const version = await olderVersion(connection, signal);
    if (version === undefined) throw error;
    return { version };
  }
}

async function olderVersion(connection: WhmConnection, signal: AbortSignal): Promise<string | undefined> {
  const body = await connection.command("showversion", null, { signal }).catch((error: unknown) => {
    if (connectionProblem(error)?.code === "not-a-member-server") return null;
    throw error;
  });
  const text = body?.toString("utf8").trim() ?? "";
  return /^\d[\w.() -]{0,60}$/.test(text) ? text : undefined;
}
