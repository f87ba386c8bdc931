"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import { entriesOf } from "@/lib/settings/fields";
import { newToken, tokenName } from "@/lib/tokens/schemas";
import { createToken, revokeTokens, updateToken } from "@/lib/tokens/service";

const DAY = 86_400_000;

/** Days from now. */
const life = z
  .string()
  .regex(/^\d{1,5}$/, "Choose when it expires.")
  .transform(Number)
  .pipe(z.number().min(1).max(36_500));

const fields = z.object({
  name: newToken.shape.name,
  acls: newToken.shape.acls.refine((acls) => (acls?.length ?? 0) > 0, "Choose at least one privilege."),
  expires: z.union([z.literal("never"), life]),
  allowedIps: z.string().max(10_000).transform(entriesOf).pipe(newToken.shape.allowedIps.unwrap()),
});

/** An instant that the token ends at already may be kept. */
const edited = fields.extend({
  expires: z.union([z.literal("keep"), fields.shape.expires]),
  expiresAt: z.number().int().nullable(),
});

const instantOf = (expires: number | "never", now: number) => (expires === "never" ? null : now + expires * DAY);

/** Makes a token of the signed-in user; the answer is the only place where it ever appears. */
export const addToken = action(fields, async ({ expires, ...input }, { ctx, actor }) => {
  const { token } = await createToken(ctx, actor, { ...input, expiresAt: instantOf(expires, ctx.clock.now()) });
  revalidatePath("/tokens");
  return { name: input.name, token };
});

export const changeToken = action(edited, async ({ expires, expiresAt, ...input }, { ctx, actor }) => {
  const instant = expires === "keep" ? expiresAt : instantOf(expires, ctx.clock.now());
  await updateToken(ctx, actor, { ...input, expiresAt: instant });
  revalidatePath("/tokens");
  return { name: input.name };
});

export const endToken = action(z.object({ name: tokenName }), async ({ name }, { ctx, actor }) => {
  await revokeTokens(ctx, actor, { names: [name] });
  revalidatePath("/tokens");
  return { name };
});
