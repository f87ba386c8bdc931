"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import { accountNamed, accountNames } from "@/lib/users/accounts";
import { deleteUser, userBelongings } from "@/lib/users/delete-user";
import { editReseller } from "@/lib/users/edit-reseller";
import { newUser, resellerEdit, userId, userPassword, userSuspension } from "@/lib/users/schemas";
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

export const editUser = action(resellerEdit, async (input, { ctx, actor }) => {
  await editReseller(ctx, actor, input);
  revalidatePath("/users");
  return input;
});

/** What would go with an account, and who could get its zones. */
export const askDeletion = action(userId, async (input, { ctx, actor }) => ({
  belongings: await userBelongings(ctx, actor, input),
  accounts: await accountNames(ctx, actor),
}));

const deletion = userId.extend({ zonesTo: z.enum(["recycle-bin", "account"]), account: z.string().max(100) });

export const removeUser = action(deletion, async ({ userId, zonesTo, account }, { ctx, actor }) => {
  const to = zonesTo === "account" ? await accountNamed(ctx, actor, account) : zonesTo;
  await deleteUser(ctx, actor, { userId, zonesTo: to });
  revalidatePath("/users");
  return { userId };
});
