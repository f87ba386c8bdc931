import os from "node:os";
import { ZodError } from "zod";
import type { Context } from "@/lib/context";
import { randomAlphanumeric } from "@/lib/ids";
import { writeSettings } from "@/lib/settings/settings";
import { completeSetup } from "@/lib/users/setup";
import { ownAddresses } from "./own-addresses";

/**
 * Gives the server its identity, and sets it up when the environment holds root's password.
 * @returns the one-time code that the setup page asks for; null when the server is set up.
 * @throws Error that names the variables which do not fit.
 */
export async function firstStart(ctx: Context): Promise<string | null> {
  const server = await ctx.db.transaction(async (tx) => {
    const before = await writeSettings(tx, "server", {});
    return before.serverId ? before : writeSettings(tx, "server", { serverId: randomAlphanumeric(32) });
  });
  if (server.isSetUp) return null;
  if (ctx.env.rootPassword === undefined) return randomAlphanumeric(10);
  await setUpFromEnvironment(ctx, ctx.env.rootPassword);
  return null;
}

async function setUpFromEnvironment(ctx: Context, password: string): Promise<void> {
  const { env } = ctx;
  try {
    await completeSetup(ctx, {
      password,
      hostname: env.hostname ?? os.hostname(),
      addresses: [...(env.addresses.length > 0 ? env.addresses : ownAddresses())],
      kind: env.kind ?? "web-server",
    });
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    const lines = error.issues.map(
      (issue) => `  ${VARIABLES[String(issue.path[0])] ?? issue.path.join(".")}: ${issue.message}`,
    );
    throw new Error(`The server cannot be set up from the environment:\n${lines.join("\n")}`);
  }
}

const VARIABLES: Record<string, string> = {
  password: "ZONEFLEET_ROOT_PASSWORD",
  hostname: "ZONEFLEET_HOSTNAME",
  addresses: "ZONEFLEET_ADDRESSES",
  kind: "ZONEFLEET_KIND",
};
