import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { readSettings } from "@/lib/settings/settings";
import { type Held, heldBack, WORKING } from "./held";
import { memberName } from "./member-name";

/** A member to which nothing goes now. Instants are epoch milliseconds. */
export interface HeldMember {
  readonly id: number;
  readonly name: string;
  readonly why: Held;
  readonly since: number;
  /** When a pause ends by itself. */
  readonly until: number | null;
}

/**
 * The asker's members that are disabled or paused, longest first; none while clustering is disabled, when nothing goes to anybody.
 * @param accountId whose; root's are those of every account when left out
 * @throws AppError "forbidden", "not-found" for somebody else's
 */
export async function heldMembers(ctx: Context, actor: Actor, accountId?: number): Promise<HeldMember[]> {
  const { ownerId } = authorize(actor, "cluster.manage", accountId);
  const owner = accountId ?? ownerId;
  const { isEnabled } = await readSettings(ctx.db.client, "cluster");
  if (!isEnabled) return [];
  const members = await ctx.db.client.member.findMany({
    where: { NOT: WORKING, ...(owner === null ? {} : { ownerId: owner }) },
    orderBy: [{ disabledAt: "asc" }, { id: "asc" }],
  });
  return members.flatMap((member): HeldMember[] => {
    const { id, disabledAt, pausedAt, pausedUntil } = member;
    const why = heldBack(member);
    if (why === null) return [];
    const isDisabled = why === "disabled";
    const since = Number((isDisabled ? disabledAt : pausedAt) ?? 0);
    return [{ id, name: memberName(member), why, since, until: isDisabled ? null : Number(pausedUntil) }];
  });
}
