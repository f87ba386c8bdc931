import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { addressSet, isLoopback } from "@/lib/net/address-set";
import { readSettings } from "@/lib/settings/settings";
import { recordRefusedCall } from "./refused-calls";
import { automaticIps } from "./trusted-addresses";

const log = logger("trusted-ips");

/** `AppError.extra.details` of a refused caller: surfaces tell other Zonefleet servers by it what is wrong. */
export const ADDRESS_NOT_TRUSTED = { problem: "address-not-trusted" } as const;

/**
 * Whether a cluster member may call from where it does. A token with addresses of its own was held to those when it was read; the trusted IPs are for all
 * others. This machine itself, on loopback, is always trusted: who is on it needs no call. A proxy on it that is not named hands on calls of the whole world,
 * which would all look like this machine's own: those are trusted by nothing, whatever root has listed.
 * @param call what is called, for the record
 * @throws AppError "forbidden" with details ADDRESS_NOT_TRUSTED; root finds the call on the page of the trusted IPs
 */
export async function assertTrusted(ctx: Context, actor: UserActor, call: string): Promise<void> {
  const { address = "", token, userId } = actor;
  if (!token || token.allowedIps.length > 0) return;
  const reason = await distrust(ctx, actor);
  if (reason === null) return;
  log.warn("A cluster call came from where it is not trusted", { reason, address, call, token: token.name });
  await recordRefusedCall(ctx, { userId, tokenId: token.id, tokenName: token.name, address, call, reason });
  throw new AppError("forbidden", WORDS[reason](address), { details: ADDRESS_NOT_TRUSTED });
}

const WORDS = {
  untrusted: (address: string) =>
    `${address} is not a trusted IP of this server. Root can trust it here under Configure Remote Service IPs, or give the API token addresses of its own.`,
  proxy: (address: string) =>
    `The call came through a proxy at ${address} that is not named in ZONEFLEET_TRUSTED_PROXIES of this server, so it is not known who called.`,
} as const;

/** Why the caller is not trusted; null: it is. */
async function distrust(ctx: Context, actor: UserActor): Promise<keyof typeof WORDS | null> {
  const { address = "", userId, isForwarded = false } = actor;
  if (isLoopback(address) && !isForwarded) return null;
  const { isEnforced, manual } = await readSettings(ctx.db.client, "trustedIps");
  if (!isEnforced) return null;
  if (isForwarded && (isLoopback(address) || (await isOwnAddress(ctx, address)))) return "proxy";
  if (addressSet(manual).has(address)) return null;
  const automatic = await automaticIps(ctx, userId);
  return addressSet(automatic.map((entry) => entry.address)).has(address) ? null : "untrusted";
}

async function isOwnAddress(ctx: Context, address: string): Promise<boolean> {
  const { addresses } = await readSettings(ctx.db.client, "server");
  return addressSet(addresses).has(address);
}
