import { sql } from "@/lib/db/database";

/** Its content differed when it was compared last, and it was not deleted since. */
export const isContentOther = sql`"ZoneTarget"."contentState" = 'differs' AND "ZoneTarget"."ackDigest" <> ''`;

/**
 * Sets a pair's problem and since when it is observed, in an update of "ZoneTarget" from the rows `s` with the instant "at" of the look. Content that
 * differed stays the problem of a zone with which nothing else is wrong: only comparing it again tells.
 * @param found the problem that was found, or NULL
 */
export function problemColumns(found: ReturnType<typeof sql>): ReturnType<typeof sql> {
  const next = sql`COALESCE(${found}, CASE WHEN ${isContentOther} THEN 'content' END)`;
  return sql`"problem" = ${next},
    "problemSince" = CASE WHEN ${next} IS NULL THEN NULL WHEN ${next} = "ZoneTarget"."problem" THEN "ZoneTarget"."problemSince" ELSE s."at" END`;
}
