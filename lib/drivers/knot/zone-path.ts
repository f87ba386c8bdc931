import { createHash } from "node:crypto";

/** What our default template's `%s.zone` gives the same file name for: no escapes, no slash, and far from the limit of 255 octets. */
const ORDINARY = /^[a-z0-9_][a-z0-9_.-]{0,199}\.$/;

/** Folder of the zones whose names are not fit for file names. */
export const HASHED_FOLDER = "hashed";

/** Where a zone's file lies. */
export interface ZonePath {
  /** Relative to the zone directory. */
  readonly file: string;
  /** Whether the template's file name fits, so that the zone needs no setting of its own. */
  readonly isTemplate: boolean;
}

/**
 * The file of a zone, for every legal name: readable for ordinary ones, a hash for names with escapes, slashes, wildcards or 200 octets and more.
 * @param zone canonical name
 */
export function zonePath(zone: string): ZonePath {
  if (ORDINARY.test(zone)) return { file: `${zone}zone`, isTemplate: true };
  return { file: `${HASHED_FOLDER}/${createHash("sha256").update(zone).digest("hex")}.zone`, isTemplate: false };
}
