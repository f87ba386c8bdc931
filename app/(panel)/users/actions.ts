"use server";

import { revalidatePath } from "next/cache";
import { action } from "@/lib/auth/action";
import { newUser, userPassword, userSuspension } from "@/lib/users/schemas";
import { createUser, resetPassword, setSuspended } from "@/lib/users/service";

/** Makes a reseller. */
export const addUser = action(newUser, async (input, { ctx, actor }) => {
  const made = await createUser(ctx, actor, input);
  revalidatePath("/users");
  return made;
});

export const suspendUser = action(userSuspension, async (input, { ctx, actor }) => {
  await setSuspended(ctx, actor, input);
  revalidatePath("/users");
  return input;
});

export const resetUserPassword = action(userPassword, (input, { ctx, actor }) => resetPassword(ctx, actor, input));
