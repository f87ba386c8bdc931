import { z } from "zod";
import { networkProblem } from "@/lib/net/address-set";
import { isTokenAcl, type TokenAcl } from "./acls";

export const tokenName = z
  .string()
  .min(1, "Give the token a name.")
  .max(50, "A token's name has at most 50 characters.")
  .regex(/^[A-Za-z0-9_-]+$/, "A token's name has only letters, digits, - and _.");

const acl = z.string().refine((name): name is TokenAcl => isTokenAcl(name), "There is no such privilege.");
const network = z
  .string()
  .max(60)
  .superRefine((text, issues) => {
    const problem = networkProblem(text);
    if (problem) issues.addIssue({ code: "custom", message: problem });
  });

export const newToken = z.object({
  name: tokenName,
  /** WHM's ACL names; left out: everything that the caller has. */
  acls: z.array(acl).max(50).optional(),
  /** Epoch milliseconds; null: it does not expire. */
  expiresAt: z.number().int().min(0).nullable().default(null),
  /** Addresses and CIDRs from which the token works; none: from everywhere. */
  allowedIps: z.array(network).max(100).default([]),
  /** Whose token it is; the caller's own when left out. */
  userId: z.number().int().optional(),
});
export type NewToken = z.input<typeof newToken>;
