import { z } from "zod";

export const clusterStatusSchema = z.object({
  status: z.enum(["enabled", "disabled"], { error: "Choose one of the two." }),
});

const tick = z.union([z.boolean(), z.literal("on").transform(() => true)]).default(false);

/** WHM's three choices for the failure threshold: 10, a number of one's own, never. */
export const clusterOptionsSchema = z
  .object({
    threshold: z.enum(["default", "custom", "never"], { error: "Choose one of the three." }),
    customThreshold: z.string().trim().max(10).default(""),
    notify: tick,
    autoEnable: tick,
  })
  .transform((input, context) => {
    const rest = { notifyOnDisable: input.notify, autoEnable: input.autoEnable };
    if (input.threshold === "default") return { failureThreshold: DEFAULT_FAILURE_THRESHOLD, ...rest };
    if (input.threshold === "never") return { failureThreshold: 0, ...rest };
    const failureThreshold = /^\d+$/.test(input.customThreshold) ? Number(input.customThreshold) : 0;
    if (failureThreshold >= 1 && failureThreshold <= 100_000) return { failureThreshold, ...rest };
    context.issues.push({
      code: "custom",
      message: "Enter a whole number from 1 to 100000, or choose to keep all members online.",
      path: ["customThreshold"],
      input: input.customThreshold,
    });
    return z.NEVER;
  });

export const DEFAULT_FAILURE_THRESHOLD = 10;
