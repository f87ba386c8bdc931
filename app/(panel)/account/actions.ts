"use server";

import { action } from "@/lib/auth/action";
import { openSession } from "@/lib/auth/session-cookie";
import { changePassword, changePasswordInput } from "@/lib/users/own-account";

/** Changes the password, ends every session and opens a fresh one here. */
export const changeOwnPassword = action(changePasswordInput, async (input, { ctx, actor }) => {
  const { epoch } = await changePassword(ctx, actor, input);
  await openSession(ctx, { userId: actor.userId, epoch });
  return true;
});
