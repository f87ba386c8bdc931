"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { zoneName } from "@/lib/zones/schemas";
import { purgeZone, restoreZone } from "@/lib/zones/service";

const zone = z.object({ name: zoneName });

/** Takes a zone out of the recycle bin. */
export const restoreDeleted = action(zone, (input, { ctx, actor }) => restoreZone(ctx, actor, input));

/** Deletes a zone in the recycle bin for good. */
export const purgeDeleted = action(zone, async (input, { ctx, actor }) => {
  await purgeZone(ctx, actor, input);
  return { purged: input.name };
});
