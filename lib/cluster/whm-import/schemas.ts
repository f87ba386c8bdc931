import { z } from "zod";
import { MAX_ARCHIVE } from "./config-files";

/** What the import page sends: an archive that was chosen, or a folder of this server that was named. */
const source = z.union([
  z.object({
    archive: z
      .custom<Uint8Array>((value) => value instanceof Uint8Array)
      .refine((bytes) => bytes.length > 0, "Choose an archive.")
      .refine(
        (bytes) => bytes.length <= MAX_ARCHIVE,
        "The archive is larger than 16 MiB. Pack the cluster configuration only.",
      ),
  }),
  z.object({
    directory: z
      .string()
      .trim()
      .min(1, "Enter a folder, such as /.")
      .max(1_000)
      .regex(/^[^\0]*$/),
  }),
]);

/** "Managing DNS cluster as": the entries of this account alone. */
const accountId = z.number().int().positive().optional();

export const importReviewSchema = z.object({ source, accountId });

export const importApplySchema = z.object({
  source,
  accountId,
  digest: z.string().max(100),
  members: z
    .array(z.object({ key: z.string().max(600), token: z.string().max(5_000), pin: z.string().max(100) }))
    .max(500),
  options: z.array(z.enum(["isEnabled", "failureThreshold", "notifyOnDisable"])).max(3),
  trustedIps: z.boolean(),
});
