import os from "node:os";
import type { Context } from "@/lib/context";
import { randomAlphanumeric } from "@/lib/ids";
import { readSettings, writeSettings } from "@/lib/settings/settings";

/**
 * Gives the server its identity, and sets it up when the environment says how.
 * @returns the one-time code that the setup page asks for; null when the server is set up.
 */
export async function firstStart(ctx: Context): Promise<string | null> {
  const server = await ctx.db.transaction(async (tx) => {
    const settings = await readSettings(tx, "server");
    return settings.serverId ? settings : writeSettings(tx, "server", { serverId: randomAlphanumeric(32) });
  });
  if (server.isSetUp) return null;
  return randomAlphanumeric(10);
}

/** The numeric addresses of this machine, loopback and link-local left out: what first start suggests. */
export function ownAddresses(): string[] {
  return Object.values(os.networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((entry) => !entry.internal && !entry.address.startsWith("fe80:"))
    .map((entry) => entry.address);
}
