import { z } from "zod";
import type { Actor } from "@/lib/access/actor";
import { authorize } from "@/lib/access/authorize";
import { recordAudit } from "@/lib/audit/record";
import type { Context } from "@/lib/context";
import { randomAlphanumeric } from "@/lib/ids";
import { networkProblem } from "@/lib/net/address-set";
import { sha256 } from "@/lib/secrets";
import { entriesOf } from "@/lib/settings/fields";
import { readSettings, writeSettings } from "@/lib/settings/settings";

export const TOKEN_CHOICES = ["keep", "new", "none"] as const;

export const metricsInput = z.object({
  isEnabled: z.boolean(),
  /** Addresses and networks, one a line. */
  allowed: z
    .string()
    .max(20_000)
    .transform((text, issues) => {
      const entries = [...new Set(entriesOf(text))];
      for (const entry of entries) {
        const problem = networkProblem(entry);
        if (problem) issues.addIssue(problem);
      }
      return entries;
    }),
  token: z.enum(TOKEN_CHOICES),
});

/** What the settings page shows; never the token. */
export interface MetricsSettings {
  readonly isEnabled: boolean;
  readonly allowed: readonly string[];
  readonly hasToken: boolean;
}

/** @throws AppError "forbidden" for anyone but root. */
export async function getMetricsSettings(ctx: Context, actor: Actor): Promise<MetricsSettings> {
  authorize(actor, "settings.manage");
  const { isEnabled, allowed, tokenHash } = await readSettings(ctx.db.client, "metrics");
  return { isEnabled, allowed, hasToken: tokenHash !== "" };
}

/** As long as an API token: 190 bits. */
const TOKEN_LENGTH = 32;

/**
 * Sets who may read the metrics. A token is made here, given out once, and stored as a hash.
 * @returns the new token; null when none was made
 * @throws AppError "forbidden"
 */
export async function setMetrics(
  ctx: Context,
  actor: Actor,
  { isEnabled, allowed, token: choice }: z.output<typeof metricsInput>,
): Promise<string | null> {
  authorize(actor, "settings.manage");
  const token = choice === "new" ? randomAlphanumeric(TOKEN_LENGTH) : null;
  await ctx.db.transaction(async (tx) => {
    const detail = { isEnabled, allowed, token: choice };
    await recordAudit(tx, actor, { at: ctx.clock.now(), action: "settings.metrics", subject: "metrics", detail });
    const changed = choice === "keep" ? {} : { tokenHash: token === null ? "" : sha256(token) };
    await writeSettings(tx, "metrics", { isEnabled, allowed, ...changed });
  });
  return token;
}
