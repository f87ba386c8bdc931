import { type Actor, engineActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import type { Member } from "@/prisma/generated/sqlite/client";
import { closeMemberDriver } from "./open-driver";
import { findMember } from "./queries";
import { ASKED_SOON, readyTarget } from "./ready-target";

const MINUTE = 60_000;

/**
 * Pauses members for planned maintenance: no command goes to them and no failure counts, until the end time or until somebody resumes them. One that is
 * paused already gets the new end time. Disabled ones are left as they are: nothing goes to them anyway.
 * @returns how many are paused now
 * @throws AppError "not-found" when one is not the actor's: then none is paused
 */
export async function pauseMembers(
  ctx: Context,
  actor: Actor,
  input: { ids: readonly number[]; minutes: number },
): Promise<{ changed: number }> {
  const members = await findAll(ctx, actor, input.ids);
  const at = ctx.clock.now();
  const until = at + input.minutes * MINUTE;
  const paused = await ctx.db.transaction(async (tx) => {
    const done: Member[] = [];
    for (const member of members) {
      const { count } = await tx.member.updateMany({
        where: { id: member.id, disabledAt: null },
        data: { pausedAt: member.pausedAt ?? BigInt(at), pausedUntil: BigInt(until) },
      });
      if (count === 0) continue;
      await recordAudit(tx, actor, { at, action: "member.pause", subject: member.hostname, detail: { until } });
      done.push(member);
    }
    return done;
  });
  if (paused.length === 0 && members.length > 0)
    throw new AppError("conflict", "Disabled servers cannot be paused: nothing is sent to them anyway.");
  // What is under way ends here.
  for (const { id } of paused) await closeMemberDriver(ctx, id);
  announce();
  return { changed: paused.length };
}

/** Ends pauses before their time. @returns how many @throws AppError "not-found" when one is not the actor's */
export async function resumeMembers(
  ctx: Context,
  actor: Actor,
  input: { ids: readonly number[] },
): Promise<{ changed: number }> {
  const members = await findAll(ctx, actor, input.ids);
  return { changed: await resume(ctx, actor, members) };
}

/** Ends the pauses whose time has come. Called by the engine's housekeeping. */
export async function endPauses(ctx: Context): Promise<void> {
  const due = { pausedUntil: { lte: BigInt(ctx.clock.now()) } };
  const members = await ctx.db.client.member.findMany({ where: due });
  if (members.length > 0) await resume(ctx, engineActor, members);
}

async function resume(ctx: Context, actor: Actor, members: readonly Member[]): Promise<number> {
  const at = ctx.clock.now();
  const changed = await ctx.db.transaction(async (tx) => {
    let count = 0;
    for (const member of members) if (await resumeOne(tx, actor, member, at)) count++;
    return count;
  }, "member.resume");
  if (changed > 0) announce();
  ctx.wake();
  return changed;
}

/** One that was given another end time meanwhile stays paused, or was resumed by somebody else. */
async function resumeOne(tx: Queryable, actor: Actor, member: Member, at: number): Promise<boolean> {
  const { id, hostname, pausedAt, pausedUntil } = member;
  if (pausedUntil === null) return false;
  const data = { pausedAt: null, pausedUntil: null, ...ASKED_SOON };
  const { count } = await tx.member.updateMany({ where: { id, pausedUntil }, data });
  if (count === 0) return false;
  await readyTarget(tx, member, { at, awayMs: at - Number(pausedAt ?? at) });
  await recordAudit(tx, actor, { at, action: "member.resume", subject: hostname });
  return true;
}

async function findAll(ctx: Context, actor: Actor, ids: readonly number[]): Promise<Member[]> {
  const members: Member[] = [];
  for (const id of new Set(ids)) members.push(await findMember(ctx, actor, id));
  return members;
}

function announce(): void {
  publish("cluster");
  publish("members");
}
