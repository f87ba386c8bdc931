import { isIPv4 } from "node:net";
import type { DnsAddress } from "@/lib/drivers/driver";
import { COMPATIBLE_VERSION, PEER_PROTOCOL, type ZonefleetInfo } from "@/lib/drivers/whm/protocol";
import { readSettings } from "@/lib/settings/settings";
import manifest from "@/package.json";
import type { WhmServer } from "./call";

/** This program's own version; members are answered with {@link COMPATIBLE_VERSION}. */
export const OWN_VERSION: string = manifest.version;

export const versionAnswer = { version: COMPATIBLE_VERSION, zonefleet: PEER_PROTOCOL } as const;

export async function ownHostname(server: WhmServer): Promise<string> {
  return (await readSettings(server.db.client, "server")).hostname;
}

/** Who this server is, for another Zonefleet server. */
export async function ownInfo(server: WhmServer): Promise<ZonefleetInfo> {
  const [{ serverId, hostname, kind, addresses }, nameserver] = await Promise.all([
    readSettings(server.db.client, "server"),
    readSettings(server.db.client, "nameserver"),
  ]);
  const running = server.nameserver().listen;
  const listen = running.length > 0 ? running : nameserver.listen;
  return {
    protocol: PEER_PROTOCOL,
    version: OWN_VERSION,
    serverId,
    hostname,
    kind,
    addresses,
    dnsAddresses: reachable(listen, addresses),
  };
}

/** Where others reach the nameserver: an unspecified listening address stands for the server's own ones of that family. */
function reachable(listen: readonly DnsAddress[], own: readonly string[]): DnsAddress[] {
  return listen.flatMap(({ address, port }) => {
    if (address !== "0.0.0.0" && address !== "::") return [{ address, port }];
    return own
      .filter((candidate) => isIPv4(candidate) === (address === "0.0.0.0"))
      .map((candidate) => ({ address: candidate, port }));
  });
}
