import { z } from "zod";
import { typedName } from "@/lib/zones/schemas";

/** WHM's four choices of Synchronize DNS Records, in the order of its page. */
export const SYNC_CHOICES = ["one-here", "all-here", "one-everywhere", "all-everywhere"] as const;
export type SyncChoice = (typeof SYNC_CHOICES)[number];

/**
 * What a job may be about beside those. repair: everything that differs, also where only the nameserver does; the others are about copies that somebody chose
 * (lib/orphans), or that came by themselves and wait for a yes.
 */
export type JobChoice = SyncChoice | "repair" | "remove-orphans" | "adopt-orphans" | "held-copies";

export const isOneZone = (choice: SyncChoice) => choice === "one-here" || choice === "one-everywhere";
export const isEverywhere = (choice: JobChoice) =>
  choice === "one-everywhere" || choice === "all-everywhere" || choice === "repair";

export const planRequest = z
  .object({
    choice: z.enum(SYNC_CHOICES),
    /** The one zone, for the two choices of one zone. */
    zone: z.string().trim().max(1_000).default(""),
    /** Only with this member; left out: with all. */
    memberId: z.number().int().min(1).max(2_147_483_647).nullable().default(null),
    /** "Managing DNS cluster as": the account whose zones and cluster it is about; null: a reseller's own, and for root the whole server. */
    accountId: z.number().int().min(1).max(2_147_483_647).nullable().default(null),
    /** "Synchronize zones that are not configured on this server", for the two choices of all zones. */
    addMissing: z.boolean().default(false),
  })
  .transform(({ zone, ...rest }, issues) => {
    if (!isOneZone(rest.choice)) return { ...rest, zone: null };
    const name = typedName.safeParse(zone);
    // A zone that is called by its name is wanted here, whether it is here already or not.
    if (zone !== "" && name.success) return { ...rest, addMissing: true, zone: name.data };
    const message = zone === "" ? "Say which zone." : (name.error?.issues[0]?.message ?? "This is not a zone’s name.");
    issues.addIssue({ code: "custom", path: ["zone"], message });
    return z.NEVER;
  });
export type PlanRequest = z.output<typeof planRequest>;

/** Where a repair looks, in place of a member's number: the nameserver of this server. */
export const LOCAL = 0;
export const LOCAL_NAME = "This server’s nameserver";

export const repairRequest = z.object({
  /** Only this zone; left out: all. */
  zone: typedName.optional(),
  /** Only there; left out: everywhere. */
  memberId: z.number().int().min(LOCAL).max(2_147_483_647).optional(),
});
export type RepairRequest = z.output<typeof repairRequest>;

export const approveRequest = z.object({
  id: z.number().int().min(1).max(2_147_483_647),
  /** Of the plan that was looked at. */
  planHash: z.string().length(64),
});
export type ApproveRequest = z.output<typeof approveRequest>;

export const jobId = z.number().int().min(1).max(2_147_483_647);
export const jobIdSchema = z.object({ id: jobId });

export const applyRequest = z.object({
  id: jobId,
  /** Of the plan that was looked at. */
  planHash: z.string().length(64),
  /** What becomes of the marked steps: they are confirmed, or left out. Has to be said when there are any. */
  marked: z.enum(["confirm", "leave-out"]).optional(),
});
export type ApplyRequest = z.output<typeof applyRequest>;

/** What the page's address fills its form with. */
export const planPreset = z.object({
  zone: z.string().max(1_000).catch(""),
  member: z.coerce.number().int().min(1).nullable().catch(null),
  as: z.string().optional().catch(undefined),
});

export const itemQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  show: z.enum(["all", "marked", "trouble"]).catch("all"),
});
export type ItemQuery = z.output<typeof itemQuery>;
