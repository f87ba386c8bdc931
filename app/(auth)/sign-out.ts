"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { closeSession } from "@/lib/auth/session-cookie";
import { signOutEverywhere } from "@/lib/users/own-account";

/** Ends this session, or with `everywhere` every session of the user. */
export const signOut = action(z.object({ everywhere: z.boolean() }), async ({ everywhere }, { ctx, actor }) => {
  if (everywhere) await signOutEverywhere(ctx, actor);
  await closeSession(ctx);
});
