"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import { entriesOf } from "@/lib/settings/fields";
import { newToken, tokenName } from "@/lib/tokens/schemas";
import { createToken, revokeToken } from "@/lib/tokens/service";

const DAY = 86_400_000;

const tokenForm = z.object({
  name: newToken.shape.name,
  acls: newToken.shape.acls.refine((acls) => (acls?.length ?? 0) > 0, "Choose at least one privilege."),
  /** From now; null: it does not expire. */
  lifeDays: z.number().int().min(1).max(36_500).nullable(),
  allowedIps: z.string().max(10_000).transform(entriesOf).pipe(newToken.shape.allowedIps.unwrap()),
});

/** Makes a token of the signed-in user; the answer is the only place where it ever appears. */
export const addToken = action(tokenForm, async ({ lifeDays, ...input }, { ctx, actor }) => {
  const expiresAt = lifeDays === null ? null : ctx.clock.now() + lifeDays * DAY;
  const { token } = await createToken(ctx, actor, { ...input, expiresAt });
  revalidatePath("/tokens");
  return { name: input.name, token };
});

export const endToken = action(z.object({ name: tokenName }), async (input, { ctx, actor }) => {
  await revokeToken(ctx, actor, input);
  revalidatePath("/tokens");
  return input;
});
