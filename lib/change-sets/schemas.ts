import { z } from "zod";
import { DnsSyntaxError } from "@/lib/dns/errors";
import { canonicalValue, REPLACEABLE_TYPES } from "@/lib/dns/replace-value";
import { parseTtl } from "@/lib/dns/ttl";
import { reason, revisionNumber, zoneName } from "@/lib/zones/schemas";

/** What pages and actions of change sets take in. */

export const changeSetId = z.number().int().min(1).max(2_147_483_647);
export const changeSetIdSchema = z.object({ id: changeSetId });

export const changeListQuery = z.object({ page: z.coerce.number().int().min(1).max(1_000_000).catch(1) });

export const changeZonesQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  show: z.enum(["all", "open", "later", "undone"]).catch("all"),
});
export type ChangeZonesQuery = z.output<typeof changeZonesQuery>;

export const itemsQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).catch(1),
  show: z.enum(["all", "left-out", "failed"]).catch("all"),
});
export type ItemsQuery = z.output<typeof itemsQuery>;

export const undoZoneRequest = z.object({
  id: changeSetId,
  name: zoneName,
  mode: z.enum(["plain", "merge", "restore"]),
  /** The change of the zone that was looked at. */
  seq: revisionNumber,
});
export type UndoZoneRequest = z.output<typeof undoZoneRequest>;

const value = z.string().trim().min(1, "Enter the value.").max(5_000);

export const replaceRequest = z
  .object({
    type: z.enum(REPLACEABLE_TYPES),
    from: value,
    to: value,
    /** Seconds, or with units: 1h; "": every name and type keeps its own. */
    ttl: z.string().trim().max(30).default(""),
    within: z.string().trim().toLowerCase().max(255).default(""),
    reason,
  })
  .transform(({ type, from, to, ttl, ...rest }, issues) => {
    const read = <T>(field: string, parse: () => T, otherwise: T): T => {
      try {
        return parse();
      } catch (error) {
        if (!(error instanceof DnsSyntaxError)) throw error;
        issues.addIssue({ code: "custom", path: [field], message: error.message });
        return otherwise;
      }
    };
    const wanted = {
      ...{ ...rest, type, ttl: ttl === "" ? null : read("ttl", () => parseTtl(ttl), 0) },
      from: read("from", () => canonicalValue(type, from), ""),
      to: read("to", () => canonicalValue(type, to), ""),
    };
    if (wanted.from !== "" && wanted.from === wanted.to && wanted.ttl === null)
      issues.addIssue({
        code: "custom",
        path: ["to"],
        message: "This is the same value. Enter another one, or a TTL.",
      });
    return wanted;
  });
export type ReplaceRequest = z.output<typeof replaceRequest>;

export const tickRequest = z.object({
  id: changeSetId,
  /** Zones of the plan; left out: all of it. */
  names: z.array(zoneName).max(1_000).optional(),
  isTicked: z.boolean(),
});
export type TickRequest = z.output<typeof tickRequest>;
