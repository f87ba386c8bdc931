"use server";

import { action } from "@/lib/auth/action";
import { previewCatchUp } from "@/lib/engine/preview-catch-up";
import { enableMember } from "@/lib/members/enable-member";
import { memberIdSchema } from "@/lib/members/schemas";

export const previewEnabling = action(memberIdSchema, (input, { ctx, actor }) => previewCatchUp(ctx, actor, input));

export const enableDisabled = action(memberIdSchema, (input, { ctx, actor }) => enableMember(ctx, actor, input));
