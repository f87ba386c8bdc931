"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { AppError } from "@/lib/errors";
import { accountNamed } from "@/lib/users/accounts";
import { moveZones } from "@/lib/zones/move-zones";
import { reason, zoneName } from "@/lib/zones/schemas";
import { deleteZone } from "@/lib/zones/service";

/** Zones of a selection that could not be deleted, and why; the others rest in the recycle bin. */
export const deleteZones = action(
  z.object({ names: z.array(zoneName).min(1).max(1_000), reason }),
  async ({ names, reason }, { ctx, actor }) => {
    const refused: { name: string; message: string }[] = [];
    for (const name of names) {
      try {
        await deleteZone(ctx, actor, { name, reason });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        refused.push({ name, message: error.message });
      }
    }
    return { deleted: names.length - refused.length, refused };
  },
);

/** Gives zones of a selection to another account. */
export const giveZones = action(
  z.object({ names: z.array(zoneName).min(1).max(1_000), account: z.string().max(100) }),
  async ({ names, account }, { ctx, actor }) =>
    moveZones(ctx, actor, { names, ownerId: await accountNamed(ctx, actor, account) }),
);
