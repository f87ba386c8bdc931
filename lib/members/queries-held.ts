import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import type { Context } from "@/lib/context";
import { readSettings } from "@/lib/settings/settings";
import type { Member, Target } from "@/prisma/generated/sqlite/client";
import { type Held, heldBack, WORKING } from "./held";
import { memberName } from "./member-name";
import { readReaches } from "./reach";
import { countChanges, countWaiting, type WaitingTarget } from "./waiting";

/** A member to which nothing goes now. Instants are epoch milliseconds. */
export interface HeldMember {
  readonly id: number;
  /** Whose it is. */
  readonly accountId: number;
  readonly name: string;
  readonly why: Held;
  /** The failure that disabled it, in words. */
  readonly reason: string | null;
  readonly since: number;
  /** When a pause ends by itself. */
  readonly until: number | null;
  /** What was not sent to it yet; null: nothing is sent to it anyway, or it is one of too many to count for. */
  readonly waiting: { readonly zones: number; readonly changes: number } | null;
}

/** Members whose waiting changes are counted one by one: it is asked with every page. */
const COUNTED = 5;

/**
 * The asker's members that are disabled, longest first, and then those that are paused; none while clustering is disabled, when nothing goes to anybody.
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
    // What is disabled wants somebody to look at it. Unless it is said, PostgreSQL puts those without an instant last, and SQLite first.
    orderBy: [{ disabledAt: { sort: "asc", nulls: "last" } }, { id: "asc" }],
  });
  const waiting = await readWaiting(ctx, members.slice(0, COUNTED));
  return members.flatMap((member): HeldMember[] => {
    const why = heldBack(member);
    if (why === null) return [];
    const { id, ownerId, disabledAt, disabledReason, pausedAt, pausedUntil } = member;
    const known = { id, accountId: ownerId, name: memberName(member), why, waiting: waiting.get(id) ?? null };
    return why === "disabled"
      ? [{ ...known, reason: disabledReason, since: Number(disabledAt), until: null }]
      : [{ ...known, reason: null, since: Number(pausedAt ?? 0), until: Number(pausedUntil) }];
  });
}

async function readWaiting(ctx: Context, members: readonly Member[]) {
  const { client } = ctx.db;
  if (members.length === 0) return new Map<number, NonNullable<HeldMember["waiting"]>>();
  const [reaches, targets] = await Promise.all([
    readReaches(client),
    client.target.findMany({ where: { memberId: { in: members.map(({ id }) => id) } } }),
  ]);
  const count = async (target: Target) => {
    const memberId = target.memberId ?? 0;
    const at: WaitingTarget = {
      ...target,
      targetId: target.id,
      reach: reaches.get(memberId)?.reach ?? { kind: "none" },
    };
    const [zones, changes] = await Promise.all([countWaiting(client, [at]), countChanges(client, at)]);
    return [memberId, { zones, changes }] as const;
  };
  return new Map(await Promise.all(targets.map(count)));
}
