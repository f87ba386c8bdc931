import type { Actor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import type { Queryable } from "@/lib/db/database";
import { AppError } from "@/lib/errors";
import { publish } from "@/lib/live/bus";
import { raiseNotice } from "@/lib/notifications/raise";
import type { Member } from "@/prisma/generated/sqlite/client";
import { type ConnectionCheck, checkConnection } from "./check-connection";
import { memberProblem } from "./connection-problem";
import { connectionRequest } from "./connection-request";
import { episodeOf, NO_EPISODE } from "./episode";
import { memberName } from "./member-name";
import { findMember } from "./queries";
import { ASKED_SOON, readyTarget } from "./ready-target";
import { statusColumns } from "./record";
import type { MemberInput } from "./schemas";
import { waitingZones } from "./waiting";

/**
 * Enables a member that was disabled, if it answers now as a member should: the test is made here, whatever the page showed before. What waited is then
 * sent by the engine, new edits first.
 * @throws AppError "not-found"; "conflict" when it is not disabled, or (`details.problem`: MemberProblem) does not pass the test
 */
export async function enableMember(ctx: Context, actor: Actor, input: { id: number }): Promise<void> {
  const member = await findDisabled(ctx, actor, input.id);
  const check = await testStored(ctx, actor, member);
  if (!check.ok) {
    const { problem } = check;
    throw new AppError("conflict", `${problem.title} ${problem.advice}`, { details: { problem } });
  }
  await ctx.db.transaction(async (tx) => {
    const at = ctx.clock.now();
    const answeredAt = Math.max(at, Number(member.lastErrorAt ?? 0) + 1);
    const { count } = await tx.member.updateMany({
      where: { id: member.id, disabledAt: member.disabledAt },
      data: {
        ...NO_EPISODE,
        ...statusColumns(ctx, check.status),
        ...ASKED_SOON,
        address: check.address,
        lastAnswerAt: BigInt(answeredAt),
      },
    });
    if (count === 0) throw new AppError("conflict", `Something else was done with ${memberName(member)} meanwhile.`);
    const waiting = await waitingZones(tx, member.id);
    await readyTarget(tx, member, { at, awayMs: awayMs(member, at) });
    const detail = { how: "by hand", waiting, disabledAt: Number(member.disabledAt) };
    await recordAudit(tx, actor, { at, action: "member.enable", subject: member.hostname, detail });
    await tellBack(tx, ctx, member, { how: "by-hand", waiting });
  });
  publish("cluster");
  publish("members");
  publish("notices");
  ctx.wake();
}

/** @throws AppError "not-found"; "conflict" for one that is not disabled */
export async function findDisabled(ctx: Context, actor: Actor, id: number): Promise<Member> {
  const member = await findMember(ctx, actor, id);
  if (member.disabledAt === null) throw new AppError("conflict", `${memberName(member)} is not disabled.`);
  return member;
}

/** *Test connection* with what is stored. Goes to the member although it is held. */
export async function testStored(ctx: Context, actor: Actor, member: Member): Promise<ConnectionCheck> {
  const { id, backend, hostname, port, username, role, debug, pin } = member;
  const form = { backend, hostname, port, username, token: "", role, debug, pin } as MemberInput;
  const check = await checkConnection(ctx, await connectionRequest(ctx, actor, { ...form, id }));
  const isReplaced = check.ok && member.serverId !== null && check.status.serverId !== undefined;
  if (!isReplaced || check.status.serverId === member.serverId) return check;
  const title = `Another server answers at ${hostname} than the one that was added.`;
  return {
    ok: false,
    problem: {
      ...memberProblem("unexpected-answer", title),
      advice: "If it is a replacement, delete the member and add it again.",
    },
  };
}

/** How long nothing reached it: since the first failure of its episode. */
export function awayMs({ firstFailureAt, disabledAt }: Member, now: number): number {
  return now - Number(firstFailureAt ?? disabledAt ?? now);
}

/** Tells whoever was told that it was disabled. */
export async function tellBack(
  tx: Queryable,
  ctx: Context,
  member: Member,
  { how, waiting }: { how: "by-hand" | "by-itself"; waiting: number },
): Promise<void> {
  const { id, ownerId, episodeDisabledAt } = member;
  await raiseNotice(tx, ctx, {
    ...{ event: "member-back", episode: episodeOf(member), ownerId, memberId: id },
    facts: {
      member: memberName(member),
      disabledAt: Number(episodeDisabledAt),
      waitingZones: waiting,
      how,
    },
  });
}
