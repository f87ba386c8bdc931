"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { saveTemplate as schema } from "@/lib/zones/schemas";
import { deleteTemplate, saveTemplate } from "@/lib/zones/templates";

export const saveZoneTemplate = action(schema, (input, { ctx, actor }) => saveTemplate(ctx, actor, input));

export const deleteZoneTemplate = action(z.object({ id: z.number().int().min(1) }), async (input, { ctx, actor }) => {
  await deleteTemplate(ctx, actor, input);
  return { deleted: input.id };
});
