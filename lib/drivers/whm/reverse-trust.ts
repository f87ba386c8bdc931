import { isIPv4 } from "node:net";
import type { TrustAnswer, TrustOffer } from "@/lib/drivers/driver";
import { connectionProblem } from "@/lib/drivers/http/connection-problem";
import { excerpt } from "@/lib/drivers/http/status-error";
import { DriverError } from "@/lib/errors";
import type { WhmConnection } from "./connection";
import type { RemoteServer } from "./identify";
import { COMPATIBLE_VERSION, SERVER_HEADER, TRUST_ESTABLISHED, trustReply } from "./protocol";

/** WHM waits as long when it is the one that asks. */
const ESTABLISH_MS = 20_000;
const PAGE = "trustclustermaster.cgi";
/** WHM has no field for a port: it calls its members here. */
const WHM_PORT = 2_087;

interface OwnName {
  readonly serverId: string;
  readonly hostname: string;
}

/**
 * Asks the remote server to store this one in its cluster, as WHM's own *Setup Reverse Trust Relationship* does: one POST with a token that lets it call us
 * back. `recurse=0` says that it shall not set up a trust in its turn. A Zonefleet server is told our port and our certificate's pin as well.
 * @throws DriverError "unsupported" when it could never call us, "rejected" with its words
 */
export async function establishTrust(
  remote: RemoteServer,
  connection: WhmConnection,
  { serverId }: OwnName,
  offer: TrustOffer,
  signal: AbortSignal,
): Promise<string> {
  const { host } = connection;
  const isPeer = remote.kind === "zonefleet";
  if (!isPeer && offer.port !== WHM_PORT) {
    const message = `${host} would call this server on port ${WHM_PORT}, the only one that WHM knows, and this server is reached on port ${offer.port}.`;
    throw new DriverError("unsupported", host, PAGE, message);
  }
  const fields: [string, string][] = [
    ["recurse", "0"],
    ["user", offer.username],
    ["clustermaster", isPeer ? withPort(offer) : offer.address],
    ["pass", offer.token],
    ["version", COMPATIBLE_VERSION],
    ...(isPeer && offer.pin !== null ? [["pin", offer.pin] satisfies [string, string]] : []),
  ];
  const headers = { [SERVER_HEADER]: serverId };
  const limits = { firstByteTimeoutMs: ESTABLISH_MS };
  const body = await connection.page(PAGE, fields, { signal, headers, ...limits }).catch((error: unknown) => {
    if (connectionProblem(error)?.code !== "not-a-member-server") throw error;
    const message = `${host} has no page for reverse trust. Add this server to its DNS cluster there.`;
    throw new DriverError("unsupported", host, PAGE, message, { cause: error });
  });
  const words = excerpt(body, offer.token);
  if (words.includes(TRUST_ESTABLISHED)) return words;
  throw new DriverError("rejected", host, PAGE, `${host} did not store this server. It said: ${words || "nothing"}`);
}

function withPort({ address, port }: TrustOffer): string {
  return isIPv4(address) ? `${address}:${port}` : `[${address}]:${port}`;
}

/** @throws DriverError "unsupported" when the remote server does not know the question */
export async function askTrust(
  connection: WhmConnection,
  { serverId, hostname }: OwnName,
  address: string,
  signal: AbortSignal,
): Promise<TrustAnswer> {
  const { has_trust, works, reason } = await connection.api("cluster_member_has_trust_with", trustReply, {
    signal,
    headers: { [SERVER_HEADER]: serverId },
    args: [
      ["host", address],
      ["althost", hostname],
    ],
  });
  if (has_trust !== 1) return { state: "missing", detail: null };
  if (works === undefined) return { state: "unchecked", detail: null };
  return works === 1 ? { state: "works", detail: null } : { state: "broken", detail: reason ?? null };
}
