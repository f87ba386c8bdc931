"use server";

import { revalidatePath } from "next/cache";
import { z } from "zod";
import { action } from "@/lib/auth/action";
import { forgetRefused, setTrustedIps, trustedIpsInput, trustRefused } from "@/lib/trusted-ips/service";

const caller = z.object({ id: z.number().int().positive() });

export const saveTrustedIps = action(trustedIpsInput, async (input, { ctx, actor }) => {
  await setTrustedIps(ctx, actor, input);
  revalidatePath("/trusted-ips");
  return true;
});

export const trustCaller = action(caller, async (input, { ctx, actor }) => {
  const trusted = await trustRefused(ctx, actor, input);
  revalidatePath("/trusted-ips");
  return trusted;
});

export const forgetCaller = action(caller, async (input, { ctx, actor }) => {
  await forgetRefused(ctx, actor, input);
  revalidatePath("/trusted-ips");
  return true;
});
