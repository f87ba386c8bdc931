import type { ServerProcess } from "@/lib/server/testing/start-server";

export const PASSWORD = "correct horse battery staple";

/** Variables of a web server that is set up, without any member, and may have members on loopback. */
export const WEB_SERVER = {
  ZONEFLEET_HOSTNAME: "web9.example.net",
  ZONEFLEET_ADDRESSES: "127.0.0.1",
  ZONEFLEET_KIND: "web-server",
  ZONEFLEET_ROOT_PASSWORD: PASSWORD,
  ZONEFLEET_ALLOWED_MEMBER_NETWORKS: "127.0.0.0/8",
} as const;

/** What opens the services of such a server beside it. */
export function variablesOf(server: ServerProcess): Record<string, string> {
  return { ...WEB_SERVER, ZONEFLEET_DATA_DIR: server.dataDir };
}
