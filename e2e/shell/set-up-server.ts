import { openContext, type ServerContext } from "@/lib/server/testing/open-context";
import type { ServerProcess } from "@/lib/server/testing/start-server";

export const PASSWORD = "correct horse battery staple";

export const ROOT = { user: "root", password: PASSWORD } as const;

/** Variables of a web server that is set up and empty. */
export const SET_UP = {
  ZONEFLEET_HOSTNAME: "web7.example.net",
  ZONEFLEET_ADDRESSES: "127.0.0.1",
  ZONEFLEET_KIND: "web-server",
  ZONEFLEET_ROOT_PASSWORD: PASSWORD,
} as const;

/** Calls services beside such a server, as another process on the same database does. */
export async function beside<T>(server: ServerProcess, work: (ctx: ServerContext) => Promise<T>): Promise<T> {
  const ctx = await openContext({ ...SET_UP, ZONEFLEET_DATA_DIR: server.dataDir });
  try {
    return await work(ctx);
  } finally {
    await ctx.close();
  }
}

/** Text of a small zone. */
export function zoneText(address: string): string {
  return `$TTL 3600
@ SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600
@ NS ns1.example.net.
@ NS ns2.example.net.
www A ${address}
`;
}
