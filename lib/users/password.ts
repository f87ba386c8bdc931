import { hash, verify } from "@node-rs/argon2";
import { z } from "zod";

/** OWASP's first recommendation for argon2id (2025): 19 MiB, two passes. About 25 ms on one core, off the main thread. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** What is asked of a new password. Length is what counts (NIST SP 800-63B §3.1.1.2); the upper bound keeps hashing cheap. */
export const newPassword = z
  .string()
  .min(8, "A password has at least 8 characters.")
  .max(256, "A password has at most 256 characters.");

/** @returns an argon2id PHC string (the library's default variant). */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Whether `password` is the one of `passwordHash`. */
export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password);
}

let decoy: Promise<string> | undefined;

/** Takes as long as `verifyPassword` and is always false: an unknown user must not be told apart by time. */
export async function verifyNobody(password: string): Promise<false> {
  decoy ??= hashPassword("no password is ever this one");
  await verifyPassword(await decoy, password);
  return false;
}
