"use server";

import { action } from "@/lib/auth/action";
import { applyImport, reviewImport } from "@/lib/cluster/whm-import/import";
import { importApplySchema, importReviewSchema } from "@/lib/cluster/whm-import/schemas";

export const reviewConfiguration = action(importReviewSchema, ({ source, accountId }, { ctx, actor }) =>
  reviewImport(ctx, actor, source, accountId),
);

export const importConfiguration = action(importApplySchema, (input, { ctx, actor }) => applyImport(ctx, actor, input));
