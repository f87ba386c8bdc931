"use server";

import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import type { ActionResult } from "@/lib/auth/action-result";
import { clientAddress } from "@/lib/auth/client-address";
import { safePath } from "@/lib/auth/safe-path";
import { openSession } from "@/lib/auth/session-cookie";
import { settle } from "@/lib/auth/settle";
import { signIn } from "@/lib/auth/sign-in";
import { runtime } from "@/lib/runtime";

const schema = z.object({
  username: z.string().trim().min(1, "Enter your username.").max(64),
  password: z.string().min(1, "Enter your password.").max(1_024),
});

/** What the form shows again after a refusal; the password is not sent back. */
export interface SignInState {
  readonly username: string;
  readonly result: ActionResult<never> | null;
}

/** Opens a session and leads to where the visitor wanted to go. A plain form post: works without JavaScript. */
export async function signInWithPassword(_before: SignInState, form: FormData): Promise<SignInState> {
  const username = String(form.get("username") ?? "");
  const result = await settle(async () => {
    const ctx = runtime();
    const input = schema.parse({ username, password: form.get("password") ?? "" });
    await openSession(ctx, await signIn(ctx, { ...input, address: clientAddress(await headers()) }));
    redirect(safePath(String(form.get("to") ?? "")));
  });
  return { username, result };
}
