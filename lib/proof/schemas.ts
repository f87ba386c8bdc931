import { z } from "zod";
import { CAUSES, type Cause } from "./reason";

const causes = CAUSES.map(({ cause }) => cause) as [Cause, ...Cause[]];

/** What the list of differences takes from an address. Anything unreadable falls back to its default. */
export const problemListQuery = z.object({
  q: z.string().max(300).catch("").default(""),
  cause: z.enum(causes).nullable().catch(null).default(null),
  /** A target's number: of root's nameservers a reseller knows no other. */
  at: z.coerce.number().int().min(1).max(2_147_483_647).nullable().catch(null).default(null),
  page: z.coerce.number().int().min(1).max(100_000).catch(1).default(1),
});
export type ProblemListQuery = z.infer<typeof problemListQuery>;

export const propagationWindow = z.enum(["hour", "day", "week"]).catch("day").default("day");
export type PropagationWindow = z.infer<typeof propagationWindow>;
