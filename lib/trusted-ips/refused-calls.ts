import type { Context } from "@/lib/context";
import { errorMessage } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { logger } from "@/lib/logger";

const log = logger("trusted-ips");

/** A call with a valid token, from an address that it may not come from. */
export interface RefusedCall {
  readonly userId: number;
  readonly tokenId: number;
  readonly tokenName: string;
  readonly address: string;
  /** What was called, such as "synczones_local"; "" when that was not looked at. */
  readonly call: string;
  /** "untrusted": no trusted IP. "token": none of the token's own addresses. "proxy": handed on by a proxy of this machine that is not named. */
  readonly reason: "untrusted" | "token" | "proxy";
}

/** Kept so long after the last call, and no more of them: the list is for somebody to look at. */
const KEPT_MS = 30 * 86_400_000;
const CAPACITY = 200;

/** Notes a refused call for root, one row a token and address. Never fails: the call is refused anyway. */
export async function recordRefusedCall(ctx: Context, refused: RefusedCall): Promise<void> {
  if (refused.address === "") return;
  const lastAt = BigInt(ctx.clock.now());
  const { tokenId, address, call, reason, tokenName } = refused;
  const { refusedCall } = ctx.db.client;
  try {
    const known = await refusedCall.updateMany({
      where: { tokenId, address },
      data: { ...(call === "" ? {} : { call }), reason, tokenName, lastAt, count: { increment: 1 } },
    });
    if (known.count > 0) return;
    await refusedCall.deleteMany({ where: { lastAt: { lt: lastAt - BigInt(KEPT_MS) } } });
    const [oldest] = await refusedCall.findMany({ orderBy: { lastAt: "desc" }, skip: CAPACITY - 1, take: 1 });
    if (oldest) await refusedCall.deleteMany({ where: { lastAt: { lte: oldest.lastAt } } });
    await refusedCall.upsert({
      where: { tokenId_address: { tokenId, address } },
      create: { ...refused, lastAt },
      update: { lastAt },
    });
    publish("cluster");
  } catch (error) {
    log.warn("A refused call could not be recorded", { address, error: errorMessage(error) });
  }
}
