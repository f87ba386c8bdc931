import { z } from "zod";

const id = z.number().int().min(1).max(2_147_483_647);

/** Orphans that are dealt with in one go: each copy is read again for the plan. */
const MOST = 500;
const ids = z.array(id).min(1, "Choose at least one zone.").max(MOST, `Choose at most ${MOST} zones at a time.`);

export const removeOrphansInput = z.object({ ids });

export const adoptOrphansInput = z.object({
  ids,
  /** Whose they become, by username; empty: whoever has the member. Root chooses. */
  account: z.string().trim().max(100).default(""),
});

export const keepOrphansInput = z.object({
  ids,
  reason: z.string().trim().min(3, "Say in a few words why it stays.").max(300),
});

export const listAgainInput = z.object({ ids });

const number = (least: number, most: number, of: string) => {
  const message = `Enter a whole number of ${of}, from ${least} to ${most}.`;
  return z
    .string()
    .trim()
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
};

export const guardsInput = z.object({
  mostRemovals: number(0, 100_000, "zones"),
  orphanGraceHours: number(0, 8_760, "hours"),
});

export const orphanQuery = z.object({
  q: z.string().max(253).catch("").default(""),
  /** "due": those that may be a problem; "new": in their grace period; "own": most likely a member's own; "kept": somebody decided that they stay. */
  show: z.enum(["due", "new", "own", "kept"]).catch("due").default("due"),
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1).default(1),
});
export type OrphanQuery = z.output<typeof orphanQuery>;
