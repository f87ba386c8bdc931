import type { Actor } from "@/lib/access/actor";
import type { Context } from "@/lib/context";
import { sql } from "@/lib/db/database";
import { DriverError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { openMemberDriver } from "@/lib/members/open-driver";
import { findMember } from "@/lib/members/queries";
import { reachCondition, readReaches } from "@/lib/members/reach";
import { readSettings } from "@/lib/settings/settings";
import { pullFromMember } from "./pull";

/** A form is not held up longer than this; what is left goes on in the background. */
const LIMIT_MS = 20_000;

/** What "Synchronize Zones Immediately" came to. */
export interface SyncedNow {
  /** Zones fetched from the member because its copy is newer, or may be. */
  readonly fetched: number;
  /** Zones that it is to have: those that it lacks, or has otherwise, are sent from now on. */
  readonly sending: number;
  /** Why fetching stopped, in a sentence; it is tried again by itself. */
  readonly problem: string | null;
}

/**
 * "Synchronize Zones Immediately": takes newer copies in from a member that was just added and waits for them, instead of leaving that to the next round in
 * the background. Sending begins by itself as soon as a member is there.
 * @throws AppError "not-found"
 */
export async function syncNow(ctx: Context, actor: Actor, input: { id: number }): Promise<SyncedNow> {
  const member = await findMember(ctx, actor, input.id);
  const db = ctx.db.client;
  const { isEnabled } = await readSettings(db, "cluster");
  if (!isEnabled)
    return {
      fetched: 0,
      sending: 0,
      problem: "DNS clustering is disabled: nothing goes to and fro until it is enabled.",
    };
  const target = await db.target.findUnique({ where: { memberId: member.id }, select: { id: true } });
  const reach = (await readReaches(db, member.id)).get(member.id)?.reach ?? { kind: "none" };
  const [count] = target
    ? await db.$queryRaw<{ n: number | bigint }[]>(
        sql`SELECT count(*) AS "n" FROM "Zone" z WHERE z."deletedAt" IS NULL AND ${reachCondition(reach)}`,
      )
    : [];
  const sending = Number(count?.n ?? 0);
  await db.member.updateMany({ where: { id: member.id }, data: { lastPullAt: BigInt(ctx.clock.now()) } });
  try {
    const driver = await openMemberDriver(ctx, member);
    const fetched = await pullFromMember(ctx, member.id, driver, AbortSignal.timeout(LIMIT_MS));
    return { fetched, sending, problem: null };
  } catch (error) {
    if (!(error instanceof DriverError)) throw error;
    // A member that is held, or gone, is not asked again by itself.
    const next = error.kind === "held" ? "" : " It is tried again in the background.";
    return { fetched: 0, sending, problem: `${error.message}${next}` };
  } finally {
    publish("cluster");
    ctx.wake();
  }
}
