"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { accountNamed } from "@/lib/users/accounts";
import { deleteZones as putAway } from "@/lib/zones/delete-zones";
import { moveZones } from "@/lib/zones/move-zones";
import { reason, zoneName } from "@/lib/zones/schemas";

/** Zones of a selection that could not be deleted, and why; the others rest in the recycle bin. */
export const deleteZones = action(
  z.object({ names: z.array(zoneName).min(1).max(1_000), reason }),
  (input, { ctx, actor }) => putAway(ctx, actor, input),
);

/** Gives zones of a selection to another account. */
export const giveZones = action(
  z.object({ names: z.array(zoneName).min(1).max(1_000), account: z.string().max(100) }),
  async ({ names, account }, { ctx, actor }) =>
    moveZones(ctx, actor, { names, ownerId: await accountNamed(ctx, actor, account) }),
);
