import { z } from "zod";
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

export const newUser = z.object({
  username: usernameField,
  email: z.union([z.literal("").transform(() => null), z.email("This is not an e-mail address.")]).default(null),
  password: passwordChoice,
});

export const userPassword = z.object({ userId: z.number().int(), password: passwordChoice });

export const userSuspension = z.object({ userId: z.number().int(), isSuspended: z.boolean() });

export const userListQuery = z.object({
  q: z.string().max(100).catch("").default(""),
  page: z.coerce.number().int().min(1).catch(1).default(1),
});
