"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/auth/action";
import { openSession } from "@/lib/auth/session-cookie";
import { subscriptionInput } from "@/lib/notifications/schemas";
import { setSubscription } from "@/lib/notifications/subscription";
import { changePassword, changePasswordInput } from "@/lib/users/own-account";

/** Changes the password, ends every session and opens a fresh one here. */
export const changeOwnPassword = action(changePasswordInput, async (input, { ctx, actor }) => {
  const { epoch } = await changePassword(ctx, actor, input);
  await openSession(ctx, { userId: actor.userId, epoch });
  return true;
});

export const saveSubscription = action(subscriptionInput, async (input, { ctx, actor }) => {
  await setSubscription(ctx, actor, input);
  revalidatePath("/", "layout");
  return true;
});
