"use server";

import { action } from "@/lib/auth/action";
import { clearDebugLog } from "@/lib/members/debug-service";
import { memberIdSchema } from "@/lib/members/schemas";

export const clearTransactions = action(memberIdSchema, (input, { ctx, actor }) => clearDebugLog(ctx, actor, input));
