"use server";

import { z } from "zod";
import { action } from "@/lib/auth/action";
import { keepOneWriter } from "@/lib/zones/keep-one-writer";
import { previewChanges } from "@/lib/zones/queries-preview";
import { reason, zoneChanges, zoneName } from "@/lib/zones/schemas";
import { deleteZone, editZone, restoreRevision } from "@/lib/zones/service";

const edit = z.object({ name: zoneName, changes: zoneChanges, baseSeq: z.number().int().min(0) });
const seq = z.number().int().min(1);

/** What saving these edits would do. */
export const previewEdits = action(edit, (input, { ctx, actor }) => previewChanges(ctx, actor, input));

/** Saves edits as one change. */
export const saveEdits = action(edit.extend({ reason }), (input, { ctx, actor }) => editZone(ctx, actor, input));

export const removeZone = action(z.object({ name: zoneName, reason }), (input, { ctx, actor }) =>
  deleteZone(ctx, actor, input),
);

/** Makes an older revision the newest again. */
export const restoreOld = action(
  z.object({ name: zoneName, seq, reason }),
  ({ reason: why, ...input }, { ctx, actor }) => restoreRevision(ctx, actor, { ...input, reason: why || undefined }),
);

/** Says that one server writes the zone now. */
export const markOneWriter = action(z.object({ name: zoneName }), async (input, { ctx, actor }) => {
  await keepOneWriter(ctx, actor, input);
  return {};
});
