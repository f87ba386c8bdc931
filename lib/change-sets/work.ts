import { z } from "zod";
import { REPLACEABLE_TYPES } from "@/lib/dns/replace-value";

/** What a replacement does, and how far its plan has come. */
const replacement = z.object({
  type: z.enum(REPLACEABLE_TYPES),
  from: z.string(),
  to: z.string(),
  ttl: z.number().nullable(),
  /** Only zones with this in their name; "": all. */
  within: z.string(),
  reason: z.string(),
  /** Zones up to this id were looked at. */
  seenZoneId: z.number(),
});
export type ReplaceWork = z.infer<typeof replacement>;

const work = z.object({
  replace: replacement.optional(),
  /** Of an undo of one zone: the change of it that was looked at. Another one since is left alone. */
  expectedSeq: z.number().optional(),
});

/** What a change set that is carried out in slices has to do. */
export type Work = z.infer<typeof work>;

/** @param text as stored */
export function readWork(text: string): Work {
  return work.parse(JSON.parse(text));
}
