import { z } from "zod";
import type { UserActor } from "@/lib/access/actor";
import { recordAudit } from "@/lib/audit/record";
import { beginAttempt } from "@/lib/auth/sign-in";
import type { Context } from "@/lib/context";
import { AppError } from "@/lib/errors";
import { hashPassword, newPassword, verifyPassword } from "./password";

export const changePasswordInput = z
  .object({ current: z.string().max(1_024), next: newPassword, again: z.string() })
  .refine(({ next, again }) => next === again, { path: ["again"], message: "The two new passwords differ." });

/** Ends every session of the actor, this one included. */
export async function signOutEverywhere(ctx: Context, actor: UserActor): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { username } = await tx.user.update({
      where: { id: actor.userId },
      data: { sessionEpoch: { increment: 1 } },
    });
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "session.end-all", subject: username });
  });
}

/**
 * Gives the actor a new password and ends every session.
 * @returns the new session epoch, for a fresh session where the change was made.
 * @throws AppError "invalid-input" on field `current` when that is not the password in force.
 */
export async function changePassword(
  ctx: Context,
  actor: UserActor,
  input: z.output<typeof changePasswordInput>,
): Promise<{ epoch: number }> {
  const user = await ctx.db.client.user.findUniqueOrThrow({ where: { id: actor.userId } });
  // The same limit as in front of the sign-in: a stolen session must not be a place to guess the password.
  const attempt = await beginAttempt(ctx, user.username, actor.address ?? "");
  if (!(await verifyPassword(user.passwordHash, input.current)))
    throw new AppError("invalid-input", "The current password is not right.", {
      fields: { current: "This is not your current password." },
    });
  const passwordHash = await hashPassword(input.next);
  return ctx.db.transaction(async (tx) => {
    const changed = await tx.user.update({
      where: { id: user.id },
      data: { passwordHash, sessionEpoch: { increment: 1 } },
    });
    await tx.signInFailure.deleteMany({ where: { id: { in: attempt.ids } } });
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "password.change", subject: user.username });
    return { epoch: changed.sessionEpoch };
  });
}
