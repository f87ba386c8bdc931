import { z } from "zod";
import { DEFAULT_RESELLER_ACLS, RESELLER_ACLS, type TokenAcl } from "@/lib/tokens/acls";
import { newPassword } from "./password";

/** Names that history shows for the server itself. */
const RESERVED = new Set(["root", "system", "engine", "setup"]);

export const usernameField = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z][a-z0-9_-]{1,31}$/,
    "A username has 2 to 32 letters, digits, hyphens and underscores, and starts with a letter.",
  )
  .refine((name) => !RESERVED.has(name), "This name is the server's own. Choose another.");

/** Left out: the server makes one and shows it once. */
const passwordChoice = z.union([z.literal("").transform(() => undefined), newPassword]).optional();

const privilege = z.enum(RESELLER_ACLS.map((acl) => acl.name) as [TokenAcl, ...TokenAcl[]]);
const privileges = z.array(privilege).transform((names) => [...new Set(names)]);
const limit = z.number().int("Enter a whole number.").min(0, "A limit is at least 0.").max(10_000_000).nullable();

export const newUser = z.object({
  username: usernameField,
  email: z.union([z.literal("").transform(() => null), z.email("This is not an e-mail address.")]).default(null),
  password: passwordChoice,
  /** WHM's ACL names. */
  privileges: privileges.default([...DEFAULT_RESELLER_ACLS]),
  /** Zones and members at most; null: no limit. */
  zoneLimit: limit.default(null),
  memberLimit: limit.default(null),
});

/** What root changes about a reseller. */
export const resellerEdit = z.object({
  userId: z.number().int(),
  privileges,
  zoneLimit: limit,
  memberLimit: limit,
});

export const userDeletion = z.object({
  userId: z.number().int(),
  /** Who gets the zones. */
  zonesTo: z.union([z.literal("recycle-bin"), z.number().int()]),
});

export const userId = z.object({ userId: z.number().int() });

export const userPassword = z.object({ userId: z.number().int(), password: passwordChoice });

export const userSuspension = z.object({ userId: z.number().int(), isSuspended: z.boolean() });

export const userListQuery = z.object({
  q: z.string().max(100).catch("").default(""),
  page: z.coerce.number().int().min(1).catch(1).default(1),
});
