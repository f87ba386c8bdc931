import { z } from "zod";
import { revisionNumber } from "@/lib/zones/schemas";

/** What pages and actions of conflicts take in. */

export const conflictId = z.number().int().min(1).max(2_147_483_647);

export const conflictListQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  show: z.enum(["open", "settled"]).catch("open"),
});
export type ConflictListQuery = z.output<typeof conflictListQuery>;

export const restoreRequest = z.object({
  id: conflictId,
  /** The change of the zone that was looked at. */
  seq: revisionNumber,
});

/** Left out: all that are open. */
export const keepRequest = z.object({ id: conflictId.optional() });
