import type { UserActor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { logger } from "@/lib/logger";
import { addressSet } from "@/lib/net/address-set";
import { readSettings } from "@/lib/settings/settings";
import { recordRefusedCall } from "./refused-calls";
import { automaticIps } from "./trusted-addresses";

const log = logger("trusted-ips");
const loopback = addressSet(["127.0.0.0/8", "::1"]);

/** `AppError.extra.details` of a refused caller: surfaces tell other Zonefleet servers by it what is wrong. */
export const ADDRESS_NOT_TRUSTED = { problem: "address-not-trusted" } as const;

/**
 * Whether a cluster member may call from where it does. A token with addresses of its own was held to those when it was read; the trusted IPs are for all
 * others. This machine itself, on loopback, is always trusted: who is on it needs no call.
 * @param call what is called, for the record
 * @throws AppError "forbidden" with details ADDRESS_NOT_TRUSTED; root finds the call on the page of the trusted IPs
 */
export async function assertTrusted(ctx: Context, actor: UserActor, call: string): Promise<void> {
  const { address = "", token, userId } = actor;
  if (loopback.has(address) || !token || token.allowedIps.length > 0) return;
  const { isEnforced, manual } = await readSettings(ctx.db.client, "trustedIps");
  if (!isEnforced || addressSet(manual).has(address)) return;
  const automatic = await automaticIps(ctx, userId);
  if (addressSet(automatic.map((entry) => entry.address)).has(address)) return;
  log.warn("A cluster call came from an address that is not trusted", { address, call, token: token.name });
  await recordRefusedCall(ctx, {
    ...{ userId, tokenId: token.id, tokenName: token.name, address },
    call,
    reason: "untrusted",
  });
  throw new AppError(
    "forbidden",
    `${address} is not a trusted IP of this server. Root can trust it here under Configure Remote Service IPs, or give the API token addresses of its own.`,
    { details: ADDRESS_NOT_TRUSTED },
  );
}
